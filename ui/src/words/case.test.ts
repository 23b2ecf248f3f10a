import { expect, test } from 'vitest';

import { fileName, rangeOf } from './case';

const now = Date.parse('2026-11-20T12:00:00Z');
const none = { first: '', last: '' };

/** The first moment of a local day. */
const begin = (year: number, month: number, day: number) => new Date(year, month - 1, day).toISOString();

test('a period begins with its first day and ends now, or behind its last day', () => {
  const until = new Date(now).toISOString();
  expect(rangeOf('30', none, null, now)).toEqual({ from: begin(2026, 10, 21), until });
  expect(rangeOf('90', none, null, now)).toEqual({ from: begin(2026, 8, 22), until });
  expect(rangeOf('first', none, '2026-03-05T10:00:00Z', now)).toEqual({ from: begin(2026, 3, 5), until });
  expect(rangeOf('first', none, null, now)).toBeNull();
  const june = { first: '2026-06-01', last: '2026-06-30' };
  expect(rangeOf('own', june, null, now)).toEqual({ from: begin(2026, 6, 1), until: begin(2026, 7, 1) });
  for (const [first, last] of [
    ['2026-06-30', '2026-06-01'],
    ['', '2026-06-01'],
    ['2026-06-31', '2026-07-01'],
  ] as const)
    expect(rangeOf('own', { first, last }, null, now)).toBeNull();
});

test('one day is a period', () => {
  const day = { first: '2026-06-01', last: '2026-06-01' };
  expect(rangeOf('own', day, null, now)).toEqual({ from: begin(2026, 6, 1), until: begin(2026, 6, 2) });
});

test.each([
  ['Ada Byron', 'Ada Byron'],
  ['Олена / Коваленко', 'Олена Коваленко'],
  ['..\\..\\x:y*?"<>|', '.. .. x y'],
  ['a\u0000b\u202ec\nd', 'a b c d'],
  ['Ltd...', 'Ltd'],
  ['🙂'.repeat(200), '🙂'.repeat(80)],
])('%j makes a name for a file', (text, name) => expect(fileName(text)).toBe(name));
