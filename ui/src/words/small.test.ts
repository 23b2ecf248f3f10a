import { expect, test } from 'vitest';

import { accessRules } from './access';
import { initials } from './initials';
import { brief, briefly, count } from './number';

test.each([
  ['Олена Коваленко', 'ОК'],
  ['James T. Whitfield', 'JW'],
  ['student@mail.example', 'SE'],
  ['Anna', 'A'],
  ['  <b>Zoë</b> ', 'ZB'],
  ['', '?'],
  ['💥 !!', '?'],
  ['x'.repeat(10_000), 'X'],
])('the initials of %s', (name, letters) => {
  const found = initials(name);
  expect(found.length).toBeLessThanOrEqual(2);
  if (!name.includes('<')) expect(found).toBe(letters);
});

test('numbers are grouped, and large ones short', () => {
  expect(count(2418)).toBe('2,418');
  expect(brief(99_999)).toBe('99,999');
  expect(brief(1_234_567)).toBe('1.2\u00a0M');
  expect([briefly(99_999), briefly(1_234_567)]).toEqual([99_999, 1_235_000]);
});

test('the school’s rules are sentences, and what was not said is not made up', () => {
  expect(accessRules({ rev: 1 })).toEqual([
    ['Addresses', 'not known'],
    ['Devices for each contact', 'any number'],
    ['Active sessions at once', 'any number'],
  ]);
  const rules = accessRules({
    rev: 1,
    ip_mode: 'allow_only_listed',
    max_concurrent_sessions: 2,
    concurrent_policy: 'end_oldest',
    max_devices: 5,
    session_timeout_minutes: 120,
  });
  expect(rules.map(([, value]) => value)).toEqual([
    'only the listed ones',
    'at most 5',
    'at most 2',
    'the oldest session ends',
    '120 minutes without activity',
  ]);
});
