import { expect, test } from 'vitest';

import { asked, barsOf, further, moved, nearer, spanned } from './bars';

const ms = (text: string) => Date.parse(text);
const HOUR = 3_600_000;
const WHOLE = { counted_from: null, counting: false };

const DAYS = [20, 21, 22, 23].map((day, place) => ({
  at: `2026-11-${day}T00:00:00Z`,
  end: `2026-11-${day + 1}T00:00:00Z`,
  logins: [3, 0, 0, 1][place] ?? 0,
}));

test('bars are those of the answer, and several of them one range', () => {
  const bars = barsOf({ ...WHOLE, from: '2026-11-20T10:00:00Z', bars: DAYS });
  expect(bars.map((bar) => bar.logins)).toEqual([3, 0, 0, 1]);
  expect(spanned(bars, 2, 1)).toEqual({ from: ms('2026-11-21T00:00:00Z'), until: ms('2026-11-23T00:00:00Z') });
  expect(spanned(bars, 0, 9)).toBeNull();
});

test('nothing to count has no bars', () => {
  expect(barsOf({ ...WHOLE, from: null, bars: [] })).toEqual([]);
});

test('a bar knows whether its time was counted', () => {
  const days = { from: '2026-11-20T10:00:00Z', bars: DAYS };
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
