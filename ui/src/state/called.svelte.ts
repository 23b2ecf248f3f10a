// What the program asks of an open window: to lead somewhere. A new window hears of it at its start.

import { bridge, onGo } from '../bridge';
import { lead } from './lead';
import { school } from './school.svelte';

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
  try {
    return await onGo(() => void follow());
  } catch {
    // Then only the next start leads there.
    return () => {};
  }
}
