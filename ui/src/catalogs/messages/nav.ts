// The arguments of the window's messages by key; null where one has none. The test of the catalogs writes this.

export interface Messages {
  'nav.back': null;
  'nav.contacts': null;
  'nav.devices': null;
  'nav.insights': null;
  'nav.label': null;
  'nav.logins': null;
  'nav.school': null;
  'nav.settings': null;
  'nav.sync': null;
  'nav.violations': null;
}
