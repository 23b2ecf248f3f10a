// The arguments of the window's messages by key; null where one has none. The test of the catalogs writes this.

export interface Messages {
  'unreadable.column.kind': null;
  'unreadable.column.reason': null;
  'unreadable.column.reference': null;
  'unreadable.column.seen': null;
  'unreadable.empty': null;
  'unreadable.kind.access_control': null;
  'unreadable.kind.contact': null;
  'unreadable.kind.deleted': null;
  'unreadable.kind.device': null;
  'unreadable.kind.restriction': null;
  'unreadable.kind.session': null;
  'unreadable.list': null;
}
