// Violations grouped by contact, as one list of rows: a head for each contact, its first violations, and a row that
// unfolds the rest. Contacts come in pages as they come into sight, each contact's violations when it does.

import { bridge, problemOf } from '../bridge';
import type { Problem } from '../generated/Problem';
import type { Violation } from '../generated/Violation';
import type { ViolationGroup } from '../generated/ViolationGroup';
import type { ViolationQuery } from '../generated/ViolationQuery';
import type { RowList } from '../lists/rows';
import { groupAt, layOut, type Layout, type Part } from '../lists/groups';

/** What narrows the violations; which page of them is no matter. */
export type ViolationQuestion = Omit<ViolationQuery, 'page'>;

/** A row of the list: a contact, one of its violations, or the way to the rest of them. */
export type GroupedRow =
  | { kind: 'head'; id: string; group: ViolationGroup }
  | { kind: 'violation'; id: number; violation: Violation; group: ViolationGroup }
  | { kind: 'more'; id: string; group: ViolationGroup; hidden: number };

/** Contacts in a page. */
const PAGE = 100;

/** Contacts whose violations are asked for at once. */
const AT_ONCE = 4;

/** Violations of a contact that one step unfolds. */
const UNFOLDS = 100;

/** Rows that are drawn as coming while there are more contacts. */
const COMING = 12;

export class GroupedList implements RowList<GroupedRow> {
  total = $state<number | null>(null);
  problem = $state.raw<Problem | null>(null);
  asking = $state(false);
  answered = $state(0);
  /** Contacts that match, all of them; null before the first answer. */
  contacts = $state<number | null>(null);

  #groups = $state.raw<ViolationGroup[]>([]);
  /** By contact: the violations that are here. */
  #rows = $state.raw(new Map<number, Violation[]>());
  /** By contact: how many more were unfolded. */
  #unfolded = $state.raw(new Map<number, number>());
  /** No `$derived`: that would belong to the part of the window which made this list, and stand still once it is gone. */
  #layout = $state.raw<Layout>({ parts: [], size: 0 });
  #question: ViolationQuestion | null = null;
  #next: string | null = null;
  #run = 0;
  #wanted: [number, number] = [0, 0];
  #flying = new Set<number>();
  #paging = false;
  #again = false;
  #busy = false;

  row(index: number): GroupedRow | undefined {
    const found = groupAt(this.#layout, index);
    const group = found && this.#groups[found.group];
    if (!group) return undefined;
    const { shown, hidden } = this.#layout.parts[found.group] ?? { shown: 0, hidden: 0 };
    if (found.inside === 0) return { kind: 'head', id: `head-${group.contact_id}`, group };
    if (found.inside > shown) return { kind: 'more', id: `more-${group.contact_id}`, group, hidden };
    const violation = this.#rows.get(group.contact_id)?.[found.inside - 1];
    return violation && { kind: 'violation', id: violation.id, violation, group };
  }

  indexOf(id: GroupedRow['id'] | null): number {
    if (id === null) return -1;
    for (const [at, group] of this.#groups.entries()) {
      const part = this.#layout.parts[at];
      if (!part) return -1;
      if (id === `head-${group.contact_id}`) return part.start;
      if (id === `more-${group.contact_id}`) return part.hidden > 0 ? part.start + part.shown + 1 : -1;
      if (typeof id === 'string') continue;
      const inside = this.#rows.get(group.contact_id)?.findIndex((row) => row.id === id) ?? -1;
      if (inside >= 0) return inside < part.shown ? part.start + 1 + inside : -1;
    }
    return -1;
  }

  /** Puts a new question. The old rows stay until its first answer. */
  async ask(question: ViolationQuestion): Promise<void> {
    this.#question = question;
    this.asking = true;
    const run = ++this.#run;
    this.#flying.clear();
    this.#paging = false;
    try {
      await this.#look(question, run, PAGE, true);
      if (run === this.#run) this.answered += 1;
    } catch (thrown) {
      if (run === this.#run) this.problem = problemOf(thrown);
    } finally {
      if (run === this.#run) this.asking = false;
    }
    if (this.#again && run === this.#run) {
      this.#again = false;
      await this.refresh();
    } else this.#pump();
  }

  /** Asks again for what is here: rows have changed. */
  async refresh(): Promise<void> {
    const question = this.#question;
    if (!question) return;
    if (this.asking || this.#busy) {
      this.#again = true;
      return;
    }
    this.#busy = true;
    const run = ++this.#run;
    this.#flying.clear();
    this.#paging = false;
    try {
      await this.#look(question, run, Math.max(PAGE, this.#groups.length), false);
    } catch (thrown) {
      if (run === this.#run) this.problem = problemOf(thrown);
    }
    this.#busy = false;
    if (this.#again) {
      this.#again = false;
      await this.refresh();
    } else this.#pump();
  }

  /** Reads the first contacts and, with them, the violations that will be in sight. */
  async #look(question: ViolationQuestion, run: number, limit: number, anew: boolean): Promise<void> {
    const page = { after: null, skip: 0, limit, count: true };
    const answer = await bridge.violationGroups({ ...question, page });
    if (run !== this.#run) return;
    const unfolded = anew ? new Map<number, number>() : this.#unfolded;
    const layout = layOut(answer.rows.map((group) => ({ ...group, unfolded: unfolded.get(group.contact_id) ?? 0 })));
    const [first, end] = anew ? [0, 40] : this.#wanted;
    const meets = (part: Part | undefined) => part !== undefined && part.start < end && part.start + part.size > first;
    // Those that were in sight stay so, wherever others have moved them.
    const before = new Set(
      anew ? [] : this.#groups.flatMap((group, at) => (meets(this.#layout.parts[at]) ? [group.contact_id] : [])),
    );
    const seen = answer.rows.filter((group, at) => meets(layout.parts[at]) || before.has(group.contact_id));
    const rows = new Map<number, Violation[]>();
    await Promise.all(
      seen.map(async (group) => {
        const part = layout.parts[answer.rows.indexOf(group)];
        rows.set(group.contact_id, await this.#violations(question, group.contact_id, part?.shown ?? 0));
      }),
    );
    if (run !== this.#run) return;
    this.#unfolded = unfolded;
    this.#rows = rows;
    this.#groups = answer.rows;
    this.#next = answer.next;
    this.contacts = answer.total;
    this.problem = null;
    this.#arrange();
  }

  #violations(question: ViolationQuestion, contact: number, limit: number): Promise<Violation[]> {
    const page = { after: null, skip: 0, limit: Math.max(1, limit), count: false };
    return bridge.violations({ ...question, contact_id: contact, page }).then((answer) => answer.rows);
  }

  want(first: number, end: number): void {
    this.#wanted = [first, end];
    this.#pump();
  }

  retry(): void {
    this.problem = null;
    if (!this.#question) return;
    if (this.total === null) void this.ask(this.#question);
    else void this.refresh();
  }

  async between(first: number, end: number): Promise<GroupedRow[]> {
    const rows: GroupedRow[] = [];
    for (let at = first; at < end; at++) {
      const row = this.row(at);
      if (row) rows.push(row);
    }
    return rows;
  }

  /** Shows a contact's next violations. */
  unfold(contact: number): void {
    this.#unfolded = new Map(this.#unfolded).set(contact, (this.#unfolded.get(contact) ?? 0) + UNFOLDS);
    this.#arrange();
    this.#pump();
  }

  /** Lays out what is here and counts the rows. */
  #arrange(): void {
    this.#layout = layOut(
      this.#groups.map((group) => ({ ...group, unfolded: this.#unfolded.get(group.contact_id) ?? 0 })),
    );
    this.total = this.#layout.size + (this.#next === null ? 0 : COMING);
  }

  #pump(): void {
    if (this.asking || this.#busy || this.problem || this.total === null || !this.#question) return;
    const [first, end] = this.#wanted;
    for (const [at, part] of this.#layout.parts.entries()) {
      if (part.start >= end) break;
      const group = this.#groups[at];
      if (!group || part.start + part.size <= first || this.#flying.has(group.contact_id)) continue;
      if ((this.#rows.get(group.contact_id)?.length ?? 0) >= part.shown) continue;
      if (this.#flying.size >= AT_ONCE) return;
      void this.#load(this.#question, group.contact_id, part.shown);
    }
    if (this.#next !== null && end > this.#layout.size && !this.#paging) void this.#page(this.#question, this.#next);
  }

  async #load(question: ViolationQuestion, contact: number, shown: number): Promise<void> {
    const run = this.#run;
    this.#flying.add(contact);
    try {
      const rows = await this.#violations(question, contact, shown);
      if (run !== this.#run) return;
      this.#rows = new Map(this.#rows).set(contact, rows);
      // Fewer than were counted: some have gone since.
      if (rows.length < shown) {
        const some = (group: ViolationGroup) =>
          group.contact_id === contact ? { ...group, restrictions: rows.length } : group;
        this.#groups = this.#groups.map(some);
        this.#arrange();
      }
    } catch (thrown) {
      if (run === this.#run) this.problem = problemOf(thrown);
    } finally {
      if (run === this.#run) {
        this.#flying.delete(contact);
        this.#pump();
      }
    }
  }

  async #page(question: ViolationQuestion, after: string): Promise<void> {
    const run = this.#run;
    this.#paging = true;
    try {
      const answer = await bridge.violationGroups({ ...question, page: { after, skip: 0, limit: PAGE, count: false } });
      if (run !== this.#run) return;
      this.#groups = [...this.#groups, ...answer.rows];
      this.#next = answer.next;
      this.#arrange();
    } catch (thrown) {
      if (run === this.#run) this.problem = problemOf(thrown);
    } finally {
      if (run === this.#run) {
        this.#paging = false;
        this.#pump();
      }
    }
  }
}
