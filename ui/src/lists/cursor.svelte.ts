// The selected row of a list, and its place: it keeps its identity when rows move underneath, and what was in sight stays
// so. Made while its component is; the effects are the component's.

import { untrack } from 'svelte';

import type { Own } from './own';
import type { RowId } from './rows';
import type { Sight } from './sight.svelte';
import { ROW, type Anchor } from './window';

export class Cursor<T extends { id: RowId }> {
  /** The place of the selected row, also while it is not here yet; -1 where none is selected. */
  place = $state(-1);
  /** The end is wanted, which is not known before the rows are counted. */
  ending = $state(false);
  /** The keys are here on purpose: some row is the selected one as soon as there is any. */
  entered = $state(false);

  readonly #own: Own<T>;
  readonly #sight: Sight;

  constructor(own: Own<T>, sight: Sight) {
    this.#own = own;
    this.#sight = sight;
    this.#follow();
    this.#holdStill();
    this.#beginAnew();
    this.#reachEnds();
    this.#growWith();
  }

  /** The selected row, which is seen to be that. What stands where it stood, once it is gone, no key is meant for. */
  get row(): T | undefined {
    const row = this.place >= 0 ? this.#own.list.row(this.place) : undefined;
    return row?.id === this.#own.selected ? row : undefined;
  }

  /** Selects the row at a place and brings it into sight. */
  show(place: number, centre = false): void {
    const { total, scroller } = this.#sight;
    if (!scroller || total === 0) return;
    this.place = Math.min(Math.max(0, place), total - 1);
    this.#own.selected = this.#own.list.row(this.place)?.id ?? null;
    this.#sight.bring(this.place, centre);
  }

  /** The keys are in the list from now on: they go on at the selected row, or begin at the first one. */
  enters(): void {
    this.entered = true;
    if (this.place < 0) this.show(0);
    else this.#sight.bring(this.place);
  }

  /** Brings the selected row back into sight; whether it was out of it, and the key only did that. */
  reveals(): boolean {
    if (this.#sight.view === 0 || !this.row || this.#sight.sees(this.place)) return false;
    this.#sight.bring(this.place);
    return true;
  }

  /** The selected row may have moved, or may only now have come. */
  #follow(): void {
    const own = this.#own;
    $effect(() => {
      const at = own.list.indexOf(own.selected);
      if (at >= 0) this.place = at;
      else if (own.selected === null && untrack(() => this.place) >= 0) {
        // It may have been beyond the end, where the rows were not counted yet.
        const place = Math.min(
          untrack(() => this.place),
          this.#sight.total - 1,
        );
        const row = own.list.row(place);
        if (row) [this.place, own.selected] = [place, row.id];
      }
    });
  }

  /** What stays where it is on the screen when rows come or go above it. */
  #holdStill(): void {
    const [own, sight] = [this.#own, this.#sight];
    let anchor: Anchor<T['id']> | null = null;
    $effect(() => {
      const at = anchor === null ? -1 : own.list.indexOf(anchor.id);
      const chosenAt = own.list.indexOf(own.selected);
      const first = Math.ceil(sight.scrollTop / ROW);
      const top = own.list.row(first);
      if (own.list.asking) {
        anchor = null;
        return;
      }
      if (anchor && at >= 0 && at !== anchor.place) {
        const moved = at - anchor.place;
        anchor = { id: anchor.id, place: at };
        untrack(() => sight.standsAt(sight.scrollTop + moved * ROW));
        return;
      }
      // It may only be on a page that is still to come.
      if (anchor && at < 0 && anchor.id === own.selected) return;
      if (own.selected !== null && chosenAt >= 0 && sight.sees(chosenAt)) {
        anchor = { id: own.selected, place: chosenAt };
      } else anchor = top && sight.scrollTop > 0 ? { id: top.id, place: first } : null;
    });
  }

  /** Another question was answered: its list begins at the top, with no row selected. */
  #beginAnew(): void {
    const own = this.#own;
    let answered = untrack(() => own.list.answered);
    $effect(() => {
      if (own.list.answered === answered) return;
      answered = own.list.answered;
      // What was chosen before the first answer, or with it, stays chosen.
      if (answered === 1 && (own.memory || own.list.indexOf(untrack(() => own.selected)) >= 0)) return;
      this.place = -1;
      own.selected = null;
      this.ending = false;
      untrack(() => this.#sight.standsAt(0));
    });
  }

  /** What was wanted before its row was known: the first one, or the last one. */
  #reachEnds(): void {
    $effect(() => {
      if (this.entered && this.place < 0 && this.#sight.total > 0 && !this.#own.list.asking) {
        untrack(() => this.show(0));
      }
    });
    $effect(() => {
      if (!this.ending || this.#own.list.guessed) return;
      this.ending = false;
      untrack(() => this.show(this.#sight.total - 1));
    });
  }

  /**
   * Where the list or the window has grown, or the list is here only now, what was in sight stays so; the selected row does,
   * too, where less is in sight than before.
   */
  #growWith(): void {
    const sight = this.#sight;
    let before = 0;
    $effect(() => {
      const { total, view } = sight;
      if (total === 0 || view === 0) return;
      untrack(() => {
        const kept = this.place >= 0 && this.place < total && sight.sees(this.place, before);
        if (kept && view < before) sight.bring(this.place);
        else sight.standsAt(sight.scrollTop);
      });
      before = view;
    });
  }
}
