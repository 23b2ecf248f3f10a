// The arguments of the window's messages by key; null where one has none. The test of the catalogs writes this.

export interface Messages {
  'marks.all': null;
  'marks.bar': null;
  'marks.clear': null;
  'marks.one': { what: string | number };
  'marks.some': { count: number };
}
