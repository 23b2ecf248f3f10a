// Times as people read them: short in the list, whole on hover. The time that it is comes in as an argument.

import type { Session } from '../generated/Session';
import { forLanguage, t } from '../language.svelte';
import { dates, reading } from '../zone.svelte';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const clockForm = dates({ hour: '2-digit', minute: '2-digit' });
const dayForm = dates({ day: 'numeric', month: 'short' });
const yearForm = dates({ day: 'numeric', month: 'short', year: 'numeric' });
const longDayForm = dates({ weekday: 'short', day: 'numeric', month: 'long', year: 'numeric' });
const longClockForm = dates({ hour: '2-digit', minute: '2-digit', second: '2-digit', timeZoneName: 'short' });

/** The word for *year* that Ukrainian and Russian write behind one. */
const YEAR_WORD = /\s[рг]\.$/u;

/** Whole days between two moments, by the calendar. */
function daysApart(earlier: Date, later: Date): number {
  const [a, b] = [reading(earlier), reading(later)];
  return Math.round((Date.UTC(b.year, b.month, b.date) - Date.UTC(a.year, a.month, a.date)) / DAY);
}

function read(iso: string): Date | null {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? null : date;
}

/** `21 Nov`, with the year where it is not this one. */
export function day(iso: string, now: number): string {
  const date = read(iso);
  if (!date) return iso;
  const thisYear = reading(date).year === reading(new Date(now)).year;
  return (thisYear ? dayForm() : yearForm()).format(date).replace(YEAR_WORD, '');
}

/** How long ago: `4 min ago`, `today 06:12`, `yesterday`, `21 Nov`. What lies ahead (a server's clock may) is a moment. */
export function ago(iso: string | null, now: number): string {
  if (iso === null) return t('time.never');
  const date = read(iso);
  if (!date) return iso;
  const past = now - date.getTime();
  if (past < -MINUTE) return moment(iso, now);
  if (past < MINUTE) return t('time.now');
  if (past < HOUR) return t('time.minutes', { count: Math.floor(past / MINUTE) });
  if (past < 6 * HOUR) return t('time.hours', { count: Math.floor(past / HOUR) });
  const days = daysApart(date, new Date(now));
  if (days === 0) return t('time.today', { clock: clockForm().format(date) });
  if (days === 1) return t('time.yesterday');
  return day(iso, now);
}

/** When, to the minute: `today 14:51`, `yesterday 22:08`, `21 Nov 14:03`, `21 Nov 2025 14:03`. */
export function moment(iso: string, now: number): string {
  const date = read(iso);
  if (!date) return iso;
  const clock = clockForm().format(date);
  const days = daysApart(date, new Date(now));
  if (days === 0) return t('time.today', { clock });
  if (days === 1) return t('time.yesterday_at', { clock });
  return `${day(iso, now)} ${clock}`;
}

/** As `moment`, but today is the clock alone: `14:02`. */
export function clockOrMoment(iso: string, now: number): string {
  const date = read(iso);
  if (!date) return iso;
  return daysApart(date, new Date(now)) === 0 ? clockForm().format(date) : moment(iso, now);
}

/** With weekday, seconds and zone, for the hover. */
export function exact(iso: string | null): string {
  if (iso === null) return '';
  const date = read(iso);
  return date ? `${longDayForm().format(date)}, ${longClockForm().format(date)}` : iso;
}

function hoursAndMinutes(h: number, min: number): string {
  return min === 0 ? t('time.h', { h }) : t('time.h_min', { h, min: String(min).padStart(2, '0') });
}

function daysAndHours(d: number, h: number): string {
  return h === 0 ? t('time.d', { d }) : t('time.d_h', { d, h });
}

/** A span in its two largest units: `45 s`, `12 min`, `1 h 05 min`, `2 d 3 h`. Below zero is zero. */
export function span(ms: number): string {
  const left = Math.max(0, ms);
  if (left < MINUTE) return t('time.s', { count: Math.floor(left / 1000) });
  if (left < HOUR) return t('time.min', { count: Math.floor(left / MINUTE) });
  if (left < DAY) return hoursAndMinutes(Math.floor(left / HOUR), Math.floor((left % HOUR) / MINUTE));
  return daysAndHours(Math.floor(left / DAY), Math.floor((left % DAY) / HOUR));
}

/** The span between two times; empty where one of them is no time. */
export function between(from: string, to: string): string {
  const a = read(from);
  const b = read(to);
  return a && b ? span(b.getTime() - a.getTime()) : '';
}

/** How long a login lasted: to its end, or to its last activity where only time has ended it, or nothing yet. */
export function howLong(login: Pick<Session, 'started_at' | 'last_activity_at' | 'ended_at' | 'end_reason'>): string {
  const ended = login.end_reason === 'expired' ? null : login.ended_at;
  return between(login.started_at, ended ?? login.last_activity_at);
}

// In UTC, so that no clock moves the day.
const weekdayForms = {
  short: forLanguage((language) => new Intl.DateTimeFormat(language, { weekday: 'short', timeZone: 'UTC' })),
  long: forLanguage((language) => new Intl.DateTimeFormat(language, { weekday: 'long', timeZone: 'UTC' })),
};

/** The name of a day of the week; Monday is 0. */
export function weekday(day: number, form: 'short' | 'long'): string {
  // The 1st of January 2024 was a Monday.
  return weekdayForms[form]().format(Date.UTC(2024, 0, 1 + day));
}
