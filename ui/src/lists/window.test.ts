import { expect, test } from 'vitest';

import { moveOf } from './moves';
import { isSeen, rowWindow, scrollTo } from './window';

test('only the rows in sight and a few around them are drawn', () => {
  expect(rowWindow(0, 400, 40, 100_000, 5)).toEqual({ first: 0, end: 21, pool: 21 });
  expect(rowWindow(2_000_000, 400, 40, 100_000, 5)).toEqual({ first: 49_995, end: 50_016, pool: 21 });
  expect(rowWindow(3_999_600, 400, 40, 100_000, 5)).toEqual({ first: 99_979, end: 100_000, pool: 21 });
  expect(rowWindow(0, 400, 40, 3, 5)).toMatchObject({ first: 0, end: 3 });
  expect(rowWindow(-50, 400, 40, 0, 5)).toMatchObject({ first: 0, end: 0 });
});

test('every row in sight is drawn, wherever the list is scrolled to', () => {
  for (let top = 0; top <= 40 * 1000 - 400; top += 37) {
    const { first, end } = rowWindow(top, 400, 40, 1000, 3);
    expect(first).toBeLessThanOrEqual(Math.floor(top / 40));
    expect(end).toBeGreaterThanOrEqual(Math.min(1000, Math.ceil((top + 400) / 40)));
  }
});

test('a row comes into sight with the smallest move', () => {
  expect(scrollTo(5, 0, 400, 40)).toBe(0);
  expect(scrollTo(10, 0, 400, 40)).toBe(40);
  expect(scrollTo(2, 400, 400, 40)).toBe(80);
});

test('a row is seen where half of it is', () => {
  expect([0, 1, 10, 11].map((row) => isSeen(row, 30, 400, 40))).toEqual([false, true, true, false]);
});

test.each([
  ['ArrowDown', -1, 0],
  ['j', 3, 4],
  ['K', 3, 2],
  ['ArrowUp', 0, 0],
  ['PageDown', 3, 13],
  ['PageUp', 3, 0],
  ['End', 3, 99],
  ['Home', 3, 0],
  ['ArrowDown', 99, 99],
  ['x', 3, null],
])('%s from row %d goes to %s', (key, from, to) => {
  expect(moveOf(key, from, 10, 100)).toBe(to);
});

test('no key moves in an empty list', () => {
  expect(moveOf('ArrowDown', -1, 10, 0)).toBeNull();
});
