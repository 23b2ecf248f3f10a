// What the program asks of an open window: to lead somewhere. A new window hears of it at its start.

import { bridge } from '../bridge';
import { lead } from './lead';
import { school } from './school.svelte';

/** Leads where the program wants the window, if it does. */
export async function follow(): Promise<void> {
  // Without a school there is nowhere to go; the place is kept until there is one.
  if (!school.status) return;
  try {
    const place = await bridge.placeWanted();
    if (place) lead(place);
  } catch {
    // The window stays where it is, which is where the person left it.
  }
}
