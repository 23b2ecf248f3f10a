// Which rows of a long list stand in the document: those in sight and a few on either side.

/** Pixels from one row to the next; as `--row` in tokens.css. */
export const ROW = 40;

/** Rows `first` up to, not including, `end`; `pool` is how many there are while the list is longer than that. */
export interface RowWindow {
  first: number;
  end: number;
  pool: number;
}

/** `scrollTop` and `height` in pixels, all rows `rowHeight` pixels high; `spare` rows are kept above and below. */
export function rowWindow(
  scrollTop: number,
  height: number,
  rowHeight: number,
  total: number,
  spare: number,
): RowWindow {
  const pool = Math.ceil(height / rowHeight) + 1 + 2 * spare;
  const wanted = Math.floor(Math.max(0, scrollTop) / rowHeight) - spare;
  const first = Math.min(Math.max(0, wanted), Math.max(0, total - pool));
  return { first, end: Math.min(total, first + pool), pool };
}

/** The scroll position that shows `row` whole, moving as little as possible. */
export function scrollTo(row: number, scrollTop: number, height: number, rowHeight: number): number {
  const top = row * rowHeight;
  if (top < scrollTop) return top;
  if (top + rowHeight > scrollTop + height) return top + rowHeight - height;
  return scrollTop;
}

/** Whether half of `row` or more is within a view of `height` pixels at `scrollTop`. */
export function isSeen(row: number, scrollTop: number, height: number, rowHeight: number): boolean {
  const middle = (row + 0.5) * rowHeight;
  return middle >= scrollTop && middle <= scrollTop + height;
}

/** A row, and the place at which it was last. */
export interface Anchor<Id> {
  id: Id;
  place: number;
}
