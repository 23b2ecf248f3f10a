import { expect, test } from 'vitest';

import { speak } from '../language.svelte';
import { readBy } from '../zone.svelte';
import { dayAfter, dayOf, endInDays, endOfDay, noonOf, readDay, writeDay } from './until';

// Kyiv, as the test runner sets it: two hours ahead in winter, three in summer.
test.each([
  ['2026-12-07', '2026-12-07T21:59:59.000Z'],
  [' 2026-7-1 ', '2026-07-01T20:59:59.000Z'],
  ['2026-02-30', null],
  ['2026-13-01', null],
  ['07.12.2026', '2026-12-07T21:59:59.000Z'],
  ['7/12/2026', '2026-12-07T21:59:59.000Z'],
  ['31.11.2026', null],
  ['12/31/2026', null],
  ['', null],
])('%s ends at %s', (day, end) => {
  expect(endOfDay(day)).toBe(end);
});

test('days are counted by the calendar, also where the clocks change', () => {
  const now = Date.parse('2026-10-23T20:00:00Z');
  expect(endInDays(0, now)).toBe('2026-10-23T20:59:59.000Z');
  expect(endInDays(7, now)).toBe('2026-10-30T21:59:59.000Z');
});

test('the day of an end is the day it was chosen for', () => {
  expect(dayOf(endOfDay('2026-12-07') ?? '')).toBe('2026-12-07');
});

test('noon of a day is on that day by this clock and by UTC, whichever is shown', () => {
  for (const times of ['local', 'utc'] as const) {
    readBy(times);
    const noon = noonOf('2026-12-07') ?? '';
    expect(noon).toBe('2026-12-07T10:00:00.000Z');
    expect(dayOf(noon)).toBe('2026-12-07');
    expect(noonOf('2026-02-30')).toBeNull();
  }
  readBy('local');
});

test.each([
  ['en', '07/12/2026'],
  ['uk', '07.12.2026'],
  ['ru', '07.12.2026'],
] as const)('a day is written as the language does, and read back (%s)', async (language, written) => {
  await speak(language);
  expect(writeDay('2026-12-07')).toBe(written);
  expect(readDay(written)).toBe('2026-12-07');
});

test('the day after the last one of a month is the first of the next', () => {
  expect([dayAfter('2026-12-31', 1), dayAfter('2026-03-01', -1)]).toEqual(['2027-01-01', '2026-02-28']);
});
