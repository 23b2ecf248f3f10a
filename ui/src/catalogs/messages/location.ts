// The arguments of the window's messages by key; null where one has none. The test of the catalogs writes this.

export interface Messages {
  'location.built': { day: string | number };
  'location.choose': null;
  'location.choose_title': null;
  'location.forget': null;
  'location.knows.cities': null;
  'location.knows.countries': null;
  'location.knows.networks': null;
  'location.label': null;
  'location.own': null;
  'location.placing': { done: number; total: number };
  'location.says': null;
  'location.title': null;
}
