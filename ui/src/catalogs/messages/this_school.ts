// The arguments of the window's messages by key; null where one has none. The test of the catalogs writes this.

export interface Messages {
  'this_school.erase.label': null;
  'this_school.erase.says': null;
  'this_school.new_token.lead': null;
  'this_school.new_token.missing': null;
  'this_school.new_token.other': null;
  'this_school.new_token.submit': null;
  'this_school.new_token.title': { name: string | number };
  'this_school.passphrase.change': null;
  'this_school.passphrase.kept': null;
  'this_school.passphrase.label': null;
  'this_school.passphrase.removed': null;
  'this_school.passphrase.says': null;
  'this_school.recovery.change': null;
  'this_school.recovery.choose': null;
  'this_school.recovery.label': null;
  'this_school.recovery.remove': null;
  'this_school.recovery.says': null;
  'this_school.sign_out.lead': null;
  'this_school.sign_out.title': { name: string | number };
  'this_school.sign_out.unsent': { count: number };
  'this_school.title': { name: string | number };
  'this_school.token.gone': null;
  'this_school.token.label': null;
  'this_school.token.new': null;
  'this_school.token.says': { server: string | number };
  'this_school.token.sign_out': null;
}
