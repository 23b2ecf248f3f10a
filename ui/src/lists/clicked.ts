// What the pointer does on a row of a list: it selects, marks and opens.

import type { Cursor } from './cursor.svelte';
import type { Own } from './own';
import type { RowId } from './rows';

/** Whether something inside of the row was meant. */
const onControl = (event: MouseEvent) =>
  event.target instanceof Element && event.target.closest('button, a, input') !== null;

/** `row` is what stands at `place` now: what was clicked inside of it may have taken it away. */
export function clicked<T extends { id: RowId }>(
  event: MouseEvent,
  place: number,
  row: T | undefined,
  own: Own<T>,
  cursor: Cursor<T>,
): void {
  if (!row) return;
  const { list, marks, onopen, clickOpens } = own;
  const from = Math.max(0, cursor.place);
  cursor.place = place;
  own.selected = row.id;
  if (onControl(event)) return;
  // Text was dragged over, not the row clicked.
  const dragged = window.getSelection()?.isCollapsed === false;
  if (marks && event.shiftKey) {
    window.getSelection()?.removeAllRanges();
    void marks.extend(list, from, place);
  } else if (marks && (event.ctrlKey || event.metaKey)) marks.toggle(row);
  else if (clickOpens && !dragged) onopen?.(row);
}

export function clickedTwice<T extends { id: RowId }>(event: MouseEvent, row: T | undefined, own: Own<T>): void {
  if (row && !own.clickOpens && !onControl(event)) own.onopen?.(row);
}

/** The box of a row's mark. */
export function ticked<T extends { id: RowId }>(
  event: MouseEvent,
  place: number,
  row: T | undefined,
  { list, marks }: Own<T>,
  cursor: Cursor<T>,
): void {
  if (event.shiftKey && cursor.place >= 0) void marks?.extend(list, cursor.place, place);
  else if (row) marks?.toggle(row);
}
