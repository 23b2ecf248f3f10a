// The bars of the histogram, and what zooming makes of the time that they show. Times are milliseconds since 1970, UTC.

import type { LoginSummary } from '../../generated/LoginSummary';

/** A bar: logins that began in `at` up to, not including, `end`. */
export interface Bar {
  at: number;
  end: number;
  logins: number;
  /** How much of it was counted: nothing of what lies before the summary's `counted_from`; what is `coming` may grow. */
  counted: 'whole' | 'part' | 'none' | 'coming';
}

/** `from` up to, not including, `until`. */
export interface Range {
  from: number;
  until: number;
}

type Ends = Pick<LoginSummary, 'from' | 'until'>;

/** Zooming in ends here. */
const SHORTEST = 6 * 3_600_000;

/** Every bar of the time that the summary is about, those without logins among them. */
export function barsOf(summary: Pick<LoginSummary, 'bars' | 'from' | 'counted_from' | 'counting'>): Bar[] {
  const first = Date.parse(summary.from ?? '');
  return summary.bars.map(({ at: begins, end: ends, logins }) => {
    const [at, end] = [Date.parse(begins), Date.parse(ends)];
    return { at, end, logins, counted: countedOf(summary, Math.max(at, first), end) };
  });
}

/** How much was counted of the time from `from` up to, not including, `until`. */
function countedOf(summary: Pick<LoginSummary, 'counted_from' | 'counting'>, from: number, until: number) {
  const since = summary.counted_from === null ? -Infinity : Date.parse(summary.counted_from);
  if (until <= since) return 'none';
  if (from < since) return 'part';
  return summary.counting ? 'coming' : 'whole';
}

/**
 * The time that is asked for, open ends closed by what the answer found. The first bar may begin before it and the last
 * one end behind it, so a range that is read off them grows with every step.
 */
export function asked(question: Ends, summary: Ends): Range | null {
  const from = question.from ?? summary.from;
  const until = question.until ?? summary.until;
  if (from === null || until === null) return null;
  const range = { from: Date.parse(from), until: Date.parse(until) };
  return range.from < range.until ? range : null;
}

/** From the first to the last of two bars, in either order. */
export function spanned(bars: readonly Bar[], one: number, other: number): Range | null {
  const first = bars[Math.min(one, other)];
  const last = bars[Math.max(one, other)];
  return first && last ? { from: first.at, until: last.end } : null;
}

/** Half of what is shown, around a time inside of it; not less than six hours. */
export function nearer(shown: Range, around: number): Range {
  const width = Math.max(SHORTEST, (shown.until - shown.from) / 2);
  if (width >= shown.until - shown.from) return shown;
  const from = Math.min(Math.max(shown.from, around - width / 2), shown.until - width);
  return { from, until: from + width };
}

/** Twice what is shown; null where that is everything there is. */
export function further(shown: Range, extent: Range | null): Range | null {
  const width = shown.until - shown.from;
  const wider = { from: shown.from - width / 2, until: shown.until + width / 2 };
  if (!extent) return wider;
  if (wider.from <= extent.from && wider.until >= extent.until) return null;
  const inside = { from: Math.max(wider.from, extent.from), until: Math.min(wider.until, extent.until) };
  // What is shown lies beyond everything there is.
  return inside.from < inside.until ? inside : null;
}

/** What is shown, moved by a quarter of it, earlier (-1) or later (1), and not beyond what there is. */
export function moved(shown: Range, direction: -1 | 1, extent: Range | null): Range {
  const width = shown.until - shown.from;
  let from = shown.from + (direction * width) / 4;
  if (extent) from = Math.max(extent.from, Math.min(from, extent.until - width));
  return { from, until: from + width };
}
