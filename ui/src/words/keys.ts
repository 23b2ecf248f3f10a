// Every key that means something, under what it does; a test holds the list against what the screens hear.

import { t, type PlainKey } from '../language.svelte';

/** Keys that do the same, and what. */
type Row = readonly [keys: readonly string[], what: PlainKey];

const GROUPS: readonly (readonly [title: PlainKey, rows: readonly Row[]])[] = [
  [
    'keys.everywhere.title',
    [
      [['Ctrl K'], 'keys.everywhere.find'],
      [['/'], 'keys.everywhere.search'],
      [['G'], 'keys.everywhere.decisions'],
      [['Ctrl Z'], 'keys.everywhere.undo'],
      [['Ctrl R', 'F5'], 'keys.everywhere.sync'],
      [['Ctrl 1', '…', 'Ctrl 9'], 'keys.everywhere.schools'],
      [['Ctrl L'], 'keys.everywhere.lock'],
      [['Esc', 'Alt ←'], 'keys.everywhere.back'],
      [['Ctrl +', 'Ctrl −', 'Ctrl 0'], 'keys.everywhere.size'],
      [['?'], 'keys.everywhere.keys'],
    ],
  ],
  [
    'keys.lists.title',
    [
      [['↓', 'J'], 'keys.lists.next'],
      [['↑', 'K'], 'keys.lists.previous'],
      [['Page Up', 'Page Down'], 'keys.lists.screen'],
      [['Home', 'End'], 'keys.lists.ends'],
      [['Enter'], 'keys.lists.open'],
      [['X'], 'keys.lists.select'],
      [['Shift ↓', 'Shift ↑'], 'keys.lists.range'],
      [['Ctrl A'], 'keys.lists.all'],
    ],
  ],
  [
    'keys.contacts.title',
    [
      [['L'], 'keys.contacts.log'],
      [['1', '2', '3'], 'keys.contacts.tabs'],
      [['B'], 'keys.contacts.block'],
      [['V'], 'keys.contacts.viewed'],
      [['C'], 'keys.contacts.checks'],
      [['N'], 'keys.contacts.note'],
    ],
  ],
  [
    'keys.time.title',
    [
      [['←', '→'], 'keys.time.move'],
      [['+', '−'], 'keys.time.zoom'],
      [['Enter'], 'keys.time.open'],
      [['Shift ←', 'Shift →'], 'keys.time.shift'],
      [['Home', 'End'], 'keys.time.ends'],
      [['0'], 'keys.time.whole'],
    ],
  ],
  [
    'keys.sync.title',
    [
      [['1', '…', '4'], 'keys.sync.tabs'],
      [['M', 'T'], 'keys.sync.conflict'],
      [['R'], 'keys.sync.retry'],
      [['Del'], 'keys.sync.cancel'],
    ],
  ],
];

/** Under each title the keys and what they do. */
export function keyGroups(): [title: string, rows: [keys: readonly string[], what: string][]][] {
  return GROUPS.map(([title, rows]) => [t(title), rows.map(([keys, what]) => [keys, t(what)])]);
}
