import { expect, test } from 'vitest';

import { parted } from './address';

test.each([
  ['192.168.100.228', '192.168.100.228', '', '0.5ch'],
  ['2001:db8::1', '2001:db8::1', '', '0.5ch'],
  ['2001:db8:85a3:8d3:1319:8a2e:370:7348', '2001:db8:85a3:8d3:1319:8a2e:370', ':7348', '5.0ch'],
  ['2001:db8:85a3:8d3::beef', '2001:db8:85a3:8d3:', ':beef', '5.4ch'],
  ['2001:db8:85a3:8d3:1319:8a2e::', '2001:db8:85a3:8d3:1319', ':8a2e::', '6.2ch'],
  ['::ffff:192.168.100.228', '::ffff', ':192.168.100.228', '14.5ch'],
])('the end of a long address is kept apart from what may be cut off: %s', (ip, head, tail, room) => {
  expect(parted(ip)).toEqual({ head, tail, room });
});
