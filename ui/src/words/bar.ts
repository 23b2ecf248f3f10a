// The bars of a histogram in words. They are cut in UTC: an hour is read off any clock, a day is said to be UTC's where
// times are read off another.

import type { BarSpan } from '../generated/BarSpan';
import { forLanguage, t, type PlainKey } from '../language.svelte';
import { dates, isOff } from '../zone.svelte';

const forms = (options: Intl.DateTimeFormatOptions) =>
  forLanguage(
    (language) => new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, { ...options, timeZone: 'UTC' }),
  );

const hourForm = dates({ day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
const dayForm = forms({ day: 'numeric', month: 'short' });
const dayYearForm = forms({ day: 'numeric', month: 'short', year: 'numeric' });
const monthForm = forms({ month: 'short', year: 'numeric' });
const yearForm = forms({ year: 'numeric' });

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

/** Whether days begin elsewhere than in the bars of this span. */
export function isForeign(span: BarSpan, at: number): boolean {
  return span !== 'hour' && isOff(at);
}

/** When a bar begins, as short as it says which: `21 Nov`, `Nov 2026`, `21 Nov, 14:00`. Times are milliseconds. */
export function barMoment(span: BarSpan, at: number, now: number): string {
  const thisYear = new Date(at).getUTCFullYear() === new Date(now).getUTCFullYear();
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

/** A bar as a sentence: `21 Nov – 27 Nov: 143 logins`. */
export function barWords(span: BarSpan, bar: { at: number; end: number; logins: number }, now: number): string {
  const first = barMoment(span, bar.at, now);
  const when =
    span === 'week' ? t('logins.chip.range', { from: first, until: barMoment(span, bar.end - 1, now) }) : first;
  const said = isForeign(span, bar.at) ? t('logins.bars.in_utc', { when }) : when;
  return t('logins.bars.bar', { when: said, count: bar.logins });
}
