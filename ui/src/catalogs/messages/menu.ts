// The arguments of the window's messages by key; null where one has none. The test of the catalogs writes this.

export interface Messages {
  'menu.connect': null;
  'menu.demo': null;
  'menu.label': null;
  'menu.lock': null;
  'menu.not_opened': { name: string | number; shown: string | number };
  'menu.quit': { unsent: number };
  'menu.unviewed': { count: number };
}
