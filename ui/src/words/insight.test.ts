import { beforeAll, expect, test } from 'vitest';

import type { FindingRow } from '../generated/FindingRow';
import { speak } from '../language.svelte';
import { choicesOf, findingWords, placesWords, seenWords } from './insight';

const row: FindingRow = {
  at: '2026-11-21T10:00:00Z',
  session_ids: [],
  device_ids: [],
  contact_ids: [],
  minutes: null,
  km: null,
  count: null,
  country: null,
};

beforeAll(() => speak('en'));

test('what was seen is said with its figures', () => {
  expect(seenWords('concurrent_use', { ...row, minutes: 25 })).toBe('overlapping for 25 min');
  expect(seenWords('impossible_travel', { ...row, km: 1240, minutes: 40 })).toBe('1,240 km apart within 40 min');
  expect(seenWords('device_churn', { ...row, device_ids: [1, 2, 3, 4] })).toBe('4 new devices');
  expect(seenWords('new_country', { ...row, country: 'PL' })).toBe('Poland');
  expect(findingWords({ sign: 'concurrent_use', count: 9 })).toBe('Two networks at once\u00a0×9');
});

test('a limit hits all who reached more than it', () => {
  const reached = [
    { number: 1, contacts: 200 },
    { number: 2, contacts: 30 },
    { number: 4, contacts: 3 },
  ];
  expect(choicesOf({ limit: 3, reached })).toEqual([
    { limit: 1, contacts: 33 },
    { limit: 2, contacts: 3 },
    { limit: 3, contacts: 3 },
    { limit: 4, contacts: 0 },
  ]);
});

test('the limit of the school is among the choices however high it is', () => {
  expect(choicesOf({ limit: 20, reached: [{ number: 2, contacts: 5 }] }).map((one) => one.limit)).toEqual([1, 2, 20]);
  expect(choicesOf({ limit: null, reached: [] })).toEqual([{ limit: 1, contacts: 0 }]);
});

test('where logins came from is said in their order, one place once', () => {
  const login = (id: number, city: string | null, country: string | null) => ({
    ...{ id, ip: '8.8.8.8', city, country, network_kind: null },
    ...{ browser: null, os: null, device_type: 'desktop' },
  });
  const logins = [login(1, 'Kyiv', 'UA'), login(2, 'Warsaw', 'PL'), login(3, 'Kyiv', 'UA'), login(4, null, null)];
  const row = { at: '', device_ids: [], contact_ids: [], minutes: null, km: null, count: null, country: null };
  const said = (sign: 'impossible_travel' | 'concurrent_use', ids: number[]) =>
    placesWords(sign, { ...row, session_ids: ids }, logins);
  expect(said('impossible_travel', [1, 2])).toBe('Kyiv, Ukraine → Warsaw, Poland');
  expect(said('concurrent_use', [1, 2])).toBe('Kyiv, Ukraine · Warsaw, Poland');
  expect(said('concurrent_use', [1, 3])).toBe('Kyiv, Ukraine');
  // One that is not here any more is left out.
  expect(said('concurrent_use', [9, 2])).toBe('Warsaw, Poland');
  expect(said('concurrent_use', [])).toBe('');
});
