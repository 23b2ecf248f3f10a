// The arguments of the window's messages by key; null where one has none. The test of the catalogs writes this.

export interface Messages {
  'contacts.all': { count: number };
  'contacts.blocked': { count: number };
  'contacts.blocked_device': null;
  'contacts.checks_off': null;
  'contacts.checks_off_word': null;
  'contacts.checks_on': null;
  'contacts.column.activity': null;
  'contacts.column.checks': null;
  'contacts.column.devices': null;
  'contacts.column.email': null;
  'contacts.column.name': null;
  'contacts.column.tags': null;
  'contacts.column.unviewed': null;
  'contacts.empty': null;
  'contacts.empty_syncing': null;
  'contacts.empty_unsynced': null;
  'contacts.filters': null;
  'contacts.found': { all: number; count: number };
  'contacts.log': null;
  'contacts.more': { count: number };
  'contacts.no_name': null;
  'contacts.nobody': null;
  'contacts.nobody_hint': null;
  'contacts.searching': { text: string | number };
  'contacts.show_all': null;
  'contacts.title': null;
  'contacts.unviewed': null;
  'contacts.unviewed_title': null;
  'contacts.violations': { count: number };
  'contacts.with_unviewed': { count: number };
}
