// The arguments of the window's messages by key; null where one has none. The test of the catalogs writes this.

export interface Messages {
  'exceptions.banner': { count: number };
  'exceptions.change': null;
  'exceptions.column.actions': null;
  'exceptions.column.contact': null;
  'exceptions.column.reason': null;
  'exceptions.column.until': null;
  'exceptions.empty': null;
  'exceptions.end': null;
  'exceptions.ends': null;
  'exceptions.in': { days: number };
  'exceptions.kept': null;
  'exceptions.lead': null;
  'exceptions.lead_some': null;
  'exceptions.list': null;
  'exceptions.never': null;
  'exceptions.no_day': { day: string | number };
  'exceptions.no_end': null;
  'exceptions.none': null;
  'exceptions.note': null;
  'exceptions.on_day': null;
  'exceptions.on_day_choice': null;
  'exceptions.overdue': { day: string | number };
  'exceptions.past': null;
  'exceptions.reason': null;
  'exceptions.reason_hint': null;
  'exceptions.save': null;
  'exceptions.show': null;
  'exceptions.switch_off': null;
  'exceptions.title': { name: string | number };
  'exceptions.title_change': { name: string | number };
  'exceptions.title_some': { count: number };
  'exceptions.until': { day: string | number };
}
