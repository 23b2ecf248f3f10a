// The clock that times are read off: on the screen at once, and in what is typed.

import { screen, waitFor } from '@testing-library/svelte';
import { afterEach, expect, test } from 'vitest';

import { keys, open, rows } from '../dev/opened';
import { barWords } from './words/bar';
import { rangeWords } from './words/chips';
import { exact, moment } from './words/time';
import { readTyped } from './words/typed';
import { dayOf, endOfDay } from './words/until';
import { readBy, reading } from './zone.svelte';

afterEach(() => readBy('local'));

const NOW = Date.parse('2026-11-23T12:51:00Z');

test('read off UTC, a day begins and ends with UTC’s, on the screen and in what is typed', () => {
  readBy('utc');
  expect(moment('2026-11-21T23:30:00Z', NOW)).toBe('21 Nov 23:30');
  expect(exact('2026-11-21T23:30:00Z')).toContain('UTC');
  expect(endOfDay('2026-11-21')).toBe('2026-11-21T23:59:59.000Z');
  expect(dayOf('2026-11-21T23:59:59Z')).toBe('2026-11-21');
  expect(readTyped('2026-11-21')).toEqual({
    kind: 'dates',
    from: '2026-11-21T00:00:00.000Z',
    until: '2026-11-22T00:00:00.000Z',
  });
});

test('read off this computer’s clock, times are what its calendar says', () => {
  const date = new Date(NOW);
  expect(reading(date)).toMatchObject({ year: date.getFullYear(), month: date.getMonth(), date: date.getDate() });
});

test('a range that is no whole days is said to the minute', () => {
  readBy('utc');
  expect(rangeWords('2026-11-20T00:00:00Z', '2026-11-21T00:00:00Z', NOW)).toBe('20 Nov');
  expect(rangeWords('2026-11-20T02:00:00Z', '2026-11-21T02:00:00Z', NOW)).toBe('20 Nov 02:00 – 21 Nov 02:00');
});

test('a day’s bar is named by the calendar of the clock at hand', () => {
  const days = { span: 'day', counted_from: null } as const;
  const bar = (at: number) => ({ at, end: at + 864e5, logins: 3, counted: 'whole' }) as const;
  expect(barWords(days, bar(new Date(2026, 10, 21).getTime()), NOW)).toBe('21 Nov: 3 logins');
  readBy('utc');
  expect(barWords(days, bar(Date.UTC(2026, 10, 21)), NOW)).toBe('21 Nov: 3 logins');
});

test('the clock is changed in the settings, at once', async () => {
  await open();
  await rows();
  await keys.click(screen.getByTestId('nav-settings'));
  expect(screen.queryByTestId('in-utc')).toBeNull();
  await keys.selectOptions(await screen.findByTestId('times'), 'utc');
  await waitFor(() => expect(exact('2026-11-21T23:30:00Z')).toContain('23:30:00 UTC'));
  // Once for every time on the screen, beside the age of the data.
  expect(screen.getByTestId('in-utc').textContent).toBe('UTC');
  expect(screen.getByTestId('in-utc').title).toBe('Times are UTC');
});
