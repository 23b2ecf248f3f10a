import { expect, test } from 'vitest';

import { joinedBy, wayBack } from './joining';

const one = (id: number, ...same_as: number[]) => ({ id, same_as });

test.each([
  ['single ones', [one(1), one(2), one(3)], [1, 2, 3], { part: [2, 3], join: [] }],
  ['one that comes to two', [one(3), one(1, 2)], [3, 1, 2], { part: [3], join: [] }],
  ['two of the same', [one(1, 2, 4), one(2, 1, 4), one(3)], [1, 2, 4, 3], { part: [3], join: [] }],
  ['two and three', [one(1, 2), one(3, 4, 5)], [1, 2, 3, 4, 5], { part: [1, 2], join: [[1, 2]] }],
])('what is joined can be taken back: %s', (_, rows, all, way) => {
  expect(joinedBy(rows)).toEqual(all);
  expect(wayBack(rows)).toEqual(way);
});
