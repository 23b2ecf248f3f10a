import { expect, test } from 'vitest';

import { consequences } from './block';

const device = (also_used_by = 0) => ({ also_used_by });
const effect = (only_recent_device: boolean, active_sessions: number) => ({ only_recent_device, active_sessions });

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
])('case %#: what a block will do', (devices, effects, said) => {
  expect(consequences(devices, effects).map((one) => one.text)).toEqual(said);
});

test('locking the student out is the grave one', () => {
  expect(consequences([device(1)], [effect(true, 3)]).map((one) => one.grave)).toEqual([true, false, false]);
});
