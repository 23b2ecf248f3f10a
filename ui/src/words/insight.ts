// Signs of a shared account in words: hints, never proof.

import type { Doubt } from '../generated/Doubt';
import type { Finding } from '../generated/Finding';
import type { FindingRow } from '../generated/FindingRow';
import type { SeenLogin } from '../generated/SeenLogin';
import type { Sign } from '../generated/Sign';
import type { WhatIf } from '../generated/WhatIf';
import type { WhyNot } from '../generated/WhyNot';
import { t, type PlainKey } from '../language.svelte';
import { count } from './number';
import { countryName, placeWords } from './place';
import { span } from './time';

const NAMES: Record<Sign, PlainKey> = {
  concurrent_use: 'insights.sign.concurrent_use',
  impossible_travel: 'insights.sign.impossible_travel',
  device_churn: 'insights.sign.device_churn',
  many_networks: 'insights.sign.many_networks',
  new_country: 'insights.sign.new_country',
  shared_device: 'insights.sign.shared_device',
  hosting_network: 'insights.sign.hosting_network',
};

/** Every sign, those that weigh most first. */
export const SIGNS = Object.keys(NAMES) as Sign[];

/** `Two networks at once`. */
export function signName(sign: Sign): string {
  return t(NAMES[sign]);
}

/** `Two networks at once ×9`. */
export function findingWords(finding: Pick<Finding, 'sign' | 'count'>): string {
  return `${signName(finding.sign)}\u00a0×${count(finding.count)}`;
}

const MINUTE_MS = 60_000;

/** What was seen: `for 25 min`, `1,240 km in 40 min`. Empty where the links behind it say all. */
export function seenWords(sign: Sign, row: FindingRow): string {
  const time = span((row.minutes ?? 0) * MINUTE_MS);
  switch (sign) {
    case 'concurrent_use':
      return t('insights.seen.overlap', { time });
    case 'impossible_travel':
      return t('insights.seen.travel', { km: row.km ?? 0, time });
    case 'device_churn':
      return t('insights.seen.devices', { count: row.count ?? row.device_ids.length });
    case 'many_networks':
      return t('insights.seen.networks', { count: row.count ?? 0 });
    case 'new_country':
      return row.country ? countryName(row.country) : '';
    case 'shared_device':
      return t('insights.seen.shared', { count: row.count ?? row.contact_ids.length });
    case 'hosting_network':
      return row.country ? countryName(row.country) : '';
  }
}

/** Where the logins behind it came from: `Kyiv, Ukraine → Warsaw, Poland`; one place is said once. */
export function placesWords(sign: Sign, row: FindingRow, logins: readonly SeenLogin[]): string {
  const seen = row.session_ids
    .map((id) => logins.find((login) => login.id === id))
    .filter((login) => login !== undefined);
  const places = seen.map((login) => placeWords(login)).filter((place, at, all) => place !== all[at - 1]);
  const most = places.slice(0, PLACES);
  const rest = new Set(places).size > PLACES ? ' …' : '';
  return (sign === 'impossible_travel' ? most.join(' → ') : [...new Set(most)].join(' · ')) + rest;
}

/** Places that are named in one row. */
const PLACES = 4;

const DOUBTS: Record<Doubt, PlainKey> = {
  mobile_network: 'insights.doubt.mobile_network',
  country_level: 'insights.doubt.country_level',
  safari_cookie: 'insights.doubt.safari_cookie',
  household: 'insights.doubt.household',
  vpn: 'insights.doubt.vpn',
};

/** Why it may be harmless, in a sentence. */
export function doubtWords(doubt: Doubt): string {
  return t(DOUBTS[doubt]);
}

const WHY_NOT: Record<WhyNot, PlainKey> = {
  off: 'insights.why_not.off',
  learning: 'insights.why_not.learning',
  no_city: 'insights.why_not.no_city',
  no_network_owner: 'insights.why_not.no_network_owner',
};

/** Why a sign was not looked for. */
export function whyNotWords(why: WhyNot): string {
  return t(WHY_NOT[why]);
}

/** A limit that could be set, and how many contacts it would have hit. */
export interface Choice {
  limit: number;
  contacts: number;
}

/** Limits from 1 up to the first that hits nobody, at most `most` of them; the school's own is among them. */
export function choicesOf(what: Pick<WhatIf, 'reached' | 'limit'>, most = 8): Choice[] {
  const highest = Math.max(0, ...what.reached.map((one) => one.number));
  const limits = Array.from({ length: Math.min(most, Math.max(1, highest)) }, (_, at) => at + 1);
  if (what.limit !== null && what.limit > 0 && !limits.includes(what.limit)) limits.push(what.limit);
  return limits.map((limit) => ({
    limit,
    contacts: what.reached.reduce((sum, one) => sum + (one.number > limit ? one.contacts : 0), 0),
  }));
}
