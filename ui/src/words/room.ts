// The room that times and known words need in a list: as much as the widest one of the language that is spoken, so that
// none is cut off, and what is left goes to the columns whose text nobody knows before.

import { forLanguage, t } from '../language.svelte';
import { lettersNow, widthOf } from './letters.svelte';
import { day, moment } from './time';

/** What stands before a time in a cell: the dot of what has not been viewed, and the gap behind it; in pixels. */
export const DOT = 15;

/** The mark of a decision that is not confirmed, and the gap before it; in pixels. */
export const STANDING = 22;

const YEAR = 2024;

/** Two times of every month, of this year and of another one, on days of two digits. */
function ofEveryMonth(form: (iso: string, now: number) => string): string[] {
  const now = Date.UTC(YEAR, 5, 15);
  return [YEAR, YEAR - 1].flatMap((year) =>
    Array.from({ length: 12 }, (_, month) => form(new Date(Date.UTC(year, month, 28, 12, 58)).toISOString(), now)),
  );
}

const moments = forLanguage(() => [
  ...ofEveryMonth(moment),
  t('time.today', { clock: '12:58' }),
  t('time.yesterday_at', { clock: '12:58' }),
]);

const days = forLanguage(() => ofEveryMonth(day));

const agos = forLanguage(() => [
  ...ofEveryMonth(day),
  t('time.minutes', { count: 58 }),
  t('time.hours', { count: 5 }),
  t('time.today', { clock: '12:58' }),
  t('time.yesterday'),
  t('time.never'),
]);

/** What words stand in: a cell as they are, or one of these, with the letters and the edges that it has. */
type Look = '' | 'badge' | 'button' | 'clip long' | 'strong' | 'tiny';

function line(text: string, look: Look): HTMLElement {
  const box = document.createElement('div');
  box.append(Object.assign(document.createElement('span'), { className: look, textContent: text }));
  return box;
}

/** What was measured already: a column is drawn anew with every width of the window. */
const measured = new Map<string, number>();

/** Pixels of the widest of these in a row's letters, as wide as they are drawn now. */
function roomOf(texts: readonly string[], look: Look = ''): number {
  const key = [lettersNow(), look, ...texts].join('\n');
  let room = measured.get(key);
  if (room === undefined) measured.set(key, (room = Math.ceil(widthOf(texts.map((text) => line(text, look))))));
  return room;
}

const track = (room: number, least: number, before: number) => `${Math.max(least, room + before)}px`;

/** A column of moments (`21 Nov 2025 14:03`), at least this wide, with this much before each. */
export const momentTrack = (least: number, before = 0) => track(roomOf(moments()), least, before);

/** A column of how long ago (`4 min ago`, `21 Nov 2025`), at least this wide, with this much beside each. */
export const agoTrack = (least: number, beside = 0) => track(roomOf(agos()), least, beside);

/** A column of days (`21 Nov 2025`). */
export const dayTrack = (least: number) => track(roomOf(days()), least, 0);

/** What is seen at least of a long address, in the widest figures and letters: its first two groups and the last one. */
const ADDRESSES = ['8888:8888…:8888', 'dddd:dddd…:dddd'];

/** What is given to spare where text may take all of its room; in pixels. */
export const ROUNDED = 5;

/** A column of IP addresses, at least this wide, which takes so many shares of what is left. */
export const addressTrack = (least: number, shares: number) =>
  `minmax(${wordsTrack(ADDRESSES, least, ROUNDED, 'clip long')}, ${shares}fr)`;

/** A column of words that are all known, at least this wide, with this much beside each. */
export const wordsTrack = (texts: readonly string[], least: number, beside = 0, look: Look = '') =>
  track(roomOf(texts, look), least, beside);
