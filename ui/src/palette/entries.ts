// What *search everywhere* lists: whom and what a text finds, every screen, and what can be done.

import { bridge } from '../bridge';
import type { Hit } from '../generated/Hit';
import { t } from '../language.svelte';
import type { IconName } from '../parts/Icon.svelte';
import { contacts } from '../state/contacts.svelte';
import { devices } from '../state/devices.svelte';
import { logins } from '../state/logins.svelte';
import { nav } from '../state/nav.svelte';
import { isSeen, nameWords } from '../words/name';
import { agentWords, placeWords } from '../words/place';
import { placeOf, SCREENS } from '../words/screens';
import { readTyped } from '../words/typed';
import { fit } from './match';

/** What an entry stands under. */
export type GroupName = 'recent' | 'people' | 'addresses' | 'devices' | 'screens' | 'commands' | 'lists';

/** One thing that can be chosen. */
export interface Entry {
  /** Stays the same as long as the entry means the same. */
  key: string;
  group: GroupName;
  icon: IconName;
  label: string;
  /** Beside the label. */
  about: string;
  /** Keys that do the same. */
  keys?: string;
  /** Found by these words, too. */
  words?: string;
  run: () => void;
}

const OF_KIND = { contact: 'people', address: 'addresses', device: 'devices' } as const;

function hitEntry(hit: Hit): Omit<Entry, 'group'> {
  switch (hit.kind) {
    case 'contact':
      return {
        key: `contact ${hit.id}`,
        icon: 'contacts',
        label: nameWords(hit),
        about: [
          hit.email === nameWords(hit) ? '' : hit.email,
          hit.unviewed > 0 ? t('contacts.with_unviewed', { count: hit.unviewed }) : '',
        ]
          .filter(Boolean)
          .join(' · '),
        run: () => nav.go({ screen: 'contact', id: hit.id, tab: 'history', focus: null }),
      };
    case 'address':
      return {
        key: `address ${hit.address}`,
        icon: 'logins',
        label: hit.address,
        about: hit.address.includes('/') ? t('palette.range') : placeWords(hit.place),
        run: () => {
          logins.show({ address: hit.address });
          nav.go({ screen: 'logins' });
          void bridge.noteOpened({ kind: 'address', address: hit.address }).catch(() => {});
        },
      };
    case 'device':
      return {
        key: `device ${hit.id}`,
        icon: 'devices',
        label: hit.own_name ?? agentWords(hit.agent),
        about: [t('card.device_long', { id: hit.id }), isSeen(hit.contact_name) ? hit.contact_name : '']
          .filter(Boolean)
          .join(' · '),
        run: () => {
          devices.showOne(hit.id);
          nav.go({ screen: 'devices' });
          void bridge.noteOpened({ kind: 'device', id: hit.id }).catch(() => {});
        },
      };
  }
}

/** What was found, or opened last where nothing is typed. */
export function hitEntries(hits: readonly Hit[], typed: string): Entry[] {
  const group = (hit: Hit): GroupName => (typed.trim() === '' ? 'recent' : OF_KIND[hit.kind]);
  return hits.map((hit) => ({ ...hitEntry(hit), group: group(hit) }));
}

/** Every screen. */
export function screenEntries(): Entry[] {
  return SCREENS.map(([screen, label]) => ({
    key: `screen ${screen}`,
    group: 'screens',
    icon: screen,
    label: t(label),
    about: '',
    run: () => nav.go(placeOf(screen)),
  }));
}

/** Whole lists that the text narrows. */
export function listEntries(typed: string): Entry[] {
  const text = typed.trim();
  if (text === '') return [];
  const list = (key: string, icon: IconName, label: string, run: () => void): Entry => {
    return { key: `list ${key}`, group: 'lists', icon, label, about: '', run };
  };
  return [
    list('contacts', 'contacts', t('palette.all_contacts', { text }), () => {
      contacts.type(text);
      nav.go({ screen: 'contacts' });
    }),
    list('logins', 'logins', t('palette.all_logins', { text }), () => {
      const read = readTyped(text);
      logins.show(
        read.kind === 'address'
          ? { address: read.address }
          : read.kind === 'dates'
            ? { from: read.from, until: read.until }
            : { search: read.words },
      );
      nav.go({ screen: 'logins' });
    }),
  ];
}

/** Those that the text means, the best of each group first; all of them where nothing is typed. */
export function meant(entries: readonly Entry[], typed: string): Entry[] {
  if (typed.trim() === '') return [...entries];
  return entries
    .flatMap((entry, at) => {
      const how = fit(entry.label, `${entry.words ?? ''} ${entry.about}`, typed);
      return how === null ? [] : [{ entry, how, at }];
    })
    .toSorted((a, b) => a.how - b.how || a.at - b.at)
    .map(({ entry }) => entry);
}
