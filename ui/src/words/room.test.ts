// The room that times have in lists.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { LANGUAGES, speak } from '../language.svelte';
import { addressTrack, agoTrack, dayTrack, DOT, momentTrack, wordsTrack } from './room';
import { ago, day, moment } from './time';

const LETTER = 7;
const DAY = 86_400_000;
const NOW = Date.parse('2026-09-29T12:51:00Z');

/** Lays out each line with letters of one width, as nothing is laid out here. */
beforeEach(() => {
  vi.spyOn(HTMLElement.prototype, 'getBoundingClientRect').mockImplementation(function (this: HTMLElement) {
    return new DOMRect(0, 0, LETTER * Math.max(...[...this.children].map((line) => line.textContent.length)), 0);
  });
});

afterEach(() => vi.restoreAllMocks());

test.each(LANGUAGES)('every time of two years has the room that it needs (%s)', async (language) => {
  await speak(language);
  const rooms = { moment: momentTrack(0, DOT), ago: agoTrack(0), day: dayTrack(0) };
  const room = (track: string) => Number(track.replace('px', ''));
  for (let back = 0; back < 730; back++)
    for (const ms of [0, 90_000, 2 * 3_600_000, 5.9 * 3_600_000, 9 * 3_600_000]) {
      const at = new Date(NOW - back * DAY - ms).toISOString();
      expect(moment(at, NOW).length * LETTER + DOT).toBeLessThanOrEqual(room(rooms.moment));
      expect(ago(at, NOW).length * LETTER).toBeLessThanOrEqual(room(rooms.ago));
      expect(day(at, NOW).length * LETTER).toBeLessThanOrEqual(room(rooms.day));
    }
  expect(ago(null, NOW).length * LETTER).toBeLessThanOrEqual(room(rooms.ago));
});

test('a column is never narrower than it asks for', () => {
  expect(dayTrack(4000)).toBe('4000px');
});

test('of a long address the first two groups and the last one have room, whatever is beside them', () => {
  const room = Number(/^minmax\((\d+)px, 1.3fr\)$/.exec(addressTrack(40, 1.3))?.[1]);
  const seen = (groups: string) => `${groups}…:7348`.length * LETTER;
  expect(room).toBeGreaterThan(seen('2001:0db8'));
  expect(room).toBeLessThan(seen('2001:0db8') + 2 * LETTER);
  expect(addressTrack(400, 1)).toBe('minmax(400px, 1fr)');
});

test('a column of known words has the room of the longest, with what stands beside it, and no more', () => {
  const words = ['Block', 'Allow again'];
  expect(wordsTrack(words, 40, 22)).toBe(`${words[1]!.length * LETTER + 22}px`);
  expect(wordsTrack(['No'], 40, 22)).toBe('40px');
});
