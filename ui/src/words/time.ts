// Times as people read them: local, short in the list, whole on hover. The clock comes in as an argument.

import { texts } from '../texts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const clockForm = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const dayForm = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const yearForm = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
const longDayForm = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
});
const longClockForm = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  timeZoneName: 'short',
});

/** Whole local days between two moments, by the calendar. */
function daysApart(earlier: Date, later: Date): number {
  const a = Date.UTC(earlier.getFullYear(), earlier.getMonth(), earlier.getDate());
  const b = Date.UTC(later.getFullYear(), later.getMonth(), later.getDate());
  return Math.round((b - a) / DAY);
}

function read(iso: string): Date | null {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? null : date;
}

/** `21 Nov`, with the year where it is not this one. */
export function day(iso: string, now: number): string {
  const date = read(iso);
  if (!date) return iso;
  return (date.getFullYear() === new Date(now).getFullYear() ? dayForm : yearForm).format(date);
}

/** How long ago: `4 min ago`, `today, 06:12`, `yesterday`, `21 Nov`. What lies ahead (a server's clock may) is a moment. */
export function ago(iso: string | null, now: number): string {
  if (iso === null) return texts.time.never;
  const date = read(iso);
  if (!date) return iso;
  const past = now - date.getTime();
  if (past < -MINUTE) return moment(iso, now);
  if (past < MINUTE) return texts.time.now;
  if (past < HOUR) return texts.time.minutes(Math.floor(past / MINUTE));
  if (past < 6 * HOUR) return texts.time.hours(Math.floor(past / HOUR));
  const days = daysApart(date, new Date(now));
  if (days === 0) return texts.time.today(clockForm.format(date));
  if (days === 1) return texts.time.yesterday;
  return day(iso, now);
}

/** When, to the minute: `today 14:51`, `yesterday 22:08`, `21 Nov 14:03`, `21 Nov 2025 14:03`. */
export function moment(iso: string, now: number): string {
  const date = read(iso);
  if (!date) return iso;
  const clock = clockForm.format(date);
  const days = daysApart(date, new Date(now));
  if (days === 0) return texts.time.todayAt(clock);
  if (days === 1) return texts.time.yesterdayAt(clock);
  return `${day(iso, now)} ${clock}`;
}

/** As `moment`, but today is the clock alone: `14:02`. */
export function clockOrMoment(iso: string, now: number): string {
  const date = read(iso);
  if (!date) return iso;
  return daysApart(date, new Date(now)) === 0 ? clockForm.format(date) : moment(iso, now);
}

/** With weekday, seconds and zone, for the hover. */
export function exact(iso: string | null): string {
  if (iso === null) return '';
  const date = read(iso);
  return date ? `${longDayForm.format(date)}, ${longClockForm.format(date)}` : iso;
}

/** A span in its two largest units: `45 s`, `12 min`, `1 h 05 min`, `2 d 3 h`. Below zero is zero. */
export function span(ms: number): string {
  const left = Math.max(0, ms);
  if (left < MINUTE) return texts.time.s(Math.floor(left / 1000));
  if (left < HOUR) return texts.time.min(Math.floor(left / MINUTE));
  if (left < DAY) return texts.time.hMin(Math.floor(left / HOUR), Math.floor((left % HOUR) / MINUTE));
  return texts.time.dH(Math.floor(left / DAY), Math.floor((left % DAY) / HOUR));
}

/** The span between two times; empty where one of them is no time. */
export function between(from: string, to: string): string {
  const a = read(from);
  const b = read(to);
  return a && b ? span(b.getTime() - a.getTime()) : '';
}
