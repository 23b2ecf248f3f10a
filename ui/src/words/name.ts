// What people are called in the window, whatever their names are made of.

import { t } from '../language.svelte';

/** Nothing of it is seen: blanks, controls, marks without a letter, characters of no width, an empty braille cell. */
const UNSEEN = /^[\s\p{C}\p{Z}\p{M}\p{Default_Ignorable_Code_Point}\u2800]*$/u;

/** Whether there is anything to be seen of a text. */
export function isSeen(text: string): boolean {
  return !UNSEEN.test(text);
}

/** A person by name; by the e-mail address where nothing of the name is seen, and in words where that is no better. */
export function nameWords({ name, email = '' }: { name: string; email?: string | null }): string {
  return [name, email ?? ''].find(isSeen) ?? t('contacts.no_name');
}

/** A person that a row only names; by number where nothing of the name is seen. */
export function nameOr(name: string | null, id: number): string {
  return name !== null && isSeen(name) ? name : `#${id}`;
}
