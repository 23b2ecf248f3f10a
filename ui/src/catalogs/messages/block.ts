// The arguments of the window's messages by key; null where one has none. The test of the catalogs writes this.

export interface Messages {
  'block.cancel': null;
  'block.confirm': null;
  'block.lead': null;
  'block.lead_some': null;
  'block.locked_out': { count: number; names: string | number };
  'block.none': null;
  'block.none_some': null;
  'block.only': null;
  'block.only_some': null;
  'block.sessions': { count: number };
  'block.shared': { count: number };
  'block.shared_some': { count: number };
  'block.title': { what: string | number };
}
