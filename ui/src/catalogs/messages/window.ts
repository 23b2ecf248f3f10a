// The arguments of the window's messages by key; null where one has none. The test of the catalogs writes this.

export interface Messages {
  'window.again': null;
  'window.no_start': null;
  'window.starting': null;
  'window.try_again': null;
}
