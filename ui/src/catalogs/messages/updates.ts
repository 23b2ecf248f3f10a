// The arguments of the window's messages by key; null where one has none. The test of the catalogs writes this.

export interface Messages {
  'updates.check': null;
  'updates.checking': null;
  'updates.daily.label': null;
  'updates.daily.says': null;
  'updates.elsewhere': null;
  'updates.found.label': { version: string | number };
  'updates.found.says': null;
  'updates.install': null;
  'updates.installing': null;
  'updates.itself': null;
  'updates.mark': { version: string | number };
  'updates.newest': null;
  'updates.page': null;
  'updates.title': null;
  'updates.version': { version: string | number };
}
