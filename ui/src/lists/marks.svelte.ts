// Rows that the person has marked, to decide on all of them at once.

import type { RowId, RowList } from './rows';

export class Marks<T extends { id: RowId }> {
  /** By id, as they were when they were marked. */
  rows = $state.raw<ReadonlyMap<T['id'], T>>(new Map());
  /** Where a range begins: the row that was marked last. */
  #anchor: number | null = null;

  get size(): number {
    return this.rows.size;
  }

  has(id: T['id']): boolean {
    return this.rows.has(id);
  }

  /** Marks the row at `place`, or takes its mark away. */
  toggle(row: T, place: number): void {
    const rows = new Map(this.rows);
    if (!rows.delete(row.id)) rows.set(row.id, row);
    this.rows = rows;
    this.#anchor = place;
  }

  /** Marks every row from the one marked last (or `from`, where there is none) to `to`. */
  async extend(list: RowList<T>, from: number, to: number): Promise<void> {
    this.#anchor ??= from;
    const first = Math.min(this.#anchor, to);
    const end = Math.max(this.#anchor, to) + 1;
    this.add(await list.between(first, end));
  }

  /** Marks every row of the list. */
  async all(list: RowList<T>): Promise<void> {
    this.add(await list.between(0, list.total ?? 0));
  }

  clear(): void {
    this.rows = new Map();
    this.#anchor = null;
  }

  /** The marked rows, as the list has them now. */
  now(list: RowList<T>): T[] {
    return [...this.rows.values()].map((row) => list.row(list.indexOf(row.id)) ?? row);
  }

  protected add(more: readonly T[]): void {
    const rows = new Map(this.rows);
    for (const row of more) rows.set(row.id, row);
    this.rows = rows;
  }
}
