// The arguments of the window's messages by key; null where one has none. The test of the catalogs writes this.

export interface Messages {
  'views.drop': { name: string | number };
  'views.dropped': { name: string | number };
  'views.kept': null;
  'views.name': null;
  'views.none': null;
  'views.open': null;
  'views.replace': null;
  'views.save': null;
  'views.saved': { name: string | number };
  'views.title': null;
}
