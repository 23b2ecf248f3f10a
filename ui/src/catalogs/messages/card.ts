// The arguments of the window's messages by key; null where one has none. The test of the catalogs writes this.

export interface Messages {
  'card.activity': { ago: string | number };
  'card.checks': null;
  'card.checks_edit': null;
  'card.checks_off': null;
  'card.checks_off_until': { day: string | number };
  'card.checks_on': null;
  'card.checks_overdue': { day: string | number };
  'card.checks_switch': null;
  'card.device': { id: string | number };
  'card.device_long': { id: string | number };
  'card.device_note': null;
  'card.devices': null;
  'card.gone': null;
  'card.history': null;
  'card.loading': null;
  'card.login': { id: string | number };
  'card.no_activity': null;
  'card.no_devices': null;
  'card.no_log': null;
  'card.no_logins': null;
  'card.no_logins_device': null;
  'card.no_restrictions': null;
  'card.not_here': { what: string | number };
  'card.only_device': { id: string | number };
  'card.restrictions': null;
  'card.rules': null;
  'card.since': { day: string | number };
  'card.status_note': null;
  'card.tabs': null;
}
