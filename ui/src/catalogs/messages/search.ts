// The arguments of the window's messages by key; null where one has none. The test of the catalogs writes this.

export interface Messages {
  'search.clear': null;
  'search.label': null;
  'search.placeholder': null;
}
