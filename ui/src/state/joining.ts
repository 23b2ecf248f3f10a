// Devices that are said to be one, and how they stood before.

import type { Device } from '../generated/Device';

/** Every device that joining these makes one: they, and those that are one with them already. */
export function joinedBy(rows: readonly Pick<Device, 'id' | 'same_as'>[]): number[] {
  return standing(rows).flat();
}

/** How these stand now: by groups of those that are one. */
export function standing(rows: readonly Pick<Device, 'id' | 'same_as'>[]): number[][] {
  const groups: number[][] = [];
  for (const { id, same_as } of rows) {
    if (!groups.some((group) => group.includes(id))) groups.push([id, ...same_as]);
  }
  return groups;
}
