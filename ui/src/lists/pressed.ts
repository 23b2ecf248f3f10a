// What the keys do in a list that has the focus.

import type { Cursor } from './cursor.svelte';
import { moveOf } from './moves';
import type { Own } from './own';
import type { RowId } from './rows';
import type { Sight } from './sight.svelte';

/** Keys with which some screen acts on the selected row, besides those of the list itself. */
const ACTING = new Set(['v', 'b', 'l', 'm', 't', 'r', 'delete']);

const combined = (event: KeyboardEvent) => event.ctrlKey || event.metaKey;

export function pressed<T extends { id: RowId }>(
  event: KeyboardEvent,
  own: Own<T>,
  cursor: Cursor<T>,
  sight: Sight,
): void {
  cursor.ending = false;
  if ((acts(event, own, sight) && cursor.reveals()) || marking(event, own, cursor, sight)) {
    event.preventDefault();
    return;
  }
  if (combined(event) || event.altKey) return;
  const to = moveOf(event.key, cursor.place, sight.screenful, sight.total);
  if (to !== null) {
    event.preventDefault();
    cursor.show(to);
    cursor.ending = event.key === 'End' && own.list.guessed === true;
    return;
  }
  // These keys on a button belong to that.
  if (event.target !== sight.scroller && (event.key === 'Enter' || event.key === ' ')) return;
  const { row } = cursor;
  if (event.key === 'Enter' && row && own.onopen) {
    event.preventDefault();
    own.onopen(row);
    return;
  }
  own.onkey?.(event, row);
}

/** Whether a key acts on the selected row, and not on all that are marked. */
function acts<T extends { id: RowId }>(event: KeyboardEvent, { onopen, marks }: Own<T>, sight: Sight): boolean {
  if (combined(event) || event.altKey) return false;
  const key = event.key.toLowerCase();
  // Enter and the space bar on a button belong to that.
  if (key === 'enter') return onopen !== undefined && event.target === sight.scroller;
  return key === 'x' ? marks !== undefined : ACTING.has(key) && !marks?.size;
}

/** The keys that mark; whether it was one. */
function marking<T extends { id: RowId }>(
  event: KeyboardEvent,
  { marks, list }: Own<T>,
  cursor: Cursor<T>,
  sight: Sight,
): boolean {
  if (!marks || event.altKey) return false;
  const key = event.key.toLowerCase();
  if (combined(event)) {
    if (key !== 'a') return false;
    void marks.all(list);
  } else if (key === 'x') {
    const { row } = cursor;
    if (cursor.place < 0) cursor.show(0);
    const marked = row ?? cursor.row;
    if (marked) marks.toggle(marked);
  } else if (event.shiftKey) {
    const to = moveOf(event.key, cursor.place, sight.screenful, sight.total);
    if (to === null) return false;
    void marks.extend(list, Math.max(0, cursor.place), to);
    cursor.show(to);
  } else return false;
  return true;
}
