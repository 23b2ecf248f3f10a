// The arguments of the window's messages by key; null where one has none. The test of the catalogs writes this.

export interface Messages {
  'first.cabinet': null;
  'first.cabinet_hint': null;
  'first.connect': null;
  'first.demo': null;
  'first.demo_hint': null;
  'first.demo_opening': null;
  'first.headline': null;
  'first.hide': null;
  'first.hide_token': null;
  'first.known': { name: string | number };
  'first.known_elsewhere': { address: string | number; name: string | number };
  'first.lead': null;
  'first.missing': null;
  'first.or': null;
  'first.passphrase': null;
  'first.passphrase_hint': null;
  'first.passphrase_instead': null;
  'first.points.everything': null;
  'first.points.offline': null;
  'first.points.yours': null;
  'first.refused': null;
  'first.schools': null;
  'first.server': null;
  'first.server_good': { address: string | number };
  'first.server_hint': null;
  'first.short': null;
  'first.show': null;
  'first.show_token': null;
  'first.submit': null;
  'first.submitting': null;
  'first.token': null;
  'first.token_hint': null;
  'first.token_hint_passphrase': null;
  'first.use_passphrase': null;
  'first.waits': null;
}
