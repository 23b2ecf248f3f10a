// The arguments of the window's messages by key; null where one has none. The test of the catalogs writes this.

export interface Messages {
  'logins.bars.bar': { count: number; when: string | number };
  'logins.bars.counting': { count: number; when: string | number };
  'logins.bars.day': null;
  'logins.bars.hour': null;
  'logins.bars.in': null;
  'logins.bars.keys': null;
  'logins.bars.label': null;
  'logins.bars.month': null;
  'logins.bars.most': { count: number; span: string | number };
  'logins.bars.none': null;
  'logins.bars.out': null;
  'logins.bars.part': { count: number; day: string | number; when: string | number };
  'logins.bars.uncounted': { when: string | number };
  'logins.bars.week': null;
  'logins.bars.whole': null;
  'logins.bars.year': null;
  'logins.chip.from': { day: string | number };
  'logins.chip.range': { from: string | number; until: string | number };
  'logins.chip.until': { day: string | number };
  'logins.clear': null;
  'logins.counting': { count: number };
  'logins.denied': null;
  'logins.empty': null;
  'logins.empty_syncing': null;
  'logins.empty_unsynced': null;
  'logins.kind': null;
  'logins.map.country': { count: number; country: string | number };
  'logins.map.label': null;
  'logins.map.show': null;
  'logins.nobody': null;
  'logins.nobody_hint': null;
  'logins.only': { what: string | number };
  'logins.part_counting': null;
  'logins.part_since': { day: string | number };
  'logins.remove': { what: string | number };
  'logins.running': null;
  'logins.show_all': null;
  'logins.since': { count: number; day: string | number };
  'logins.title': null;
  'logins.total': { count: number };
  'logins.typed': null;
  'logins.typed_hint': null;
  'logins.who': null;
}
