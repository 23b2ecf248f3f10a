// The arguments of the window's messages by key; null where one has none. The test of the catalogs writes this.

export interface Messages {
  'standing.conflict': null;
  'standing.pending': null;
  'standing.pending_offline': null;
  'standing.rejected': null;
  'standing.short': null;
  'standing.short_conflict': null;
  'standing.short_rejected': null;
}
