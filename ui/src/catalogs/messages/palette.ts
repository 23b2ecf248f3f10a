// The arguments of the window's messages by key; null where one has none. The test of the catalogs writes this.

export interface Messages {
  'palette.addresses': null;
  'palette.all_contacts': { text: string | number };
  'palette.all_logins': { text: string | number };
  'palette.commands': null;
  'palette.count': { count: number };
  'palette.lists': null;
  'palette.nothing': { text: string | number };
  'palette.open': null;
  'palette.pause_day': null;
  'palette.pause_hour': null;
  'palette.people': null;
  'palette.placeholder': null;
  'palette.range': null;
  'palette.recent': null;
  'palette.results': null;
  'palette.resume': null;
  'palette.switch': { school: string | number };
  'palette.sync': null;
  'palette.title': null;
}
