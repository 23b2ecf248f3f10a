import { expect, test } from 'vitest';

import { readTyped } from './typed';

// The tests' clock is that of Kyiv, two hours before UTC in winter.
test.each([
  ['91.198.36.14', { kind: 'address', address: '91.198.36.14' }],
  [' 91.198.36.0/24 ', { kind: 'address', address: '91.198.36.0/24' }],
  ['2001:db8::/32', { kind: 'address', address: '2001:db8::/32' }],
  ['::1', { kind: 'address', address: '::1' }],
  [':', { kind: 'words', words: ':' }],
  ['91.198', { kind: 'words', words: '91.198' }],
  ['Chrome 131', { kind: 'words', words: 'Chrome 131' }],
  ['2026-11-21', { kind: 'dates', from: '2026-11-20T22:00:00.000Z', until: '2026-11-21T22:00:00.000Z' }],
  ['2026-11-01..2026-11-07', { kind: 'dates', from: '2026-10-31T22:00:00.000Z', until: '2026-11-07T22:00:00.000Z' }],
  ['2026-11-01 .. ', { kind: 'dates', from: '2026-10-31T22:00:00.000Z', until: null }],
  ['..2026-11-07', { kind: 'dates', from: null, until: '2026-11-07T22:00:00.000Z' }],
  ['21.11.2026', { kind: 'dates', from: '2026-11-20T22:00:00.000Z', until: '2026-11-21T22:00:00.000Z' }],
  ['1/11/2026 – 7/11/2026', { kind: 'dates', from: '2026-10-31T22:00:00.000Z', until: '2026-11-07T22:00:00.000Z' }],
  ['01.11.2026..07.11.2026', { kind: 'dates', from: '2026-10-31T22:00:00.000Z', until: '2026-11-07T22:00:00.000Z' }],
  ['01.11.2026 - 07.11.2026', { kind: 'dates', from: '2026-10-31T22:00:00.000Z', until: '2026-11-07T22:00:00.000Z' }],
  ['..7.11.2026', { kind: 'dates', from: null, until: '2026-11-07T22:00:00.000Z' }],
  ['31.11.2026', { kind: 'words', words: '31.11.2026' }],
  ['1.11.26', { kind: 'words', words: '1.11.26' }],
  ['2026-11-07..2026-11-01', { kind: 'words', words: '2026-11-07..2026-11-01' }],
  ['2026-02-31', { kind: 'words', words: '2026-02-31' }],
  ['..', { kind: 'words', words: '..' }],
])('what is typed is read for what it is: %s', (text, meant) => {
  expect(readTyped(text)).toEqual(meant);
});
