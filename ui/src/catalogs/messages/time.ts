// The arguments of the window's messages by key; null where one has none. The test of the catalogs writes this.

export interface Messages {
  'time.d': { d: string | number };
  'time.d_h': { d: string | number; h: string | number };
  'time.h': { h: string | number };
  'time.h_min': { h: string | number; min: string | number };
  'time.hours': { count: string | number };
  'time.in_utc': null;
  'time.min': { count: string | number };
  'time.minutes': { count: string | number };
  'time.never': null;
  'time.now': null;
  'time.s': { count: string | number };
  'time.today': { clock: string | number };
  'time.utc': null;
  'time.yesterday': null;
  'time.yesterday_at': { clock: string | number };
}
