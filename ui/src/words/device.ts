// What devices are called.

import type { Agent } from '../generated/Agent';
import { t } from '../language.svelte';
import { agentWords } from './place';

/** A device by its browser, system and number. */
export function deviceName(device: Agent & { id: number }): string {
  return t('decide.device', { device: agentWords(device), id: device.id });
}

/** One device by its name, several by how many they are. */
export function devicesName(devices: readonly (Agent & { id: number })[]): string {
  return devices.length === 1 && devices[0] ? deviceName(devices[0]) : t('decide.devices', { count: devices.length });
}
