// What is typed into the filter of the logins: an address, a range of addresses, dates, or words.

import { reading, timeOf } from '../zone.svelte';
import { endOfDay, WRITTEN_DAY } from './until';

/** What was meant. Times are UTC; `until` is the first moment that is out. */
export type Typed =
  | { kind: 'address'; address: string }
  | { kind: 'dates'; from: string | null; until: string | null }
  | { kind: 'words'; words: string };

const IPV4 = /^\d{1,3}(\.\d{1,3}){3}(\/\d{1,2})?$/;
const IPV6 = /^[\da-f]*:[\da-f:.]*(\/\d{1,3})?$/i;
const ONE_DAY = new RegExp(`^(${WRITTEN_DAY})$`);
const DAYS = new RegExp(`^(${WRITTEN_DAY})?\\s*(?:\\.\\.|–|—|\\s-\\s)\\s*(${WRITTEN_DAY})?$`);

/** The first moment of a day; null where that is no day. */
export function beginOfDay(day: string): string | null {
  const end = endOfDay(day);
  if (end === null) return null;
  const { year, month, date } = reading(new Date(end));
  return timeOf(year, month, date).toISOString();
}

/** The first moment of the day behind a day; null where that is no day. */
export function dayBehind(day: string): string | null {
  const end = endOfDay(day);
  return end === null ? null : new Date(Date.parse(end) + 1000).toISOString();
}

/** Reads `91.198.36.0/24`, `1.11.2026` or `2026-11-01`, `1.11.2026..7.11.2026` (either end may be left out), or words. */
export function readTyped(text: string): Typed {
  const typed = text.trim();
  if (IPV4.test(typed) || (typed.length > 1 && IPV6.test(typed))) return { kind: 'address', address: typed };
  const range = ONE_DAY.test(typed) ? [typed, typed, typed] : DAYS.exec(typed);
  if (range && (range[1] || range[2])) {
    const [from, until] = [range[1] ? beginOfDay(range[1]) : null, range[2] ? dayBehind(range[2]) : null];
    const whole = (!range[1] || from !== null) && (!range[2] || until !== null);
    if (whole && (from === null || until === null || from < until)) return { kind: 'dates', from, until };
  }
  return { kind: 'words', words: typed };
}
