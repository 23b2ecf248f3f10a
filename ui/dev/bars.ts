// How the invented school cuts a time into bars, by the clock that times are read off.

import type { BarSpan } from '../src/generated/BarSpan';
import { reading, timeOf } from '../src/zone.svelte';

const HOUR = 3_600_000;
const DAYS: Partial<Record<BarSpan, number>> = { day: 1, week: 7 };

/** Where the bar begins that a time lies in, or one so many bars behind it. */
function begin(span: BarSpan, at: number, behind = 0): number {
  if (span === 'hour') return Math.floor(at / HOUR + behind) * HOUR;
  const { year, month, date } = reading(new Date(at));
  if (span === 'year') return timeOf(year + behind, 0, 1).getTime();
  if (span === 'month') return timeOf(year, month + behind, 1).getTime();
  const sinceMonday = span === 'week' ? (new Date(Date.UTC(year, month, date)).getUTCDay() + 6) % 7 : 0;
  return timeOf(year, month, date - sinceMonday + behind * (DAYS[span] ?? 1)).getTime();
}

/** The bars of a time, one behind the other. */
export function cut(span: BarSpan, from: number, until: number): { at: number; end: number }[] {
  const bars = [];
  for (let at = begin(span, from); at < until; at = begin(span, at, 1)) bars.push({ at, end: begin(span, at, 1) });
  return bars;
}
