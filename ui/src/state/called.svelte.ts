// Where a notification or the tray's menu leads: asked for at the start, and whenever the program says so.

import { bridge, onGo, type CalledPlace } from '../bridge';
import { contacts } from './contacts.svelte';
import { nav } from './nav.svelte';
import { school } from './school.svelte';

function lead(place: CalledPlace): void {
  if (place.screen === 'restriction') {
    nav.go({ screen: 'contact', id: place.contact, tab: 'restrictions', focus: place.restriction });
  } else if (place.screen === 'sync') {
    nav.go({ screen: 'sync', tab: 'decisions' });
  } else {
    contacts.showUnviewed();
    nav.go({ screen: 'contacts' });
  }
}

async function follow(): Promise<void> {
  // Without a school there is nowhere to go; the place is kept until there is one.
  if (!school.status) return;
  try {
    const place = await bridge.placeWanted();
    if (place) lead(place);
  } catch {
    // The window stays where it is, which is where the person left it.
  }
}

/** Follows from now on; the answer ends it. */
export async function followCalls(): Promise<() => void> {
  let end = () => {};
  try {
    end = await onGo(() => void follow());
  } catch {
    // Then only the next start leads there.
  }
  await follow();
  return end;
}
