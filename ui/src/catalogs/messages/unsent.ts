// The arguments of the window's messages by key; null where one has none. The test of the catalogs writes this.

export interface Messages {
  'unsent.conflict': { count: number };
  'unsent.overdue': { count: number };
  'unsent.queued': { count: number };
  'unsent.queued_short': { count: number };
  'unsent.rejected': { count: number };
  'unsent.show': null;
  'unsent.unreadable': { count: number };
}
