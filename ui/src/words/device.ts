// What devices are called.

import type { Agent } from '../generated/Agent';
import { t } from '../language.svelte';
import { agentWords } from './place';

/** A device by its browser, system and number. */
export function deviceName(device: Agent & { id: number }): string {
  return t('decide.device', { device: agentWords(device), id: device.id });
}

/** Joined devices that are named; the rest are counted. */
const NAMED = 3;

/** The first ones by number, and how many there are beside them: `#12, #13, #14 +2`. */
export function numbers(ids: readonly number[]): string {
  const named = ids.slice(0, NAMED).map((id) => `#${id}`);
  const more = ids.length > NAMED ? ` ${t('contacts.more', { count: ids.length - NAMED })}` : '';
  return named.join(', ') + more;
}

/** What the owner says a device is the same as: `same as #12, #13`; empty where it is one by itself. */
export function sameWords(sameAs: readonly number[]): string {
  return sameAs.length === 0 ? '' : t('all_devices.same', { ids: numbers(sameAs) });
}

/** The same in a sentence. */
export function sameSentence(sameAs: readonly number[]): string {
  return t('all_devices.same_as', { ids: numbers(sameAs) });
}

/** One device by its name, several by how many they are. */
export function devicesName(devices: readonly (Agent & { id: number })[]): string {
  return devices.length === 1 && devices[0] ? deviceName(devices[0]) : t('decide.devices', { count: devices.length });
}
