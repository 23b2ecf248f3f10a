// The arguments of the window's messages by key; null where one has none. The test of the catalogs writes this.

export interface Messages {
  'unlock.again': null;
  'unlock.again_keyring': null;
  'unlock.another': null;
  'unlock.cache': null;
  'unlock.keyring': null;
  'unlock.lead': null;
  'unlock.lead_keyring': { name: string | number };
  'unlock.lead_locked': null;
  'unlock.lead_locked_keyring': null;
  'unlock.lead_recovery': { name: string | number };
  'unlock.locked': { name: string | number };
  'unlock.open': null;
  'unlock.opening': null;
  'unlock.other': null;
  'unlock.recovery': null;
  'unlock.title': { name: string | number };
  'unlock.unlock': null;
}
