// Which rows of a list are in sight: where its scroller stands, and that it is dragged past more rows than anybody could
// read. Made while its component is; the effects are the component's.

import { untrack } from 'svelte';

import type { RowId, RowList } from './rows';
import { scrolled, standAt, TALLEST, type Stand } from './stretch';
import { isSeen, ROW, rowWindow, scrollTo } from './window';

/** As `--head` in tokens.css. */
const HEAD = 30;
const SPARE = 8;

/** Moved by more screens than these at once, the list is dragged by its bar: rows would be gone before they are read. */
const FAR = 8;

/** It has stopped when it has not moved for so long. */
const STOPPED_MS = 60;

interface Of {
  readonly list: RowList<{ id: RowId }>;
  /** Kept up to date with where the list stands. */
  readonly memory: { scrollTop: number } | undefined;
}

export class Sight {
  /** What scrolls, and how high that is in pixels. */
  scroller = $state<HTMLElement>();
  height = $state(0);
  /** Dragged by its bar: no rows are asked for and none drawn until it stops. */
  dragged = $state(false);

  readonly #of: Of;
  #stand = $state.raw<Stand>({ top: 0, offset: 0 });
  #stopping: ReturnType<typeof setTimeout> | undefined;

  readonly total = $derived.by(() => this.#of.list.total ?? 0);
  /** Pixels of rows that are in sight. */
  readonly view = $derived.by(() => Math.max(0, this.height - HEAD));
  /** Where the list stands, in pixels: not always where the scroller does. */
  readonly scrollTop = $derived.by(() => this.#stand.top + this.#stand.offset);
  readonly rows = $derived.by(() => rowWindow(this.scrollTop, this.view, ROW, this.total, SPARE));
  /** The places of the rows that stand in the document. */
  readonly places = $derived.by(() => {
    const { first, end } = this.rows;
    return this.dragged ? [] : Array.from({ length: end - first }, (_, at) => first + at);
  });

  constructor(of: Of) {
    this.#of = of;
    this.#stand = { top: 0, offset: untrack(() => of.memory?.scrollTop ?? 0) };
    $effect(() => {
      if (!this.dragged) of.list.want(this.rows.first, this.rows.end);
    });
    $effect(() => () => clearTimeout(this.#stopping));
  }

  /** Pixels from the sheet's top to a row, and of the whole sheet. */
  topOf(place: number): number {
    return place * ROW - this.#stand.offset;
  }

  get sheet(): number {
    return Math.min(this.total * ROW, TALLEST);
  }

  /** Whether the row at a place is seen, in a view of this many pixels. */
  sees(place: number, view = this.view): boolean {
    return isSeen(place, this.scrollTop, view, ROW);
  }

  /** How many rows a leap of one screen takes. */
  get screenful(): number {
    return Math.max(1, Math.floor(this.view / ROW) - 1);
  }

  /** The scroller has moved. */
  scrolls(): void {
    if (!this.scroller) return;
    const before = this.scrollTop;
    this.#stands(scrolled(this.#stand, this.scroller.scrollTop, this.view, this.total * ROW));
    if (Math.abs(this.scrollTop - before) > FAR * this.view) this.dragged = true;
    if (!this.dragged) return;
    clearTimeout(this.#stopping);
    this.#stopping = setTimeout(() => (this.dragged = false), STOPPED_MS);
  }

  /** Brings a row into sight, moving as little as possible, or into the middle. */
  bring(place: number, centre = false): void {
    this.standsAt(centre ? place * ROW - (this.view - ROW) / 2 : scrollTo(place, this.scrollTop, this.view, ROW));
  }

  standsAt(pixels: number): void {
    this.#stands(standAt(pixels, this.view, this.total * ROW));
  }

  #stands(at: Stand): void {
    if (!this.scroller) return;
    if (this.scroller.scrollTop !== at.top) this.scroller.scrollTop = at.top;
    // The engine may have rounded it.
    this.#stand = { top: this.scroller.scrollTop, offset: at.top + at.offset - this.scroller.scrollTop };
    if (this.#of.memory) this.#of.memory.scrollTop = this.scrollTop;
  }
}
