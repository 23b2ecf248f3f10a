// What the log suggests: the contacts that something was found of, and what is behind the selected one.

import { bridge, problemOf } from '../bridge';
import type { Insight } from '../generated/Insight';
import type { InsightDetail } from '../generated/InsightDetail';
import type { InsightQuery } from '../generated/InsightQuery';
import type { InsightStatus } from '../generated/InsightStatus';
import type { Problem } from '../generated/Problem';
import { PagedList } from '../lists/paged.svelte';

/** What narrows the list; which page of it is no matter. */
export type InsightQuestion = Omit<InsightQuery, 'page'>;

/** A contact in the list. */
export type InsightRow = Insight & { id: number };

/** Those that nobody has called harmless and that reach the points. */
const first: InsightQuestion = { search: '', sign: null, flagged: true, verdict: 'not_harmless' };

/** While contacts are still looked at in the background, it is asked again after this time. */
const WAITING_MS = 2_000;

class Insights {
  question = $state.raw<InsightQuestion>(first);
  tab = $state<'contacts' | 'what_if'>('contacts');
  selected = $state<number | null>(null);
  /** Pixels from the top, restored when the person comes back. */
  scrollTop = 0;
  list = $state.raw(new PagedList<InsightRow>());
  status = $state.raw<InsightStatus | null>(null);
  /** What is behind the selected one; that of another until it is here. */
  detail = $state.raw<InsightDetail | null>(null);
  problem = $state.raw<Problem | null>(null);
  #begun = false;
  #run = 0;
  #again: ReturnType<typeof setTimeout> | null = null;

  /** Whether somebody found is not in the list. */
  get narrowed(): boolean {
    const { search, sign, flagged, verdict } = this.question;
    return search !== '' || sign !== null || flagged || verdict !== null;
  }

  /** Begins anew, for another school. */
  reset(): void {
    if (this.#again) clearTimeout(this.#again);
    this.#run += 1;
    this.#begun = false;
    this.question = first;
    this.tab = 'contacts';
    this.selected = null;
    this.scrollTop = 0;
    this.list = new PagedList<InsightRow>();
    this.status = null;
    this.detail = null;
    this.problem = null;
  }

  /** Asks when the screen is shown for the first time. */
  begin(): void {
    if (this.#begun) return;
    this.#begun = true;
    this.#ask();
  }

  /** Rows here have changed. */
  refresh(): void {
    if (!this.#begun) return;
    void this.list.refresh();
    void this.#count();
    if (this.selected !== null) void this.look(this.selected);
  }

  /** What the owner thinks of the selected one has changed: who is harmless now may leave the list. */
  async judged(): Promise<void> {
    await this.list.refresh();
    if (this.selected !== null && this.list.indexOf(this.selected) < 0) this.selected = null;
  }

  narrow(part: Partial<InsightQuestion>): void {
    this.question = { ...this.question, ...part };
    this.selected = null;
    this.#ask();
  }

  showAll(): void {
    this.narrow({ search: '', sign: null, flagged: false, verdict: null });
  }

  /** Asks what is behind a contact's points. */
  async look(contact: number): Promise<void> {
    // What failed for another contact is not said of this one.
    if (this.detail?.contact_id !== contact) this.problem = null;
    try {
      const detail = await bridge.insight(contact);
      if (contact !== this.selected) return;
      this.detail = detail;
      this.problem = null;
    } catch (thrown) {
      if (contact === this.selected) this.problem = problemOf(thrown);
    }
  }

  #ask(): void {
    const { question } = this;
    void this.list.ask(async (page) => {
      const answer = await bridge.insights({ ...question, page });
      return { ...answer, rows: answer.rows.map((row) => ({ ...row, id: row.contact_id })) };
    });
    void this.#count();
  }

  async #count(): Promise<void> {
    if (this.#again) clearTimeout(this.#again);
    const run = ++this.#run;
    try {
      const before = this.status;
      const status = await bridge.insightStatus();
      if (run !== this.#run) return;
      this.status = status;
      if (before && before.waiting > status.waiting) void this.list.refresh();
      if (status.waiting > 0) this.#again = setTimeout(() => void this.#count(), WAITING_MS);
    } catch {
      // The list says what is wrong.
    }
  }
}

export const insights = new Insights();
