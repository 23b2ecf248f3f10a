import { expect, test } from 'vitest';

import type { BarSpan } from '../../generated/BarSpan';
import { asked, barEnd, barOf, barsOf, further, moved, nearer, spanned } from './bars';

const ms = (text: string) => Date.parse(text);
const HOUR = 3_600_000;
const WHOLE = { counted_from: null, counting: false };

test.each<[BarSpan, string, string, string]>([
  ['hour', '2026-11-23T18:59:59Z', '2026-11-23T18:00:00Z', '2026-11-23T19:00:00Z'],
  ['day', '2026-11-23T18:59:59Z', '2026-11-23T00:00:00Z', '2026-11-24T00:00:00Z'],
  ['week', '2026-11-22T18:00:00Z', '2026-11-16T00:00:00Z', '2026-11-23T00:00:00Z'],
  ['week', '2026-11-23T00:00:00Z', '2026-11-23T00:00:00Z', '2026-11-30T00:00:00Z'],
  ['month', '2026-12-31T23:59:59Z', '2026-12-01T00:00:00Z', '2027-01-01T00:00:00Z'],
  ['year', '2026-12-31T23:59:59Z', '2026-01-01T00:00:00Z', '2027-01-01T00:00:00Z'],
])('a bar of one %s begins and ends by the calendar: %s', (span, at, begin, end) => {
  expect(barOf(span, ms(at))).toBe(ms(begin));
  expect(barEnd(span, ms(begin))).toBe(ms(end));
});

test('bars without logins stand between those that have some', () => {
  const bars = barsOf({
    span: 'day',
    ...WHOLE,
    from: '2026-11-20T10:00:00Z',
    until: '2026-11-23T09:00:00Z',
    bars: [
      { at: '2026-11-20T00:00:00Z', logins: 3 },
      { at: '2026-11-23T00:00:00Z', logins: 1 },
    ],
  });
  expect(bars.map((bar) => bar.logins)).toEqual([3, 0, 0, 1]);
  expect(spanned(bars, 2, 1)).toEqual({ from: ms('2026-11-21T00:00:00Z'), until: ms('2026-11-23T00:00:00Z') });
  expect(spanned(bars, 0, 9)).toBeNull();
});

test('nothing to count has no bars', () => {
  expect(barsOf({ span: 'day', ...WHOLE, from: null, until: null, bars: [] })).toEqual([]);
});

test('a bar knows whether its time was counted', () => {
  const days = {
    span: 'day' as const,
    from: '2026-11-20T10:00:00Z',
    until: '2026-11-23T09:00:00Z',
    bars: [{ at: '2026-11-22T00:00:00Z', logins: 3 }],
  };
  const counted = (counted_from: string | null, counting = false) =>
    barsOf({ ...days, counted_from, counting }).map((bar) => bar.counted);
  expect(counted(null)).toEqual(['whole', 'whole', 'whole', 'whole']);
  expect(counted('2026-11-22T06:00:00Z')).toEqual(['none', 'none', 'part', 'whole']);
  expect(counted('2026-11-22T00:00:00Z')).toEqual(['none', 'none', 'whole', 'whole']);
  // What lies before the first login was not left out.
  expect(counted('2026-11-20T10:00:00Z')).toEqual(['whole', 'whole', 'whole', 'whole']);
  expect(counted(null, true)).toEqual(['coming', 'coming', 'coming', 'coming']);
});

test('what is asked for is no wider than it was, though its bars are', () => {
  const summary = { from: '2026-11-20T10:00:00Z', until: '2026-11-23T09:00:00Z' };
  const all = { from: ms(summary.from), until: ms(summary.until) };
  expect(asked({ from: null, until: null }, summary)).toEqual(all);
  expect(asked({ from: '2026-11-21T10:30:00Z', until: null }, summary)).toEqual({
    from: ms('2026-11-21T10:30:00Z'),
    until: all.until,
  });
  // The answer to the question before it.
  expect(asked({ from: '2026-11-24T00:00:00Z', until: null }, summary)).toBeNull();
  expect(asked({ from: null, until: null }, { from: null, until: null })).toBeNull();
});

test('zooming in halves what is shown around the chosen time, and stops at six hours', () => {
  const day = { from: 0, until: 24 * HOUR };
  expect(nearer(day, 12 * HOUR)).toEqual({ from: 6 * HOUR, until: 18 * HOUR });
  expect(nearer(day, 0)).toEqual({ from: 0, until: 12 * HOUR });
  expect(nearer(day, 24 * HOUR)).toEqual({ from: 12 * HOUR, until: 24 * HOUR });
  const shortest = { from: 0, until: 6 * HOUR };
  expect(nearer(shortest, 0)).toBe(shortest);
});

test('zooming out doubles it, stays inside of what there is, and ends with everything', () => {
  const extent = { from: 0, until: 100 };
  expect(further({ from: 40, until: 60 }, extent)).toEqual({ from: 30, until: 70 });
  expect(further({ from: 0, until: 40 }, extent)).toEqual({ from: 0, until: 60 });
  expect(further({ from: 10, until: 90 }, extent)).toBeNull();
  expect(further({ from: 40, until: 60 }, null)).toEqual({ from: 30, until: 70 });
  // Beyond everything there is, there is nothing nearer than all of it.
  expect(further({ from: 200, until: 210 }, extent)).toBeNull();
});

test('what is shown moves by a quarter and not beyond what there is', () => {
  const extent = { from: 0, until: 100 };
  expect(moved({ from: 40, until: 60 }, 1, extent)).toEqual({ from: 45, until: 65 });
  expect(moved({ from: 2, until: 22 }, -1, extent)).toEqual({ from: 0, until: 20 });
  expect(moved({ from: 78, until: 98 }, 1, extent)).toEqual({ from: 80, until: 100 });
});
