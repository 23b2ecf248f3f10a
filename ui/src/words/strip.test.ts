import { expect, test } from 'vitest';

import type { Restriction } from '../generated/Restriction';
import type { Session } from '../generated/Session';
import { networkOf, stripOf, ticksOf } from './strip';

const now = Date.parse('2026-11-23T12:00:00Z');
const hour = 3_600_000;

const session = (id: number, device_id: number | null, hoursAgo: number, hours: number, part: Partial<Session> = {}) =>
  ({
    id,
    device_id,
    outcome: 'allowed',
    ip: `10.0.${device_id}.1`,
    device_type: 'desktop',
    browser: 'Chrome 131',
    os: null,
    user_agent: '',
    started_at: new Date(now - hoursAgo * hour).toISOString(),
    last_activity_at: new Date(now - (hoursAgo - hours) * hour).toISOString(),
    ...part,
  }) as Session;

const doubled = (sessions: Session[]) =>
  stripOf(sessions, [], now, 9)
    .lanes.flatMap((lane) => lane.bars)
    .filter((bar) => bar.double)
    .map((bar) => bar.id)
    .sort();

test('each device has its lane, the one that was used last first', () => {
  const strip = stripOf([session(1, 1, 50, 1), session(2, 2, 10, 1), session(3, 1, 90, 1)], [], now, 9);
  expect(strip.lanes.map((lane) => lane.device)).toEqual([2, 1]);
  expect(strip.lanes[1]?.bars).toHaveLength(2);
  expect(strip.logins).toBe(3);
});

test('lanes that do not fit are counted', () => {
  const strip = stripOf(
    [1, 2, 3, 4].map((id) => session(id, id, id, 0.5)),
    [],
    now,
    3,
  );
  expect(strip.lanes).toHaveLength(3);
  expect(strip.more).toBe(1);
});

test('bars stand where they belong in the 30 days and are cut at their edges', () => {
  const strip = stripOf([session(1, 1, 360, 36), session(2, 2, 730, 20), session(3, 3, 900, 1)], [], now, 9);
  const bars = strip.lanes.flatMap((lane) => lane.bars);
  expect(bars.map(({ id, from, to }) => [id, from, to])).toEqual([
    [1, 0.5, 0.55],
    [2, 0, expect.closeTo(10 / 720)],
  ]);
});

test('two devices of one kind at once from different networks stand out', () => {
  expect(doubled([session(1, 1, 10, 2), session(2, 2, 9, 2)])).toEqual([1, 2]);
});

test.each([
  ['one after the other', [session(1, 1, 10, 1), session(2, 2, 8, 1)]],
  ['less than five minutes', [session(1, 1, 10, 1), session(2, 2, 9.05, 1)]],
  ['a phone beside a laptop', [session(1, 1, 10, 2), session(2, 2, 9, 2, { device_type: 'mobile' })]],
  ['the same network', [session(1, 1, 10, 2, { ip: '10.0.0.1' }), session(2, 2, 9, 2, { ip: '10.0.0.9' })]],
  ['the same device', [session(1, 1, 10, 2), session(2, 1, 9, 2, { ip: '9.9.9.9' })]],
  ['a refused login', [session(1, 1, 10, 2), session(2, 2, 9, 2, { outcome: 'denied' })]],
])('%s does not stand out', (_, sessions) => {
  expect(doubled(sessions)).toEqual([]);
});

test('only restrictions of the 30 days are marked', () => {
  const at = (hoursAgo: number, id: number) =>
    ({ id, occurred_at: new Date(now - hoursAgo * hour).toISOString() }) as Restriction;
  const strip = stripOf([], [at(360, 1), at(721, 2)], now, 3);
  expect(strip.marks.map(({ id, at }) => [id, at])).toEqual([[1, 0.5]]);
});

test.each([
  ['93.74.11.5', '93.74.11'],
  ['2001:db8:85a3::8a2e:370:1', '2001:db8:85a3'],
  ['2001:DB8::1', '2001:db8:0'],
  ['::1', '0:0:0'],
  ['nonsense', 'nonsense'],
])('the network of %s is %s', (ip, network) => {
  expect(networkOf(ip)).toBe(network);
});

test('the axis names every fifth day', () => {
  expect(ticksOf(now).map(({ at }) => Math.round(at * 30))).toEqual([0, 5, 10, 15, 20, 25, 30]);
});
