// The end of an exception: whole days of the clock that times are read off, to their last second.

import { reading, timeOf } from '../zone.svelte';

/** The last second of a day written `2026-12-07`, as UTC; null where that is no day. */
export function endOfDay(day: string): string | null {
  const parts = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(day.trim());
  if (!parts) return null;
  const [year, month, date] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  const end = timeOf(year, month - 1, date, 23, 59, 59);
  const said = reading(end);
  // The 31st of a month with 30 days is no day.
  return said.month === month - 1 && said.date === date ? end.toISOString() : null;
}

/**
 * Noon of a day written `2026-12-07`, by this computer's clock whichever one is shown: that is the same day by UTC, too
 * (of clocks that are half a day off at most), so window, tray and notifications mean one day. Null where it is no day.
 */
export function noonOf(day: string): string | null {
  if (endOfDay(day) === null) return null;
  const [year, month, date] = day.trim().split('-').map(Number) as [number, number, number];
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
  const two = (n: number) => String(n).padStart(2, '0');
  return `${year}-${two(month + 1)}-${two(date)}`;
}
