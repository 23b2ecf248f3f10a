import { expect, test } from 'vitest';

import { ago, between, clockOrMoment, day, exact, moment, span } from './time';

// The tests run in Kyiv, UTC+2 in November.
const now = Date.parse('2026-11-23T12:51:00Z');
const at = (iso: string) => new Date(iso).toISOString();

test.each([
  ['2026-11-23T12:50:30Z', 'just now'],
  ['2026-11-23T12:51:20Z', 'just now'],
  ['2026-11-23T12:47:00Z', '4 min ago'],
  ['2026-11-23T11:51:00Z', '1 h ago'],
  ['2026-11-23T06:52:00Z', '5 h ago'],
  ['2026-11-23T04:12:00Z', 'today 06:12'],
  ['2026-11-22T21:59:00Z', 'yesterday'],
  ['2026-11-22T22:01:00Z', 'today 00:01'],
  ['2026-11-21T10:00:00Z', '21 Nov'],
  ['2025-11-21T10:00:00Z', '21 Nov 2025'],
  ['2026-11-23T20:00:00Z', 'today 22:00'],
])('%s is said as %s', (iso, words) => {
  expect(ago(at(iso), now)).toBe(words);
});

test('what never happened is never, and what is no time stays as it came', () => {
  expect(ago(null, now)).toBe('never');
  expect(ago('soon', now)).toBe('soon');
  expect(moment('soon', now)).toBe('soon');
  expect(exact('soon')).toBe('soon');
  expect(exact(null)).toBe('');
  expect(between('soon', at('2026-11-23T12:00:00Z'))).toBe('');
});

test.each([
  ['2026-11-23T12:51:00Z', 'today 14:51'],
  ['2026-11-22T20:08:00Z', 'yesterday 22:08'],
  ['2026-11-21T12:03:00Z', '21 Nov 14:03'],
  ['2025-11-21T12:03:00Z', '21 Nov 2025 14:03'],
])('%s happened %s', (iso, words) => {
  expect(moment(at(iso), now)).toBe(words);
});

test('the moment of today is the clock alone', () => {
  expect(clockOrMoment(at('2026-11-23T12:02:00Z'), now)).toBe('14:02');
  expect(clockOrMoment(at('2026-11-22T12:02:00Z'), now)).toBe('yesterday 14:02');
});

test('the hover says weekday, seconds and zone', () => {
  expect(exact(at('2026-11-23T12:02:07Z'))).toBe('Mon, 23 November 2026, 14:02:07 EET');
});

test('a day of another year says so', () => {
  expect(day(at('2026-03-12T10:00:00Z'), now)).toBe('12 Mar');
  expect(day(at('2025-03-12T10:00:00Z'), now)).toBe('12 Mar 2025');
});

test.each([
  [-5, '0 s'],
  [45_000, '45 s'],
  [12 * 60_000, '12 min'],
  [65 * 60_000, '1 h 05 min'],
  [2 * 3_600_000, '2 h'],
  [51 * 3_600_000, '2 d 3 h'],
])('%d ms are %s', (ms, words) => {
  expect(span(ms)).toBe(words);
});
