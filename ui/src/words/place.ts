// Places, networks and devices in words.

import type { Agent } from '../generated/Agent';
import type { Place } from '../generated/Place';
import { forLanguage, known, t, type PlainKey } from '../language.svelte';

const regions = forLanguage((language) => new Intl.DisplayNames(language, { type: 'region' }));

/** `UA` is `Ukraine`; what is no country code stays as it is. */
export function countryName(code: string): string {
  try {
    return regions().of(code) ?? code;
  } catch {
    return code;
  }
}

/** `Kyiv, Ukraine`, `Ukraine`, `private network`, `unknown`. */
export function placeWords(place: Place): string {
  if (place.network_kind !== null) return networkWords(place);
  const parts = [place.city, place.country && countryName(place.country)].filter(Boolean);
  return parts.length ? parts.join(', ') : t('network.nowhere');
}

/** The same with whose network it is, where that is known. */
export function whereWords(place: Place): string {
  return [placeWords(place), place.network].filter(Boolean).join(' · ');
}

const NETWORKS: Record<string, PlainKey> = {
  private: 'place.private',
  loopback: 'place.loopback',
  link_local: 'place.link_local',
  reserved: 'place.reserved',
};

/** What kind of network an address belongs to. */
export function networkWords(place: Place): string {
  return place.network_kind === null ? t('network.public') : networkName(place.network_kind);
}

/** A kind of network by its word. */
export function networkName(kind: string): string {
  return known(NETWORKS, kind);
}

/** `Chrome 131 · Windows 10`, as far as known; else the user agent itself. */
export function agentWords(agent: Agent, userAgent = ''): string {
  const parts = [agent.browser, agent.os].filter(Boolean);
  return parts.length ? parts.join(' · ') : userAgent || t('agent.unknown');
}

const KINDS: Record<string, PlainKey> = {
  desktop: 'agent.type.desktop',
  mobile: 'agent.type.mobile',
  tablet: 'agent.type.tablet',
  bot: 'agent.type.bot',
  unknown: 'agent.type.unknown',
};

/** `computer`, `phone`, ... */
export function kindWords(agent: Agent): string {
  return known(KINDS, agent.device_type);
}
