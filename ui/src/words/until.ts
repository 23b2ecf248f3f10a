// The end of an exception: whole local days, to their last second.

/** The last second of a day written `2026-12-07`, as UTC; null where that is no day. */
export function endOfDay(day: string): string | null {
  const parts = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(day.trim());
  if (!parts) return null;
  const [year, month, date] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  const end = new Date(year, month - 1, date, 23, 59, 59);
  // The 31st of a month with 30 days is no day.
  return end.getMonth() === month - 1 && end.getDate() === date ? end.toISOString() : null;
}

/** The last second of the day that is `days` days after `now` (milliseconds since 1970), as UTC. */
export function endInDays(days: number, now: number): string {
  const today = new Date(now);
  return new Date(today.getFullYear(), today.getMonth(), today.getDate() + days, 23, 59, 59).toISOString();
}

/** The local day of a time, `2026-12-07`. */
export function dayOf(iso: string): string {
  const date = new Date(iso);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
