// The arguments of the window's messages by key; null where one has none. The test of the catalogs writes this.

export interface Messages {
  'choose_passphrase.again': null;
  'choose_passphrase.cancel': null;
  'choose_passphrase.confirm': null;
  'choose_passphrase.differs': null;
  'choose_passphrase.hide': null;
  'choose_passphrase.lead': null;
  'choose_passphrase.lead_recovery': null;
  'choose_passphrase.short': { count: number };
  'choose_passphrase.show': null;
  'choose_passphrase.title': null;
  'choose_passphrase.title_recovery': null;
  'choose_passphrase.until_now': null;
  'choose_passphrase.wanted': null;
}
