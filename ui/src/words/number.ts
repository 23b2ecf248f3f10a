// Numbers as people read them.

import { forLanguage } from '../language.svelte';

const whole = forLanguage((language) => new Intl.NumberFormat(language));
const compact = forLanguage(
  (language) => new Intl.NumberFormat(language, { notation: 'compact', maximumFractionDigits: 1 }),
);

/** Numbers below this are written in full. */
const LONG = 100_000;

/** `2,418`. */
export function count(n: number): string {
  return whole().format(n);
}

/** `2,418` up to 99,999, then `1.2 M`. */
export function brief(n: number): string {
  return n < LONG
    ? whole().format(n)
    : compact()
        .format(n)
        .replace(/(\d)([A-Z])$/, '$1\u00a0$2');
}

/** The number that `brief` says: the noun behind it agrees with this one. */
export function briefly(n: number): number {
  return n < LONG ? n : Math.round(n / 1000) * 1000;
}
