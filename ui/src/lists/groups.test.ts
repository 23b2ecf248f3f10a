import { expect, test } from 'vitest';

import { groupAt, layOut } from './groups';

const group = (restrictions: number, unviewed: number, unfolded = 0) => ({ restrictions, unviewed, unfolded });

test.each([
  ['all of a small group', group(3, 0), { shown: 3, hidden: 0, size: 4 }],
  ['three of a large one that wants nothing', group(20, 0), { shown: 3, hidden: 17, size: 5 }],
  ['every unviewed one', group(20, 7), { shown: 7, hidden: 13, size: 9 }],
  ['twelve at most', group(500, 400), { shown: 12, hidden: 488, size: 14 }],
  ['never a row for one more', group(4, 0), { shown: 4, hidden: 0, size: 5 }],
  ['what was unfolded', group(500, 0, 100), { shown: 103, hidden: 397, size: 105 }],
  ['no more than there are', group(50, 0, 100), { shown: 50, hidden: 0, size: 51 }],
])('a group shows %s', (_, counted, part) => {
  expect(layOut([counted]).parts[0]).toEqual({ start: 0, ...part });
});

test('every place belongs to one group', () => {
  const layout = layOut([group(1, 1), group(20, 0), group(2, 0)]);
  expect(layout.size).toBe(2 + 5 + 3);
  const found = Array.from({ length: layout.size }, (_, place) => groupAt(layout, place));
  expect(found.map((at) => at?.group)).toEqual([0, 0, 1, 1, 1, 1, 1, 2, 2, 2]);
  expect(found.map((at) => at?.inside)).toEqual([0, 1, 0, 1, 2, 3, 4, 0, 1, 2]);
  expect(groupAt(layout, layout.size)).toBeUndefined();
  expect(groupAt(layOut([]), 0)).toBeUndefined();
});
