// What a block will do, said before it is done.

import type { BlockEffect } from '../generated/BlockEffect';
import type { Device } from '../generated/Device';
import { texts } from '../texts';

/** One consequence; a grave one locks the student out. */
export interface Consequence {
  text: string;
  grave: boolean;
}

/** The consequences of blocking `devices`, gravest first. */
export function consequences(
  devices: readonly Pick<Device, 'also_used_by'>[],
  effects: readonly Pick<BlockEffect, 'only_recent_device' | 'active_sessions'>[],
): Consequence[] {
  const t = texts.block;
  const one = devices.length === 1;
  const said: Consequence[] = [];
  const only = effects.filter((effect) => effect.only_recent_device).length;
  if (only > 0) said.push({ text: one ? t.only : t.onlySome(only), grave: true });
  const sessions = effects.reduce((sum, effect) => sum + effect.active_sessions, 0);
  said.push({ text: sessions > 0 ? t.sessions(sessions) : one ? t.none : t.noneSome, grave: false });
  const shared = devices.filter((device) => device.also_used_by > 0);
  if (one && shared[0]) said.push({ text: t.shared(shared[0].also_used_by), grave: false });
  else if (shared.length > 0) said.push({ text: t.sharedSome(shared.length), grave: false });
  return said;
}
