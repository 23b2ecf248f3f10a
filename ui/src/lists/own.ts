// What the parts of a grid know of it: its properties, as they are now.

import type { Marks } from './marks.svelte';
import type { RowId, RowList } from './rows';

export interface Own<T extends { id: RowId }> {
  readonly list: RowList<T>;
  selected: T['id'] | null;
  readonly marks: Marks<T> | undefined;
  /** Enter, or a click where `clickOpens`. */
  readonly onopen: ((row: T) => void) | undefined;
  readonly clickOpens: boolean;
  /** Other keys while the list has the focus. */
  readonly onkey: ((event: KeyboardEvent, row: T | undefined) => void) | undefined;
  /** The place in the list, in pixels, at which it stood when it was last left. */
  readonly memory: { scrollTop: number } | undefined;
}
