// Every screen that can be gone to by its name, in the sidebar's order.

import type { PlainKey } from '../language.svelte';
import type { Place } from '../state/nav.svelte';

/** A screen. */
export type Screen = Exclude<Place['screen'], 'contact'>;

/** The screens, and what they are called. */
export const SCREENS: readonly [Screen, PlainKey][] = [
  ['violations', 'nav.violations'],
  ['contacts', 'nav.contacts'],
  ['logins', 'nav.logins'],
  ['devices', 'nav.devices'],
  ['insights', 'nav.insights'],
  ['school', 'nav.school'],
  ['sync', 'nav.sync'],
  ['settings', 'nav.settings'],
];

/** Where a screen begins. */
export function placeOf(screen: Screen): Place {
  return screen === 'sync' ? { screen, tab: 'decisions' } : { screen };
}
