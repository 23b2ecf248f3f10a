// The arguments of the window's messages by key; null where one has none. The test of the catalogs writes this.

export interface Messages {
  'strip.all_places': null;
  'strip.dates': { count: number };
  'strip.days': { count: number };
  'strip.denied': { count: number };
  'strip.keys': null;
  'strip.label': null;
  'strip.no_device': null;
  'strip.none': { count: number };
  'strip.others': { count: number };
  'strip.others_at': { ip: string | number };
  'strip.others_none': null;
  'strip.overlap': null;
  'strip.places': null;
  'strip.summary': { days: number; logins: number; restrictions: number };
  'strip.unfold': null;
  'strip.zoom': null;
}
