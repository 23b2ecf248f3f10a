import { expect, test } from 'vitest';

import { fit, stretchesOf } from './match';

test.each([
  ['Sync now', '', 'sync', 0],
  ['Sync now', '', 'now', 1],
  ['Theme: Dark', '', 'dark th', 1],
  ['Switch', '', 'itc', 2],
  ['Settings', 'language', 'lang', 2],
  ['Налаштування', '', 'НАЛАШ', 0],
  ['Їжак', '', 'іж', 0],
  ['Sync now', '', 'sync later', null],
])('%s (%s) fits “%s”: %s', (label, more, text, how) => {
  expect(fit(label, more, text)).toBe(how);
});

test.each([
  [
    'Anna Kovalenko',
    'kov',
    [
      ['Anna ', 0],
      ['Kov', 1],
      ['alenko', 0],
    ],
  ],
  ['Anna', 'ann a', [['Anna', 1]]],
  [
    'Алёна Ёлкина',
    'елк',
    [
      ['Алёна ', 0],
      ['Ёлк', 1],
      ['ина', 0],
    ],
  ],
  [
    '<b>x</b>',
    'b',
    [
      ['<', 0],
      ['b', 1],
      ['>x</', 0],
      ['b', 1],
      ['>', 0],
    ],
  ],
  [
    '👩‍👩‍👧 Zoë',
    'zoe',
    [
      ['👩‍👩‍👧 ', 0],
      ['Zoë', 1],
    ],
  ],
  ['Petro', '', [['Petro', 0]]],
] as const)('in “%s” the text “%s” is marked', (label, text, stretches) => {
  expect(stretchesOf(label, text)).toEqual(stretches.map(([text, hit]) => ({ text, hit: hit === 1 })));
});
