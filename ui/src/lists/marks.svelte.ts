// Rows that the person has marked, to decide on all of them at once.

import type { RowId, RowList } from './rows';

export class Marks<T extends { id: RowId }> {
  /** By id, as they were when they were marked. */
  rows = $state.raw<ReadonlyMap<T['id'], T>>(new Map());
  /** Where a range begins: the row that was marked last. */
  #anchor: T['id'] | null = null;
  /** Grows when all marks are let go: what was asked for before is marked no more. */
  #run = 0;

  get size(): number {
    return this.rows.size;
  }

  has(id: T['id']): boolean {
    return this.rows.has(id);
  }

  /** Marks a row, or takes its mark away. */
  toggle(row: T): void {
    const rows = new Map(this.rows);
    if (!rows.delete(row.id)) rows.set(row.id, row);
    this.rows = rows;
    this.#anchor = row.id;
  }

  /** Marks every row from the one marked last, wherever it stands now (or `from`, where it is not here), to `to`. */
  async extend(list: RowList<T>, from: number, to: number): Promise<void> {
    const at = list.indexOf(this.#anchor);
    const begin = at >= 0 ? at : from;
    this.#anchor = list.row(begin)?.id ?? null;
    await this.#add(list, Math.min(begin, to), Math.max(begin, to) + 1);
  }

  /** Marks every row of the list. */
  async all(list: RowList<T>): Promise<void> {
    await this.#add(list, 0, list.total ?? 0);
  }

  clear(): void {
    this.rows = new Map();
    this.#anchor = null;
    this.#run += 1;
  }

  async #add(list: RowList<T>, first: number, end: number): Promise<void> {
    const wanted = this.stillWanted();
    const rows = await list.between(first, end);
    if (wanted()) this.add(rows);
  }

  /** Says later whether marks that are asked for now are still wanted: not where all have been let go meanwhile. */
  protected stillWanted(): () => boolean {
    const run = this.#run;
    return () => run === this.#run;
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
