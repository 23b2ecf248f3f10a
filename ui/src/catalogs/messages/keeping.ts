// The arguments of the window's messages by key; null where one has none. The test of the catalogs writes this.

export interface Messages {
  'keeping.erase': null;
  'keeping.erase_confirm': null;
  'keeping.erase_says': null;
  'keeping.erase_title': { name: string | number };
  'keeping.erased': { count: number; name: string | number };
  'keeping.label': null;
  'keeping.months': { count: number };
  'keeping.never': null;
  'keeping.says': null;
}
