// What a grid asks of a list, whatever it is made of.

import type { Problem } from '../generated/Problem';

/** What names a row. */
export type RowId = number | string;

export interface RowList<T extends { id: RowId }> {
  /** All rows of the list; null before the first answer. */
  readonly total: number | null;
  /** `total` is only a guess, until the rows are counted. */
  readonly guessed?: boolean;
  /** Why the last question failed. */
  readonly problem: Problem | null;
  /** A new question waits for its first answer; the rows shown are the old question's. */
  readonly asking: boolean;
  /** Grows with each new question that was answered: time to scroll to the top. */
  readonly answered: number;
  /** The row at a place; undefined while it is not here. */
  row(index: number): T | undefined;
  /** The place of a row that is here; -1 where it is not. */
  indexOf(id: T['id'] | null): number;
  /** Says which rows are in sight (`end` is not among them). */
  want(first: number, end: number): void;
  /** Puts the same question again after a failure. */
  retry(): void;
  /** Rows `first` up to, not including, `end`, wherever they are; where that fails, none, and `problem` says why. */
  between(first: number, end: number): Promise<T[]>;
}
