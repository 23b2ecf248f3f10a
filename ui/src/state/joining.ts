// Devices that are said to be one, and the way back: each stands again as it stood before.

import { bridge, problemOf } from '../bridge';
import type { Device } from '../generated/Device';
import { t } from '../language.svelte';

/** What makes devices that were joined again what they were. */
export interface WayBack {
  /** Those that are parted from the rest, one after the other. */
  part: number[];
  /** Those that were one before, and are said to be so again. */
  join: number[][];
}

/** Every device that joining these makes one: they, and those that are one with them already. */
export function joinedBy(rows: readonly Pick<Device, 'id' | 'same_as'>[]): number[] {
  return [...new Set(rows.flatMap(({ id, same_as }) => [id, ...same_as]))];
}

/** The way back from joining these. Those that most of them were one with stay so, and nothing is done to them. */
export function wayBack(rows: readonly Pick<Device, 'id' | 'same_as'>[]): WayBack {
  const groups: number[][] = [];
  for (const { id, same_as } of rows) {
    if (!groups.some((group) => group.includes(id))) groups.push([id, ...same_as]);
  }
  const [most = [], ...others] = groups.toSorted((a, b) => b.length - a.length);
  return {
    part: joinedBy(rows).filter((id) => !most.includes(id)),
    join: others.filter((group) => group.length > 1),
  };
}

/** Takes joined devices apart again. Once more after a failure, it does what was left. */
export async function goBack({ part, join }: WayBack): Promise<void> {
  let done = 0;
  try {
    for (const id of part) {
      await bridge.partDevice(id);
      done += 1;
    }
  } catch (thrown) {
    const { code, message, hint } = problemOf(thrown);
    if (done === 0) throw thrown;
    throw { code, message: t('all_devices.parted_some', { done, count: part.length }), hint: `${message} ${hint}` };
  }
  for (const group of join) await bridge.joinDevices(group);
}
