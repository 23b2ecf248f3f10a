// Every login of the school: the question, its rows, its counts, and what is selected, kept while the person is elsewhere.

import { bridge, problemOf } from '../bridge';
import type { Login } from '../generated/Login';
import type { LoginSummary } from '../generated/LoginSummary';
import type { Problem } from '../generated/Problem';
import { PagedList } from '../lists/paged.svelte';
import { ALL_ROWS } from '../lists/whole';
import { everyLogin, type LoginQuestion } from '../words/chips';
import { nameOr } from '../words/name';
import { readTyped } from '../words/typed';
import { school } from './school.svelte';

/** While days are still being counted in the background, the numbers are asked for again after this time. */
const COUNTING_MS = 2_000;

class Logins {
  question = $state.raw<LoginQuestion>(everyLogin);
  /** What stands in the field; Enter makes it a condition. */
  typed = $state('');
  selected = $state<number | null>(null);
  /** Pixels from the top, restored when the person comes back. */
  scrollTop = 0;
  list = $state.raw(new PagedList<Login>());
  /** The logins counted; those of the last question until the answer to this one is here. */
  summary = $state.raw<LoginSummary | null>(null);
  /** Why they could not be counted. */
  uncounted = $state.raw<Problem | null>(null);
  /** Why what is typed can be no condition. */
  refused = $state.raw<Problem | null>(null);
  /** From the first login to the last that the other conditions leave; null while not known. */
  extent = $state.raw<{ from: string; until: string } | null>(null);
  /** Whether the map is unfolded; null where the person has not said. */
  map = $state<boolean | null>(null);
  /** Names of contacts that a chip may have to say. */
  #names = new Map<number, string>();
  #run = 0;
  #counted = 0;
  #begun = false;
  #again: ReturnType<typeof setTimeout> | null = null;

  /** Whether anything narrows the list. */
  get narrowed(): boolean {
    return JSON.stringify(this.question) !== JSON.stringify(everyLogin);
  }

  /** Begins anew, for another school. */
  reset(): void {
    if (this.#again) clearTimeout(this.#again);
    this.question = everyLogin;
    this.typed = '';
    this.refused = null;
    this.selected = null;
    this.scrollTop = 0;
    this.list = new PagedList<Login>();
    this.summary = null;
    this.uncounted = null;
    this.extent = null;
    this.#names.clear();
    this.#begun = false;
    this.#run += 1;
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
  }

  narrow(part: Partial<LoginQuestion>): void {
    this.#begun = true;
    this.refused = null;
    this.question = { ...this.question, ...part };
    this.selected = null;
    this.#ask();
  }

  /** Shows another question altogether. */
  show(question: Partial<LoginQuestion>): void {
    this.typed = '';
    this.question = everyLogin;
    this.extent = null;
    this.narrow(question);
  }

  showAll(): void {
    this.show({});
  }

  /** Only this person's. */
  ofContact(id: number, name: string): void {
    this.#names.set(id, name);
    this.narrow({ contact_id: id });
  }

  nameOf(id: number): string {
    const row = this.list.row(0);
    return nameOr(this.#names.get(id) ?? (row?.contact_id === id ? row.contact_name : null), id);
  }

  /** Makes what is typed a condition. */
  take(): void {
    const text = this.typed;
    const typed = readTyped(text);
    this.typed = '';
    this.refused = null;
    switch (typed.kind) {
      case 'address':
        return void this.#narrowTo(typed.address, text);
      case 'dates':
        return this.narrow({ from: typed.from, until: typed.until });
      case 'words':
        if (typed.words !== '') this.narrow({ search: [this.question.search, typed.words].filter(Boolean).join(' ') });
    }
  }

  /** The days of another clock are other days. */
  cutAnew(): void {
    if (this.summary) void this.#count();
  }

  /** What only looks like an address stays in the field, and it is said why. */
  async #narrowTo(address: string, text: string): Promise<void> {
    const run = this.#run;
    try {
      await bridge.logins({ ...this.question, address, page: { after: null, skip: 0, limit: 1, count: false } });
    } catch (thrown) {
      const problem = problemOf(thrown);
      if (problem.code === 'invalid' && run === this.#run) {
        this.refused = problem;
        if (this.typed === '') this.typed = text;
        return;
      }
    }
    if (run === this.#run) this.narrow({ address });
  }

  #ask(): void {
    const question = this.question;
    const run = ++this.#run;
    if (question.from === null && question.until === null) this.extent = null;
    // Logins may have come since it was all that there is.
    else if (this.extent) {
      const now = Date.now();
      if (Date.parse(this.extent.until) < now) this.extent = { ...this.extent, until: new Date(now).toISOString() };
    }
    void this.list.ask(async (page) => {
      const answer = await bridge.logins({ ...question, page: { ...page, count: false } });
      const { summary } = this;
      const known = page.count && this.#counted === run && summary && isWhole(summary);
      return { ...answer, total: known ? summary.total : null };
    });
    void this.#count();
  }

  async #count(): Promise<void> {
    if (this.#again) clearTimeout(this.#again);
    const question = this.question;
    const run = this.#run;
    try {
      const answer = await bridge.loginSummary({ ...question, page: ALL_ROWS });
      if (run !== this.#run) return;
      const summary = school.unfinished ? soFar(answer, this.narrowed) : answer;
      this.summary = summary;
      this.uncounted = null;
      this.#counted = run;
      const { from, until } = summary;
      if (question.from === null && question.until === null && from !== null && until !== null) {
        this.extent = { from, until };
      }
      await this.list.settled();
      if (run === this.#run) this.list.counted(summary.total, isWhole(summary));
      if (answer.counting) this.#again = setTimeout(() => void this.#count(), COUNTING_MS);
    } catch (thrown) {
      if (run === this.#run) this.uncounted = problemOf(thrown);
    }
  }
}

/** Before the first sync has ended more logins are to come, and those that are here may not be tallied yet. */
function soFar(summary: LoginSummary, narrowed: boolean): LoginSummary {
  const here = narrowed ? 0 : (school.status?.sessions ?? 0);
  return { ...summary, total: Math.max(summary.total, here), counting: true };
}

/** Whether every login that was asked for is in the numbers. */
export function isWhole(summary: LoginSummary): boolean {
  return summary.counted_from === null && !summary.counting;
}

export const logins = new Logins();
