// Places, networks and devices in words.

import type { Agent } from '../generated/Agent';
import type { Place } from '../generated/Place';
import { texts } from '../texts';

const regions = new Intl.DisplayNames('en', { type: 'region' });

/** `UA` is `Ukraine`; what is no country code stays as it is. */
export function countryName(code: string): string {
  try {
    return regions.of(code) ?? code;
  } catch {
    return code;
  }
}

/** `Kyiv, Ukraine`, `Ukraine`, `private network`, `unknown`. */
export function placeWords(place: Place): string {
  if (place.network_kind !== null) return networkWords(place);
  const parts = [place.city, place.country && countryName(place.country)].filter(Boolean);
  return parts.length ? parts.join(', ') : texts.place.unknown;
}

/** What kind of network an address belongs to. */
export function networkWords(place: Place): string {
  const kind = place.network_kind;
  if (kind === null) return texts.place.public;
  return Object.hasOwn(texts.place.network, kind) ? (texts.place.network[kind] ?? kind) : kind;
}

/** `Chrome 131 · Windows 10`, as far as known; else the user agent itself. */
export function agentWords(agent: Agent, userAgent = ''): string {
  const parts = [agent.browser, agent.os].filter(Boolean);
  return parts.length ? parts.join(' · ') : userAgent || texts.agent.unknown;
}

/** `computer`, `phone`, ... */
export function kindWords(agent: Agent): string {
  const table = texts.agent.type;
  return Object.hasOwn(table, agent.device_type) ? (table[agent.device_type] ?? '') : agent.device_type;
}
