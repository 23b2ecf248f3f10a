// IP addresses that are longer than the room they have.

/** Letters of the longest IPv4 address: every list has room for these. */
const SHORT = 15;

/** Widths in those of a zero; the widest letters of the usual typefaces are a tenth wider. */
const LETTER = 1.1;
const POINT = 0.5;
/** What is left over, so that no rounding of widths cuts the end after all. */
const SPARE = 0.5;

/** An address in two parts, of which the first may be cut off: many begin alike, and the end tells them apart. */
export interface Parted {
  head: string;
  /** Empty where the whole is short. */
  tail: string;
  /** How much room the end takes at most, in CSS. */
  room: string;
}

/** The last group of an IPv6 address with its colon; an IPv4 address that stands there is one. */
const LAST_GROUP = /:[^:]*(?:::)?$/;

export function parted(ip: string): Parted {
  const tail = ip.length > SHORT ? (LAST_GROUP.exec(ip)?.[0] ?? '') : '';
  const zeros = [...tail].reduce((sum, sign) => sum + (/[:.]/.test(sign) ? POINT : /\d/.test(sign) ? 1 : LETTER), 0);
  return { head: ip.slice(0, ip.length - tail.length), tail, room: `${(zeros + SPARE).toFixed(1)}ch` };
}
