import { expect, test } from 'vitest';

import { consequences } from './block';

const device = (also_used_by = 0, contact_id = 7, contact_name = '') => ({ also_used_by, contact_id, contact_name });
const effect = (only_recent_device: boolean, active_sessions: number) => ({ only_recent_device, active_sessions });

/** What is said of these devices, numbered in their order. */
const said = (devices: ReturnType<typeof device>[], effects: ReturnType<typeof effect>[]) =>
  consequences(
    devices.map((one, id) => ({ ...one, id })),
    effects.map((one, device_id) => ({ ...one, device_id })),
  );

test.each([
  [[device()], [effect(false, 0)], ['No session is active on it, as far as known here.']],
  [[device()], [effect(false, 1)], ['1 active session will end.']],
  [
    [device(2)],
    [effect(true, 2)],
    [
      'It is the only device used in the last 30 days: the student cannot come in from any other known one.',
      '2 active sessions will end.',
      'The same browser is also used by 2 other contacts; their access does not change.',
    ],
  ],
  [
    [device(1), device(), device(4)],
    [effect(true, 1), effect(true, 0), effect(false, 2)],
    [
      'Among them is every device used in the last 30 days: the student cannot come in from any other known one.',
      '3 active sessions will end.',
      '2 of them are also used by other contacts; their access does not change.',
    ],
  ],
  [
    [device(), device(1)],
    [],
    [
      'No session is active on them, as far as known here.',
      '1 of them is also used by other contacts; their access does not change.',
    ],
  ],
])('case %#: what a block will do', (devices, effects, words) => {
  expect(said(devices, effects).map((one) => one.text)).toEqual(words);
});

test('locking the student out is the grave one', () => {
  expect(said([device(1)], [effect(true, 3)]).map((one) => one.grave)).toEqual([true, false, false]);
});

test('of devices of several students it is said how many are locked out, and who the first of them are', () => {
  const names = ['Ann', 'Ben', 'Cat', 'Dan', 'Eve'];
  const devices = names.map((name, at) => device(0, at, name));
  const first = (out: number) => {
    const [grave] = said(
      [...devices, device(0, 0, 'Ann')],
      [...names.map((_, at) => effect(at < out, 0)), effect(out > 0, 0)],
    );
    return grave?.text.replace(/[\u2068\u2069]/g, '');
  };
  expect(first(1)).toBe('1 student would lose every device used in the last 30 days: Ann.');
  expect(first(2)).toBe('2 students would lose every device used in the last 30 days: Ann, Ben.');
  expect(first(5)).toBe('5 students would lose every device used in the last 30 days: Ann, Ben, Cat, +2.');
  expect(first(0)).toBe('No session is active on them, as far as known here.');
});
