// The owner's own name for a device, given or taken back, on this computer alone.

import { bridge } from '../bridge';
import type { Device } from '../generated/Device';
import { t } from '../language.svelte';
import { own } from '../words/own';

/** What is said of it, how it is done, and how it is undone; an empty name takes the one before it back. */
export function naming(
  { id, own_name }: Pick<Device, 'id' | 'own_name'>,
  name: string,
): [words: string, work: () => Promise<unknown>, back: () => Promise<unknown>] {
  const trimmed = name.trim();
  return [
    trimmed ? t('all_devices.named', { id, name: own(trimmed) }) : t('all_devices.unnamed', { id }),
    () => bridge.nameDevice(id, name),
    () => bridge.nameDevice(id, own_name ?? ''),
  ];
}
