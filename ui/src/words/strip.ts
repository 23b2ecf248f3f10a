// When a contact was at work, as shares of the time that is drawn: one lane a device, a bar a login, a mark a restriction.

import type { ActivityStrip } from '../generated/ActivityStrip';
import type { Lane as WireLane } from '../generated/Lane';
import type { StripBar } from '../generated/StripBar';
import type { StripMark } from '../generated/StripMark';
import { reading, timeOf } from '../zone.svelte';
import { agentWords } from './place';

const DAY_MS = 24 * 60 * 60 * 1000;

/** How many days may be drawn: a month at first, two years at most. */
export const ZOOMS = [7, 30, 90, 365, 730] as const;

/** From `from` to `to`, shares of the time that is drawn, 0 to 1. */
export interface Share {
  from: number;
  to: number;
}

/** One login, or some that lie too close together to be told apart. */
export interface Bar extends Share {
  /** The newest login in it. */
  id: number;
  what: StripBar;
}

/** One device. */
export interface Lane {
  device: number | null;
  label: string;
  bars: Bar[];
}

/** One restriction; `at` is a share of the time that is drawn. */
export interface Mark {
  id: number;
  at: number;
  what: StripMark;
}

export interface Drawing {
  /** How much time is drawn. */
  days: number;
  lanes: Lane[];
  /** Two or more devices at work at once. */
  overlaps: Share[];
  marks: Mark[];
  /** Logins in all lanes. */
  logins: number;
}

function labelOf(lane: WireLane): string {
  return lane.own_name ?? agentWords(lane);
}

/** Where everything stands. */
export function drawingOf(strip: ActivityStrip): Drawing {
  const begin = Date.parse(strip.from);
  const width = Math.max(1, Date.parse(strip.until) - begin);
  const share = (iso: string) => Math.min(1, Math.max(0, (Date.parse(iso) - begin) / width));
  const lanes = strip.lanes.map((lane): Lane => ({
    device: lane.device_id,
    label: labelOf(lane),
    bars: lane.bars.map((what) => ({ id: what.session_id, from: share(what.from), to: share(what.until), what })),
  }));
  return {
    days: Math.round(width / DAY_MS),
    lanes,
    overlaps: strip.overlaps.map(({ from, until }) => ({ from: share(from), to: share(until) })),
    marks: strip.marks.map((what) => ({ id: what.restriction_id, at: share(what.at), what })),
    logins: strip.lanes.reduce((sum, lane) => sum + lane.bars.reduce((all, bar) => all + bar.sessions, 0), 0),
  };
}

/** Whether a bar lies in a time that two devices were at work in. */
export function isDouble(bar: Share, overlaps: readonly Share[]): boolean {
  return overlaps.some((overlap) => overlap.from < bar.to && overlap.to > bar.from);
}

/** Steps of the axis, where it has no more days than twice that: then each day is one. */
const STEPS = 6;

/** A day that is written below the lanes. */
export interface Tick {
  /** As the share of the width. */
  at: number;
  iso: string;
}

/** Equal steps: the share and the time of each. Of a week each day is one, so that the axis passes none over. */
export function ticksOf(until: number, days: number): Tick[] {
  const steps = days < 2 * STEPS ? days : STEPS;
  const end = reading(new Date(until));
  return Array.from({ length: steps + 1 }, (_, step) => {
    const back = (days * (steps - step)) / steps;
    // By the calendar where it is whole days: a day of 23 hours would make the label of one before it the same.
    const time = Number.isInteger(back)
      ? timeOf(end.year, end.month, end.date - back, 0, 0, 0).getTime() + end.clock
      : until - back * DAY_MS;
    return { at: step / steps, iso: new Date(time).toISOString() };
  });
}

/** Where a person may stand: at a login or at a restriction. */
export interface Stop {
  kind: 'login' | 'restriction';
  id: number;
}

/** Whether two stops are the same; nowhere is no stop. */
export function isAt(here: Stop | null, kind: Stop['kind'], id: number): boolean {
  return here !== null && here.kind === kind && here.id === id;
}

/**
 * Where a move leads: to the login that begins next or the restriction that happened next, or the one before, over all
 * lanes; `null` stays nowhere.
 */
export function nextStop(lanes: readonly Lane[], marks: readonly Mark[], here: Stop | null, step: 1 | -1): Stop | null {
  const logins = lanes.flatMap((lane) => lane.bars.map(({ id, from }) => ({ kind: 'login' as const, id, at: from })));
  const restrictions = marks.map(({ id, at }) => ({ kind: 'restriction' as const, id, at }));
  // What a login led to stands behind it.
  const order = (a: Stop, b: Stop) => Number(a.kind === 'restriction') - Number(b.kind === 'restriction');
  const stops = [...logins, ...restrictions].toSorted((a, b) => a.at - b.at || order(a, b) || a.id - b.id);
  const at = stops.findIndex((stop) => isAt(here, stop.kind, stop.id));
  // Nobody stands anywhere yet: the newest one is what people come for.
  const found = at < 0 ? stops[stops.length - 1] : stops[Math.min(stops.length - 1, Math.max(0, at + step))];
  return found ? { kind: found.kind, id: found.id } : null;
}
