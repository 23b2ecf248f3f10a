// What a block will do, said before it is done.

import type { BlockEffect } from '../generated/BlockEffect';
import type { Device } from '../generated/Device';
import { t } from '../language.svelte';
import { nameOr } from './name';
import { own } from './own';

/** One consequence; a grave one locks the student out. */
export interface Consequence {
  text: string;
  grave: boolean;
}

/** A device that is to be blocked; whose it is, where the list that it is from says so. */
export type Blockable = Pick<Device, 'id' | 'contact_id' | 'also_used_by'> & { contact_name?: string };

/** Students that are named; the rest are counted. */
const NAMED = 3;

/** The consequences of blocking `devices`, gravest first. */
export function consequences(devices: readonly Blockable[], effects: readonly BlockEffect[]): Consequence[] {
  const one = devices.length === 1;
  const said: Consequence[] = [];
  const only = new Set(effects.filter((effect) => effect.only_recent_device).map((effect) => effect.device_id));
  const out = new Map(devices.filter(({ id }) => only.has(id)).map((device) => [device.contact_id, device]));
  if (out.size > 0) said.push({ text: lockedOut(devices, [...out.values()]), grave: true });
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

/** Who can't come in any more; `out` has one device of each. */
function lockedOut(devices: readonly Blockable[], out: readonly Blockable[]): string {
  if (devices.length === 1) return t('block.only');
  if (new Set(devices.map((device) => device.contact_id)).size === 1) return t('block.only_some');
  const names = out.slice(0, NAMED).map((device) => own(nameOr(device.contact_name ?? '', device.contact_id)));
  if (out.length > NAMED) names.push(t('contacts.more', { count: out.length - NAMED }));
  return t('block.locked_out', { count: out.length, names: names.join(', ') });
}
