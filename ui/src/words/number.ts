// Numbers as people read them.

const whole = new Intl.NumberFormat('en');
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

/** `2,418`. */
export function count(n: number): string {
  return whole.format(n);
}

/** `2,418` up to 99,999, then `1.2 M`. */
export function brief(n: number): string {
  return n < 100_000 ? whole.format(n) : compact.format(n).replace(/([A-Z])$/, '\u00a0$1');
}

/** `1 login`, `2,418 logins`. */
export function plural(n: number, one: string, many: string): string {
  return `${count(n)} ${n === 1 ? one : many}`;
}
