// The arguments of the window's messages by key; null where one has none. The test of the catalogs writes this.

export interface Messages {
  'place.link_local': null;
  'place.loopback': null;
  'place.private': null;
  'place.reserved': null;
}
