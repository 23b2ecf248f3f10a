// What a block will do, said before it is done.

import type { BlockEffect } from '../generated/BlockEffect';
import type { Device } from '../generated/Device';
import { t } from '../language.svelte';

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
  const one = devices.length === 1;
  const said: Consequence[] = [];
  const only = effects.filter((effect) => effect.only_recent_device).length;
  if (only > 0) said.push({ text: one ? t('block.only') : t('block.only_some'), grave: true });
  const sessions = effects.reduce((sum, effect) => sum + effect.active_sessions, 0);
  said.push({
    text: sessions > 0 ? t('block.sessions', { count: sessions }) : one ? t('block.none') : t('block.none_some'),
    grave: false,
  });
  const shared = devices.filter((device) => device.also_used_by > 0);
  if (one && shared[0]) said.push({ text: t('block.shared', { count: shared[0].also_used_by }), grave: false });
  else if (shared.length > 0) said.push({ text: t('block.shared_some', { count: shared.length }), grave: false });
  return said;
}
