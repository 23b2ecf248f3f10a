// The list of keys against what the screens hear: read from their sources, so that a key that is added is asked for.

import { screen, within } from '@testing-library/svelte';
import { expect, test } from 'vitest';

import { keys, open, rows } from '../../dev/opened';
import { keyGroups } from './keys';

const sources = import.meta.glob<string>(['../**/*.svelte', '../**/*.ts', '!../**/*.test.ts', '!../catalogs/**'], {
  query: '?raw',
  import: 'default',
  eager: true,
});

/** What the list calls a key. */
const SAID: Record<string, string> = {
  ArrowDown: '↓',
  ArrowUp: '↑',
  ArrowLeft: '←',
  ArrowRight: '→',
  PageDown: 'Page Down',
  PageUp: 'Page Up',
  Escape: 'Esc',
  Delete: 'Del',
  '-': '−',
  // The same key as +, without Shift.
  '=': '+',
};
/** Presses a button that has the focus, as everywhere on a desktop. */
const USUAL = new Set([' ', 'Tab']);

const KEY = "([^']|Arrow\\w+|Page\\w+|Home|End|Enter|Escape|Delete|F\\d+)";
const COMPARED = new RegExp(`\\bkey(?:\\.toLowerCase\\(\\))? === '${KEY}'|case '${KEY}':`, 'g');

/** Every key that a source compares the pressed one with. */
function heard(): Map<string, string> {
  const all = new Map<string, string>();
  for (const [file, text] of Object.entries(sources)) {
    if (!/\b(event\.key|key === '|onkeydown|forTheGrid|moveOf)/.test(text)) continue;
    const compared = text.matchAll(COMPARED);
    for (const [, one, other] of compared) all.set(one ?? other ?? '', file);
  }
  return all;
}

test('every key that a screen hears is in the list', () => {
  const listed = new Set(keyGroups().flatMap(([, rows]) => rows.flatMap(([names]) => names)));
  const words = new Set([...listed].flatMap((name) => [name, ...name.split(' ')]).map((name) => name.toUpperCase()));
  const found = heard();
  expect(found.size).toBeGreaterThan(20);
  const missing = [...found]
    .filter(([key]) => !USUAL.has(key) && !words.has((SAID[key] ?? key).toUpperCase()))
    .map(([key, file]) => `${key} in ${file}`);
  expect(missing).toEqual([]);
});

test('the list is shown by its key, and names each one once in its group', async () => {
  await open();
  await rows();
  await keys.keyboard('?');
  const dialog = within(await screen.findByRole('dialog', { name: 'Keys' }));
  for (const [title, rows] of keyGroups()) {
    dialog.getByRole('heading', { name: title });
    const names = rows.flatMap(([names]) => names).filter((name) => name !== '…');
    expect(new Set(names).size).toBe(names.length);
    for (const [, what] of rows) dialog.getByText(what);
  }
});
