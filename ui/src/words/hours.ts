// Times of day as people write and read them, by a clock of 24 hours.

const DAY = 24 * 60;
/** What an arrow key goes to the next of, in minutes. */
const STEP = 15;

/** `7`, `7:30`, `7.30`, `730`, `0730`. */
const WRITTEN = /^(\d{1,2})(?:[:.]?(\d{2}))?$/;

const two = (n: number) => String(n).padStart(2, '0');

/** So many minutes after midnight; those of the day before and after are this day's, too. */
function timeOf(minutes: number): string {
  const within = (minutes + DAY) % DAY;
  return `${two(Math.floor(within / 60))}:${two(within % 60)}`;
}

/** A time of day that was written in one of the ways, as `07:30`; null where that is none. 24:00 is midnight. */
export function readTime(written: string): string | null {
  const parts = WRITTEN.exec(written.trim());
  if (!parts) return null;
  const [hours, minutes] = [Number(parts[1]), Number(parts[2] ?? 0)];
  const all = hours * 60 + minutes;
  return minutes < 60 && all <= DAY ? timeOf(all) : null;
}

/** The quarter of an hour behind `07:10`, or before it; past midnight the day begins anew. */
export function nextQuarter(time: string, by: 1 | -1): string {
  const [hours, minutes] = time.split(':').map(Number) as [number, number];
  const quarters = (hours * 60 + minutes) / STEP;
  return timeOf((by > 0 ? Math.floor(quarters) + 1 : Math.ceil(quarters) - 1) * STEP);
}
