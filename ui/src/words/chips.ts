// What narrows the logins, in words: one chip for each condition.

import type { LoginQuery } from '../generated/LoginQuery';
import { t } from '../language.svelte';
import { reading } from '../zone.svelte';
import { countryName, kindWords, networkName } from './place';
import { day, moment } from './time';
import { endName, outcomeWords } from './rule';

/** What narrows the list; which page of it is no matter. */
export type LoginQuestion = Omit<LoginQuery, 'page'>;

/** Nothing narrows it. */
export const everyLogin: LoginQuestion = {
  search: '',
  contact_id: null,
  device_id: null,
  address: '',
  country: null,
  network_kind: null,
  device_type: null,
  browser: null,
  os: null,
  outcome: null,
  end_reason: null,
  running: false,
  from: null,
  until: null,
};

/** A condition that can be taken away. */
export interface Chip {
  key: string;
  label: string;
  /** The question without it. */
  without: Partial<LoginQuestion>;
}

/** The country of an address, or that it is not known. */
export function countryWords(country: string | null): string {
  return country === null || country === '-' ? t('network.nowhere') : countryName(country);
}

/** Whether a day begins at a time. */
const beginsDay = (iso: string | null) => iso === null || reading(new Date(iso)).clock === 0;

/** A range of time by its days: `1 Nov – 7 Nov`, `since 1 Nov`, `until 7 Nov`; the first moment that is out is not said. One
 * that begins or ends within a day is said to the minute. */
export function rangeWords(from: string | null, until: string | null, now: number): string {
  const whole = beginsDay(from) && beginsDay(until);
  const end = until === null ? '' : new Date(Date.parse(until) - 1).toISOString();
  const last = until === null ? '' : whole ? day(end, now) : moment(until, now);
  if (from === null) return t('logins.chip.until', { day: last });
  const first = whole ? day(from, now) : moment(from, now);
  if (until === null) return t('logins.chip.from', { day: first });
  return first === last ? first : t('logins.chip.range', { from: first, until: last });
}

/** The chips of a question; `nameOf` says whose logins they are. */
export function loginChips(question: LoginQuestion, nameOf: (contact: number) => string, now: number): Chip[] {
  const chips: (Chip | false)[] = [
    question.search !== '' && {
      key: 'search',
      label: t('contacts.searching', { text: question.search }),
      without: { search: '' },
    },
    question.contact_id !== null && {
      key: 'contact',
      label: nameOf(question.contact_id),
      without: { contact_id: null },
    },
    question.device_id !== null && {
      key: 'device',
      label: t('card.device_long', { id: question.device_id }),
      without: { device_id: null },
    },
    question.address !== '' && { key: 'address', label: question.address, without: { address: '' } },
    question.country !== null && {
      key: 'country',
      label: countryWords(question.country),
      without: { country: null },
    },
    question.network_kind !== null && {
      key: 'network',
      label: networkName(question.network_kind),
      without: { network_kind: null },
    },
    question.device_type !== null && {
      key: 'kind',
      label: kindWords({ browser: null, os: null, device_type: question.device_type }),
      without: { device_type: null },
    },
    question.browser !== null && { key: 'browser', label: question.browser, without: { browser: null } },
    question.os !== null && { key: 'os', label: question.os, without: { os: null } },
    question.outcome !== null && {
      key: 'outcome',
      label: outcomeWords(question.outcome),
      without: { outcome: null },
    },
    question.end_reason !== null && {
      key: 'end',
      label: endName(question.end_reason),
      without: { end_reason: null },
    },
    question.running && { key: 'running', label: t('history.running'), without: { running: false } },
    (question.from !== null || question.until !== null) && {
      key: 'dates',
      label: rangeWords(question.from, question.until, now),
      without: { from: null, until: null },
    },
  ];
  return chips.filter((chip) => chip !== false);
}
