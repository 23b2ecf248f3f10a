// The arguments of the window's messages by key; null where one has none. The test of the catalogs writes this.

export interface Messages {
  'locking.idle.label': null;
  'locking.idle.minutes': { count: number };
  'locking.idle.never': null;
  'locking.idle.says': null;
  'locking.now.do': null;
  'locking.now.label': null;
  'locking.now.says': null;
  'locking.screen.label': null;
  'locking.screen.says': null;
  'locking.title': null;
}
