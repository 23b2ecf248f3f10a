// A contact's last 30 days as lanes of bars: one lane a device, a bar a session, a mark a restriction.

import type { Restriction } from '../generated/Restriction';
import type { Session } from '../generated/Session';
import { agentWords } from './place';

/** Days that are drawn. */
export const DAYS = 30;

const DAY_MS = 24 * 60 * 60 * 1000;

/** Shorter overlaps say nothing: last activity is written every 30 seconds at best, and people change devices. */
const OVERLAP_MS = 5 * 60 * 1000;

/** One session; `from` and `to` are shares of the 30 days, 0 to 1. */
export interface Bar {
  id: number;
  from: number;
  to: number;
  /** Overlaps a session on another device of the same kind from another network. */
  double: boolean;
  session: Session;
}

/** One device. */
export interface Lane {
  device: number | null;
  label: string;
  bars: Bar[];
}

/** One restriction; `at` is a share of the 30 days. */
export interface Mark {
  id: number;
  at: number;
  restriction: Restriction;
}

export interface Strip {
  /** The device that was used last stands first. */
  lanes: Lane[];
  /** Lanes that did not fit. */
  more: number;
  marks: Mark[];
  /** Sessions in all lanes. */
  logins: number;
}

/** What counts as one network: the /24 of an IPv4 address, the /48 of an IPv6 one. */
export function networkOf(ip: string): string {
  if (!ip.includes(':')) return ip.split('.').slice(0, 3).join('.');
  const [head = '', tail] = ip.toLowerCase().split('::');
  const front = head.split(':').filter(Boolean);
  const back = tail === undefined ? [] : tail.split(':').filter(Boolean);
  const gap = tail === undefined ? 0 : Math.max(0, 8 - front.length - back.length);
  return [...front, ...Array<string>(gap).fill('0'), ...back].slice(0, 3).join(':');
}

interface Span {
  session: Session;
  start: number;
  end: number;
}

function overlaps(a: Span, b: Span): boolean {
  return (
    a.session.device_id !== b.session.device_id &&
    a.session.device_type === b.session.device_type &&
    Math.min(a.end, b.end) - Math.max(a.start, b.start) >= OVERLAP_MS &&
    networkOf(a.session.ip) !== networkOf(b.session.ip)
  );
}

/** Draws what lies in the 30 days before `now` (milliseconds since 1970), at most `most` lanes. */
export function stripOf(sessions: Session[], restrictions: Restriction[], now: number, most: number): Strip {
  const begin = now - DAYS * DAY_MS;
  const share = (ms: number) => Math.min(1, Math.max(0, (ms - begin) / (now - begin)));

  const spans = sessions
    .filter((session) => session.outcome === 'allowed')
    .map((session): Span => {
      const start = Date.parse(session.started_at);
      return { session, start, end: Math.max(start, Date.parse(session.last_activity_at)) };
    })
    .filter((span) => span.end >= begin && span.start <= now)
    .sort((a, b) => a.start - b.start);

  const doubled = new Set<number>();
  spans.forEach((a, at) => {
    for (let next = at + 1; next < spans.length; next++) {
      const b = spans[next];
      if (!b || b.start > a.end) break;
      if (overlaps(a, b)) doubled.add(a.session.id).add(b.session.id);
    }
  });

  const lanes = new Map<number | null, Lane>();
  for (const { session, start, end } of spans.toReversed()) {
    const device = session.device_id;
    const lane = lanes.get(device) ?? { device, label: agentWords(session, session.user_agent), bars: [] };
    lanes.set(device, lane);
    lane.bars.push({ id: session.id, from: share(start), to: share(end), double: doubled.has(session.id), session });
  }

  const marks = restrictions
    .filter((one) => Date.parse(one.occurred_at) >= begin && Date.parse(one.occurred_at) <= now)
    .map((restriction): Mark => ({ id: restriction.id, at: share(Date.parse(restriction.occurred_at)), restriction }));

  const all = [...lanes.values()];
  return { lanes: all.slice(0, most), more: Math.max(0, all.length - most), marks, logins: spans.length };
}

/** Every fifth day: its share of the 30 days and its time. */
export function ticksOf(now: number): { at: number; iso: string }[] {
  return Array.from({ length: DAYS / 5 + 1 }, (_, step) => {
    const ms = now - (DAYS - step * 5) * DAY_MS;
    return { at: (step * 5) / DAYS, iso: new Date(ms).toISOString() };
  });
}
