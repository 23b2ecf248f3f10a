// The arguments of the window's messages by key; null where one has none. The test of the catalogs writes this.

export interface Messages {
  'erase.cancel': null;
  'erase.confirm': null;
  'erase.lead': null;
  'erase.offer': null;
  'erase.title': { name: string | number };
  'erase.unknown': null;
  'erase.unsent': { count: number };
}
