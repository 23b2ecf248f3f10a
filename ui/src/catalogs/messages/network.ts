// The arguments of the window's messages by key; null where one has none. The test of the catalogs writes this.

export interface Messages {
  'network.nowhere': null;
  'network.public': null;
}
