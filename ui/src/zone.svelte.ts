// The clock that times are read off: this computer's, or UTC. Whatever asks while it is drawn is drawn anew when the
// person changes over.

import type { Times } from './generated/Times';
import { forLanguage } from './language.svelte';

let utc = $state(false);

/** Reads times off this clock from now on. */
export function readBy(times: Times): void {
  utc = times === 'utc';
}

/** Whether times are UTC's. */
export function inUtc(): boolean {
  return utc;
}

/** A time as the calendar and the clock have it; `month` is 0 to 11. */
export interface Reading {
  year: number;
  month: number;
  date: number;
  /** Milliseconds since the day began, by the clock's face. */
  clock: number;
}

/** What calendar and clock say at a time. */
export function reading(date: Date): Reading {
  const face = (h: number, min: number, s: number, ms: number) => ((h * 60 + min) * 60 + s) * 1000 + ms;
  return utc
    ? {
        year: date.getUTCFullYear(),
        month: date.getUTCMonth(),
        date: date.getUTCDate(),
        clock: face(date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds(), date.getUTCMilliseconds()),
      }
    : {
        year: date.getFullYear(),
        month: date.getMonth(),
        date: date.getDate(),
        clock: face(date.getHours(), date.getMinutes(), date.getSeconds(), date.getMilliseconds()),
      };
}

/** The time at which calendar and clock say this; a day behind the month's last is one of the next month. */
export function timeOf(year: number, month: number, date: number, h = 0, min = 0, s = 0): Date {
  return utc ? new Date(Date.UTC(year, month, date, h, min, s)) : new Date(year, month, date, h, min, s);
}

/** A form of dates in the language that is spoken; English ones are written the British way, the day before the month. */
export function dates(options: Intl.DateTimeFormatOptions): () => Intl.DateTimeFormat {
  const form = (zone: Intl.DateTimeFormatOptions) =>
    forLanguage((language) => new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, { ...options, ...zone }));
  const [here, there] = [form({}), form({ timeZone: 'UTC' })];
  return () => (utc ? there() : here());
}
