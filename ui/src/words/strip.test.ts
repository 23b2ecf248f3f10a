import { expect, test } from 'vitest';

import type { ActivityStrip } from '../generated/ActivityStrip';
import { drawingOf, isDouble, nextStop, ticksOf, type Stop } from './strip';
import { dayAfter, dayOf } from './until';

const at = (day: number) => `2026-11-${String(day).padStart(2, '0')}T00:00:00Z`;
const bar = (from: number, until: number, session_id: number, sessions = 1) => ({
  from: at(from),
  until: at(until),
  session_id,
  sessions,
  denied: 0,
});
const lane = (device_id: number, own_name: string | null, bars: ReturnType<typeof bar>[]) => ({
  device_id,
  own_name,
  access: 'allowed',
  browser: 'Chrome 131',
  os: 'Windows 10',
  device_type: 'desktop',
  bars,
});
const strip: ActivityStrip = {
  from: at(1),
  until: at(11),
  lanes: [lane(1, 'Lab laptop', [bar(2, 4, 20, 3), bar(6, 7, 22)]), lane(2, null, [bar(3, 5, 21)])],
  other_devices: 0,
  overlaps: [{ from: at(3), until: at(4) }],
  marks: [
    {
      restriction_id: 7,
      at: at(6),
      rule: { code: 'device_limit', text: '', limit: 5, observed: 6 },
      device_id: 1,
      status: 'viewed',
    },
  ],
  cut: false,
};

test('logins and restrictions stand where they lie in the time that is drawn', () => {
  const drawing = drawingOf(strip);
  expect(drawing.lanes[0]?.bars[0]).toMatchObject({ id: 20, from: 0.1, to: 0.3 });
  expect(drawing.marks[0]).toMatchObject({ id: 7, at: 0.5 });
  expect(drawing.logins).toBe(5);
});

test('a device is called by the owner’s name, else by what it is', () => {
  expect(drawingOf(strip).lanes.map((one) => one.label)).toEqual(['Lab laptop', 'Chrome 131 · Windows 10']);
});

test('what lies outside is drawn at the edge', () => {
  const drawing = drawingOf({ ...strip, lanes: [lane(1, null, [bar(1, 30, 1)])] });
  expect(drawing.lanes[0]?.bars[0]).toMatchObject({ from: 0, to: 1 });
});

test('bars that two devices were at work in are told apart', () => {
  const { lanes, overlaps } = drawingOf(strip);
  expect(lanes.map((one) => one.bars.map((drawn) => isDouble(drawn, overlaps)))).toEqual([[true, false], [true]]);
});

test('arrows lead from login to login and restriction over all devices, beginning at the newest', () => {
  const { lanes, marks } = drawingOf(strip);
  const login = (id: number): Stop => ({ kind: 'login', id });
  const restriction: Stop = { kind: 'restriction', id: 7 };
  expect(nextStop(lanes, marks, null, -1)).toEqual(restriction);
  expect(nextStop(lanes, marks, restriction, 1)).toEqual(restriction);
  expect(nextStop(lanes, marks, restriction, -1)).toEqual(login(22));
  expect(nextStop(lanes, marks, login(22), 1)).toEqual(restriction);
  expect(nextStop(lanes, marks, login(22), -1)).toEqual(login(21));
  expect(nextStop(lanes, marks, login(21), -1)).toEqual(login(20));
  expect(nextStop(lanes, marks, login(20), -1)).toEqual(login(20));
  expect(nextStop([], marks, null, 1)).toEqual(restriction);
  expect(nextStop([], [], null, 1)).toBeNull();
});

test('the ticks reach from the first day to now', () => {
  const now = Date.parse('2026-11-30T12:00:00Z');
  const ticks = ticksOf(now, 30);
  expect(ticks.map((tick) => tick.at)).toEqual([0, 1 / 6, 2 / 6, 0.5, 4 / 6, 5 / 6, 1]);
  expect(ticks[0]?.iso).toBe('2026-10-31T12:00:00.000Z');
  expect(ticks[6]?.iso).toBe('2026-11-30T12:00:00.000Z');
});

test.each(['2026-11-30T12:00:00Z', '2026-10-28T00:30:00Z', '2026-03-31T22:30:00Z'])(
  'the axis of a week passes no day over, also where the clocks change (%s)',
  (now) => {
    const ticks = ticksOf(Date.parse(now), 7);
    const days = ticks.map(({ iso }) => dayOf(iso));
    const last = days.at(-1) ?? '';
    expect(days).toEqual(Array.from({ length: 8 }, (_, at) => dayAfter(last, at - 7)));
    expect(ticks.map(({ at }) => at)).toEqual(days.map((_, at) => at / 7));
  },
);
