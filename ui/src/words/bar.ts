// The bars of a histogram in words. They are cut by the clock that times are read off.

import type { BarSpan } from '../generated/BarSpan';
import type { LoginSummary } from '../generated/LoginSummary';
import { t, type PlainKey } from '../language.svelte';
import type { Bar } from '../screens/logins/bars';
import { dates, reading } from '../zone.svelte';
import { moment } from './time';

const hourForm = dates({ day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
const dayForm = dates({ day: 'numeric', month: 'short' });
const dayYearForm = dates({ day: 'numeric', month: 'short', year: 'numeric' });
const monthForm = dates({ month: 'short', year: 'numeric' });
const yearForm = dates({ year: 'numeric' });

const SPANS: Record<BarSpan, PlainKey> = {
  hour: 'logins.bars.hour',
  day: 'logins.bars.day',
  week: 'logins.bars.week',
  month: 'logins.bars.month',
  year: 'logins.bars.year',
};

/** What a bar spans: `a day`. */
export function spanWords(span: BarSpan): string {
  return t(SPANS[span]);
}

/** When a bar begins, as short as it says which: `21 Nov`, `Nov 2026`, `21 Nov, 14:00`. Times are milliseconds. */
export function barMoment(span: BarSpan, at: number, now: number): string {
  const thisYear = reading(new Date(at)).year === reading(new Date(now)).year;
  switch (span) {
    case 'hour':
      return hourForm().format(at);
    case 'day':
    case 'week':
      return (thisYear ? dayForm() : dayYearForm()).format(at);
    case 'month':
      return monthForm().format(at);
    case 'year':
      return yearForm().format(at);
  }
}

/** What was counted, where that is not everything: `counted since 2 Jul`; else empty. */
export function partWords(summary: Pick<LoginSummary, 'counted_from' | 'counting'>, now: number): string {
  if (summary.counted_from !== null) return t('logins.part_since', { day: moment(summary.counted_from, now) });
  return summary.counting ? t('logins.part_counting') : '';
}

/** What is said of all bars: `peak: 143 a week · still counting`. Where nothing is counted there is no peak. */
export function headWords(
  summary: Pick<LoginSummary, 'span' | 'counted_from' | 'counting'>,
  bars: readonly Bar[],
  now: number,
): string {
  if (bars.length === 0) return '';
  const most = Math.max(...bars.map((bar) => bar.logins));
  const peak = most > 0 ? t('logins.bars.most', { count: most, span: spanWords(summary.span) }) : '';
  return [peak, partWords(summary, now)].filter(Boolean).join(' · ');
}

/** A bar as a sentence: `21 Nov – 27 Nov: 143 logins`. Time that was not counted has no number, not even none. */
export function barWords(
  { span, counted_from }: Pick<LoginSummary, 'span' | 'counted_from'>,
  bar: Bar,
  now: number,
): string {
  const first = barMoment(span, bar.at, now);
  const when =
    span === 'week' ? t('logins.chip.range', { from: first, until: barMoment(span, bar.end - 1, now) }) : first;
  const count = bar.logins;
  switch (bar.counted) {
    case 'none':
      return t('logins.bars.uncounted', { when });
    case 'part':
      return t('logins.bars.part', { when, count, day: moment(counted_from ?? '', now) });
    case 'coming':
      return t('logins.bars.counting', { when, count });
    case 'whole':
      return t('logins.bars.bar', { when, count });
  }
}
