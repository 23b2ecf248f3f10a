import { expect, test } from 'vitest';

import { scrolled, standAt, TALLEST, type Stand } from './stretch';

const VIEW = 600;
const WHOLE = 40_000_000;

const placeOf = (stand: Stand) => stand.top + stand.offset;

test('a list that a page can hold scrolls as any page does', () => {
  expect(standAt(1_234, VIEW, TALLEST)).toEqual({ top: 1_234, offset: 0 });
  expect(scrolled({ top: 0, offset: 0 }, 7_000_000, VIEW, TALLEST)).toEqual({ top: 7_000_000, offset: 0 });
  expect(standAt(50, VIEW, 100)).toEqual({ top: 0, offset: 0 });
});

test('the last row of a million is reached by dragging the bar to its end', () => {
  const end = scrolled(standAt(0, VIEW, WHOLE), TALLEST - VIEW, VIEW, WHOLE);
  expect(placeOf(end)).toBe(WHOLE - VIEW);
  expect(placeOf(scrolled(end, 0, VIEW, WHOLE))).toBe(0);
});

test('a small move moves the list by as much, from one end to the other', () => {
  for (const step of [500, -500]) {
    let stand = standAt(step > 0 ? 0 : WHOLE, VIEW, WHOLE);
    for (let moves = 0; moves < (WHOLE - VIEW) / 500 - 1; moves++) {
      const place = placeOf(stand);
      stand = scrolled(stand, stand.top + step, VIEW, WHOLE);
      const within = stand.top >= 0 && stand.top <= TALLEST - VIEW;
      if (placeOf(stand) !== place + step || !within) expect.fail(`from ${place} to ${JSON.stringify(stand)}`);
    }
    expect(placeOf(stand)).toBe(step > 0 ? WHOLE - VIEW - 400 : 400);
  }
});

test('a leap by the bar lands where that bar belongs', () => {
  for (let top = 0; top <= TALLEST - VIEW; top += 99_991) {
    const leapt = scrolled({ top: top > 4_000_000 ? 0 : 7_999_400, offset: 0 }, top, VIEW, WHOLE);
    expect(Math.abs(standAt(placeOf(leapt), VIEW, WHOLE).top - top)).toBeLessThanOrEqual(1);
  }
});

test('putting the scroller elsewhere moves nothing', () => {
  const moved = scrolled(standAt(0, VIEW, WHOLE), 500, VIEW, WHOLE);
  expect(placeOf(moved)).toBe(500);
  // The scroller tells of its own move once more.
  expect(scrolled(moved, moved.top, VIEW, WHOLE)).toEqual(moved);
});
