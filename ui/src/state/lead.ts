// The way to a place that a notification or the tray's menu names.

import type { CalledPlace } from '../bridge';
import { followUps } from './followUps.svelte';
import { nav } from './nav.svelte';
import { violations } from './violations.svelte';

export function lead(place: CalledPlace): void {
  if (place.screen === 'restriction') {
    nav.go({ screen: 'contact', id: place.contact, tab: 'restrictions', focus: place.restriction });
  } else if (place.screen === 'contact') {
    nav.go({ screen: 'contact', id: place.contact, tab: 'restrictions', focus: null });
  } else if (place.screen === 'sync') {
    nav.go({ screen: 'sync', tab: 'decisions' });
  } else {
    if (place.screen === 'follow_ups') followUps.open = true;
    violations.showInbox();
    nav.go({ screen: 'violations' });
  }
}
