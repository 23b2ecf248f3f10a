// Days as people write and read them, and their ends: whole days of the clock that times are read off, to their last second.

import { forLanguage } from '../language.svelte';
import { reading, timeOf } from '../zone.svelte';

/** How a day may be written: `2026-12-07`, or the day before the month, `7.12.2026` and `7/12/2026`. */
export const WRITTEN_DAY = String.raw`\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[./]\d{1,2}[./]\d{4}`;

const YEAR_FIRST = /^(\d{4})-(\d{1,2})-(\d{1,2})$/;
const DAY_FIRST = /^(\d{1,2})[./](\d{1,2})[./](\d{4})$/;

const two = (n: number) => String(n).padStart(2, '0');

const form = forLanguage(
  (language) =>
    // The British way: the day before the month, as it is read here.
    new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, {
      day: '2-digit',
      month: '2-digit',
      year: 'numeric',
      timeZone: 'UTC',
    }),
);

/** A day that was written in one of the ways, as `2026-12-07`; null where that is no day. */
export function readDay(written: string): string | null {
  const text = written.trim();
  const parts = YEAR_FIRST.exec(text) ?? DAY_FIRST.exec(text)?.toSpliced(1, 3, ...text.split(/[./]/).toReversed());
  if (!parts) return null;
  const [year, month, date] = parts.slice(1).map(Number) as [number, number, number];
  const said = new Date(Date.UTC(year, month - 1, date));
  // The 31st of a month with 30 days is no day.
  if (said.getUTCMonth() !== month - 1 || said.getUTCDate() !== date) return null;
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(date)}`;
}

/** The day `2026-12-07` as the language that is spoken writes it: `07/12/2026`, `07.12.2026`. */
export function writeDay(day: string): string {
  return form().format(new Date(`${day}T00:00:00Z`));
}

/** The day that is so many days after the day `2026-12-07`. */
export function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** The last second of a written day, as UTC; null where that is no day. */
export function endOfDay(written: string): string | null {
  const day = readDay(written);
  if (day === null) return null;
  const [year, month, date] = day.split('-').map(Number) as [number, number, number];
  return timeOf(year, month - 1, date, 23, 59, 59).toISOString();
}

/**
 * Noon of a written day, by this computer's clock whichever one is shown: that is the same day by UTC, too
 * (of clocks that are half a day off at most), so window, tray and notifications mean one day. Null where it is no day.
 */
export function noonOf(written: string): string | null {
  const day = readDay(written);
  if (day === null) return null;
  const [year, month, date] = day.split('-').map(Number) as [number, number, number];
  return new Date(year, month - 1, date, 12).toISOString();
}

/** The last second of the day that is `days` days after `now` (milliseconds since 1970), as UTC. */
export function endInDays(days: number, now: number): string {
  const today = reading(new Date(now));
  return timeOf(today.year, today.month, today.date + days, 23, 59, 59).toISOString();
}

/** The day of a time, `2026-12-07`. */
export function dayOf(iso: string): string {
  const { year, month, date } = reading(new Date(iso));
  return `${year}-${two(month + 1)}-${two(date)}`;
}
