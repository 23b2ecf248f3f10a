import { expect, test } from 'vitest';

import { joinedBy, standing } from './joining';

const one = (id: number, ...same_as: number[]) => ({ id, same_as });

test.each([
  ['single ones', [one(1), one(2), one(3)], [[1], [2], [3]]],
  ['one that comes to two', [one(3), one(1, 2)], [[3], [1, 2]]],
  ['two of the same', [one(1, 2, 4), one(2, 1, 4), one(3)], [[1, 2, 4], [3]]],
  [
    'two and three',
    [one(1, 2), one(3, 4, 5)],
    [
      [1, 2],
      [3, 4, 5],
    ],
  ],
])('what is joined stands in groups that can be taken back to: %s', (_, rows, groups) => {
  expect(standing(rows)).toEqual(groups);
  expect(joinedBy(rows)).toEqual(groups.flat());
});
