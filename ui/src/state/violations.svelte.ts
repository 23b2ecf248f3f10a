// Every violation of the school: the question, its rows by contact, and what is selected, kept while the person is
// elsewhere.

import { bridge } from '../bridge';
import type { ViolationChoices } from '../generated/ViolationChoices';
import { GroupedList, type GroupedRow, type ViolationQuestion } from './groups.svelte';

const DAY_MS = 86_400_000;

/** Rows behind the selected one among which one is looked for that is left when that goes. */
const LOOKED_BEHIND = 1_000;

/** Days that the head of the screen counts. */
export const COUNTED_DAYS = 30;

export const everyViolation: ViolationQuestion = {
  search: '',
  contact_id: null,
  rule: null,
  country: null,
  status: null,
  verdict: null,
  from: null,
  until: null,
};

const NO_CHOICES: ViolationChoices = { rules: [], countries: [] };

/** What wants to be looked at: where the screen begins. */
const inbox: ViolationQuestion = { ...everyViolation, status: 'not_viewed' };

class Violations {
  question = $state.raw<ViolationQuestion>(inbox);
  selected = $state<GroupedRow['id'] | null>(null);
  /** Pixels from the top, restored when the person comes back. */
  scrollTop = 0;
  list = $state.raw(new GroupedList());
  /** Violations of the last 30 days; null while not known. */
  recent = $state<number | null>(null);
  /** Rules and countries that some violations have. */
  choices = $state.raw<ViolationChoices>(NO_CHOICES);
  #begun = false;
  #run = 0;

  /** Whether anything narrows the list. */
  get narrowed(): boolean {
    return JSON.stringify(this.question) !== JSON.stringify(everyViolation);
  }

  /** Whether it is the inbox: what nobody has viewed, and nothing else narrows it. */
  get isInbox(): boolean {
    return JSON.stringify(this.question) === JSON.stringify(inbox);
  }

  /** Begins anew, for another school. */
  reset(): void {
    this.question = inbox;
    this.selected = null;
    this.scrollTop = 0;
    this.list = new GroupedList();
    this.recent = null;
    this.choices = NO_CHOICES;
    this.#begun = false;
    this.#run += 1;
  }

  /** Asks when the screen is shown for the first time. */
  begin(): void {
    if (this.#begun) return;
    this.#begun = true;
    void this.list.ask(this.question);
    void this.#count();
  }

  /** Rows here have changed. */
  async refresh(): Promise<void> {
    if (!this.#begun) return;
    void this.#count();
    const behind = this.#behind();
    await this.list.refresh();
    if (this.selected === null || this.list.indexOf(this.selected) >= 0) return;
    // What is done with leaves the inbox, those around it perhaps too: the first behind it that is left is selected, else
    // what stands in its place.
    this.selected = behind.find((id) => this.list.indexOf(id) >= 0) ?? null;
  }

  /** The violations behind the selected row, in order; behind a head the heads, too. */
  #behind(): GroupedRow['id'][] {
    const { list, selected } = this;
    const at = list.indexOf(selected);
    if (at < 0) return [];
    const end = Math.min(list.total ?? 0, at + LOOKED_BEHIND);
    const rows = Array.from({ length: Math.max(0, end - at - 1) }, (_, place) => list.row(at + 1 + place));
    return rows.flatMap((row) => (row && (row.kind === 'violation' || typeof selected === 'string') ? [row.id] : []));
  }

  narrow(part: Partial<ViolationQuestion>): void {
    this.#begun = true;
    this.question = { ...this.question, ...part };
    void this.list.ask(this.question);
  }

  /** Shows another question altogether. */
  show(question: Partial<ViolationQuestion>): void {
    this.question = everyViolation;
    this.narrow(question);
  }

  /** What nobody has viewed, and nothing else. */
  showInbox(): void {
    this.show(inbox);
    void this.#count();
  }

  async #count(): Promise<void> {
    const run = this.#run;
    const from = new Date(Date.now() - COUNTED_DAYS * DAY_MS).toISOString();
    const page = { after: null, skip: 0, limit: 1, count: true };
    try {
      const { total } = await bridge.violations({ ...everyViolation, from, page });
      if (run === this.#run) this.recent = total;
      const choices = await bridge.violationChoices();
      if (run === this.#run) this.choices = choices;
    } catch {
      // The list says what is wrong with the cache; the head does without the number.
    }
  }
}

export const violations = new Violations();
