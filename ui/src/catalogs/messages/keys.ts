// The arguments of the window's messages by key; null where one has none. The test of the catalogs writes this.

export interface Messages {
  'keys.close': null;
  'keys.contacts.block': null;
  'keys.contacts.checks': null;
  'keys.contacts.log': null;
  'keys.contacts.note': null;
  'keys.contacts.tabs': null;
  'keys.contacts.title': null;
  'keys.contacts.viewed': null;
  'keys.everywhere.back': null;
  'keys.everywhere.decisions': null;
  'keys.everywhere.find': null;
  'keys.everywhere.keys': null;
  'keys.everywhere.lock': null;
  'keys.everywhere.schools': null;
  'keys.everywhere.search': null;
  'keys.everywhere.size': null;
  'keys.everywhere.sync': null;
  'keys.everywhere.title': null;
  'keys.everywhere.undo': null;
  'keys.hint': null;
  'keys.lists.all': null;
  'keys.lists.ends': null;
  'keys.lists.next': null;
  'keys.lists.open': null;
  'keys.lists.previous': null;
  'keys.lists.range': null;
  'keys.lists.screen': null;
  'keys.lists.select': null;
  'keys.lists.title': null;
  'keys.sync.cancel': null;
  'keys.sync.conflict': null;
  'keys.sync.retry': null;
  'keys.sync.tabs': null;
  'keys.sync.title': null;
  'keys.time.ends': null;
  'keys.time.move': null;
  'keys.time.open': null;
  'keys.time.shift': null;
  'keys.time.title': null;
  'keys.time.whole': null;
  'keys.time.zoom': null;
  'keys.title': null;
}
