// A long list that is never here whole: pages of it, asked for as they come into sight.
//
// Pages are keyset pages. The list remembers where each page that it has seen begins (an anchor) and reaches any other by
// leaping rows from the nearest anchor before it, so a dragged scrollbar costs one question. When rows change underneath,
// `refresh` asks again for what is in sight and forgets the rest; what is shown stays until the answer is here.

import { problemOf } from '../bridge';
import type { Page } from '../generated/Page';
import type { PageRequest } from '../generated/PageRequest';
import type { Problem } from '../generated/Problem';
import type { RowId, RowList } from './rows';

/** Rows in a page. */
export const PAGE_ROWS = 100;

/** What a list asks for first. */
export const FIRST_PAGE: PageRequest = { after: null, skip: 0, limit: PAGE_ROWS, count: true };

/** Pages kept before those out of sight are let go: a few thousand rows. */
const KEPT_PAGES = 40;

/** Questions under way at once. */
const AT_ONCE = 2;

/** Rows in one step of `find`. */
const FIND_ROWS = 1000;

/** Asks for some rows of the list. */
export type Fetch<T> = (page: PageRequest) => Promise<Page<T>>;

export class PagedList<T extends { id: RowId }> implements RowList<T> {
  /** All rows of the list; null before the first answer. */
  total = $state<number | null>(null);
  /** Why the last question failed. */
  problem = $state<Problem | null>(null);
  /** A new question waits for its first answer; the rows shown are the old question's. */
  asking = $state(false);
  /** Rows may follow those that `total` counts: it grows as they come. */
  open = $state(false);
  /** Nobody has counted them yet: `total` only leaves room for what follows. */
  guessed = $state(false);
  /** Grows with each new question that was answered: time to scroll to the top. */
  answered = $state(0);

  #pages = $state.raw(new Map<number, T[]>());
  #anchors = new Map<number, string | null>([[0, null]]);
  #fetch: Fetch<T> | null = null;
  #run = 0;
  #wanted: [number, number] = [0, 0];
  #flying = new Set<number>();
  #refreshing = false;
  #stale = false;
  /** Ends when what is under way has ended, and what was asked for meanwhile. */
  #busy: Promise<void> = Promise.resolve();
  /** The last row is here, or was: `total` is certain. */
  #ended = false;

  /** The row at a place; undefined while it is not here. */
  row(index: number): T | undefined {
    return this.#pages.get(Math.floor(index / PAGE_ROWS))?.[index % PAGE_ROWS];
  }

  /** The place of a row that is here; -1 where it is not. */
  indexOf(id: T['id'] | null): number {
    if (id === null) return -1;
    for (const [page, rows] of this.#pages) {
      const at = rows.findIndex((row) => row.id === id);
      if (at >= 0) return page * PAGE_ROWS + at;
    }
    return -1;
  }

  /** Puts a new question, of which the first answer may be here. The old rows stay until it is. */
  ask(fetch: Fetch<T>, first: Page<T> | null = null): Promise<void> {
    this.#busy = this.#ask(fetch, first);
    return this.#busy;
  }

  /** Ends when the question that was asked last is answered. */
  settled(): Promise<void> {
    return this.#busy;
  }

  async #ask(fetch: Fetch<T>, first: Page<T> | null): Promise<void> {
    this.#fetch = fetch;
    const run = ++this.#run;
    this.asking = true;
    this.#flying.clear();
    try {
      const page = first ?? (await fetch(FIRST_PAGE));
      if (run !== this.#run) return;
      this.#take(0, page);
      this.#wanted = [0, 0];
      this.answered += 1;
    } catch (thrown) {
      if (run === this.#run) this.problem = problemOf(thrown);
    } finally {
      if (run === this.#run) {
        this.asking = false;
        this.#refreshing = false;
        if (this.#stale) await this.#refresh(fetch);
      }
    }
  }

  /** Says which rows are in sight (`end` is not among them) and fetches what is missing. */
  want(first: number, end: number): void {
    this.#wanted = [Math.floor(first / PAGE_ROWS), Math.floor(Math.max(first, end - 1) / PAGE_ROWS)];
    this.#pump();
  }

  /** Asks again for what is in sight: rows here have changed. Ends when what is here is younger than this call. */
  refresh(): Promise<void> {
    if (!this.#fetch) return Promise.resolve();
    if (this.asking || this.#refreshing) this.#stale = true;
    else this.#busy = this.#refresh(this.#fetch);
    return this.#busy;
  }

  async #refresh(fetch: Fetch<T>): Promise<void> {
    const run = ++this.#run;
    const [first, last] = this.#wanted;
    this.#refreshing = true;
    this.#stale = false;
    this.#flying.clear();
    try {
      const page = await fetch({
        after: null,
        skip: first * PAGE_ROWS,
        limit: (last - first + 1) * PAGE_ROWS,
        count: true,
      });
      if (run !== this.#run) return;
      this.#take(first, page);
    } catch (thrown) {
      if (run === this.#run) this.problem = problemOf(thrown);
    } finally {
      if (run === this.#run) {
        this.#refreshing = false;
        if (this.#stale) await this.#refresh(fetch);
        else this.#pump();
      }
    }
  }

  /** Puts the same question again after a failure. */
  retry(): void {
    this.problem = null;
    if (!this.#fetch) return;
    if (this.total === null) void this.ask(this.#fetch);
    else void this.refresh();
  }

  /** Rows `first` up to, not including, `end`, wherever they are; asked for where they are not here, none where that fails. */
  async between(first: number, end: number): Promise<T[]> {
    const here: T[] = [];
    for (let at = first; at < end; at++) {
      const row = this.row(at);
      if (!row) break;
      here.push(row);
    }
    if (here.length === end - first || !this.#fetch) return here;
    try {
      return (await this.#fetch({ after: null, skip: first, limit: end - first, count: false })).rows;
    } catch (thrown) {
      this.problem = problemOf(thrown);
      return [];
    }
  }

  /** The place of a row anywhere in the list; null where the list does not have it. */
  async find(id: T['id']): Promise<number | null> {
    const here = this.indexOf(id);
    if (here >= 0) return here;
    if (!this.#fetch) return null;
    const run = this.#run;
    let after: string | null = null;
    for (let passed = 0; ;) {
      const page: Page<T> = await this.#fetch({ after, skip: 0, limit: FIND_ROWS, count: false });
      const at = page.rows.findIndex((row) => row.id === id);
      if (at >= 0) return passed + at;
      passed += page.rows.length;
      if (page.next === null || page.rows.length === 0 || run !== this.#run) return null;
      after = page.next;
    }
  }

  /** Replaces everything by the rows of an answer that begins with page `first`. */
  #take(first: number, answer: Page<T>): void {
    const pages = new Map<number, T[]>();
    for (let at = 0; at < answer.rows.length; at += PAGE_ROWS) {
      pages.set(first + at / PAGE_ROWS, answer.rows.slice(at, at + PAGE_ROWS));
    }
    this.#pages = pages;
    this.#anchors = new Map([[0, null]]);
    if (answer.next !== null && answer.rows.length % PAGE_ROWS === 0) {
      this.#anchors.set(first + answer.rows.length / PAGE_ROWS, answer.next);
    }
    const known = first * PAGE_ROWS + answer.rows.length;
    this.#ended = answer.next === null;
    this.open = this.guessed = answer.total === null && !this.#ended;
    this.total = answer.total ?? (this.open ? known + PAGE_ROWS : known);
    this.problem = null;
  }

  /** Says how many rows there are, where they were counted apart; `all` is false where more may follow. */
  counted(total: number, all: boolean): void {
    if (this.total === null || this.#ended) return;
    this.total = all ? total : Math.max(total, this.total);
    this.open = !all;
    this.guessed = false;
  }

  #pump(): void {
    if (this.asking || this.#refreshing || this.problem || this.total === null) return;
    const last = Math.min(this.#wanted[1], Math.floor((this.total - 1) / PAGE_ROWS));
    for (let page = this.#wanted[0]; page <= last; page++) {
      if (this.#flying.size >= AT_ONCE) return;
      if (!this.#pages.has(page) && !this.#flying.has(page)) void this.#load(page);
    }
  }

  async #load(page: number): Promise<void> {
    if (!this.#fetch) return;
    const run = this.#run;
    const nearest = Math.max(...[...this.#anchors.keys()].filter((at) => at <= page));
    this.#flying.add(page);
    try {
      const answer = await this.#fetch({
        after: this.#anchors.get(nearest) ?? null,
        skip: (page - nearest) * PAGE_ROWS,
        limit: PAGE_ROWS,
        count: false,
      });
      if (run !== this.#run) return;
      this.#keep(page, answer);
    } catch (thrown) {
      if (run === this.#run) this.problem = problemOf(thrown);
    } finally {
      if (run === this.#run) {
        this.#flying.delete(page);
        this.#pump();
      }
    }
  }

  #keep(page: number, answer: Page<T>): void {
    const pages = new Map(this.#pages);
    pages.set(page, answer.rows);
    if (pages.size > KEPT_PAGES) {
      const [first, last] = this.#wanted;
      for (const at of pages.keys()) if (at < first - 5 || at > last + 5) pages.delete(at);
    }
    this.#pages = pages;
    if (answer.next !== null) this.#anchors.set(page + 1, answer.next);
    // The list ended earlier than it was counted: rows went away since.
    if (answer.next === null) {
      this.#ended = true;
      this.open = this.guessed = false;
      this.total = page * PAGE_ROWS + answer.rows.length;
    } else if (this.open) this.total = Math.max(this.total ?? 0, (page + 2) * PAGE_ROWS);
  }
}
