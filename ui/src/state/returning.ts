// Where the person was when everything locked: the page begins anew then, and its memory with it. What is kept lives as
// long as the window, on no disk, and says nothing about anybody: the screen, and no contact, filter or word.

import type { Place } from './nav.svelte';

const KEY = 'place';

interface Kept {
  school: string;
  place: Place;
}

/** Keeps the screen for the time when this school is open again. A contact's card is left for the list. */
export function keepPlace(school: string | null, place: Place): void {
  if (school === null) return;
  const kept: Kept = { school, place: place.screen === 'contact' ? { screen: 'contacts' } : place };
  sessionStorage.setItem(KEY, JSON.stringify(kept));
}

/** Where to go back to in the school that was opened, said once; `null` where it is another school than the one left. */
export function placeToReturn(school: string | null): Place | null {
  const text = sessionStorage.getItem(KEY);
  sessionStorage.removeItem(KEY);
  if (text === null) return null;
  const kept = JSON.parse(text) as Kept;
  return kept.school === school ? kept.place : null;
}
