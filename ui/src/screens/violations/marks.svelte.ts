// Violations that are marked: a contact's head marks all of its violations that match.

import { bridge, problemOf } from '../../bridge';
import type { ContactQuery } from '../../generated/ContactQuery';
import type { Violation } from '../../generated/Violation';
import { Marks } from '../../lists/marks.svelte';
import type { RowList } from '../../lists/rows';
import { ALL_ROWS } from '../../lists/whole';
import { decisions } from '../../state/decisions.svelte';
import type { GroupedRow, ViolationQuestion } from '../../state/groups.svelte';
import { nameWords } from '../../words/name';

const CHECKS_OFF: Omit<ContactQuery, 'page'> = {
  search: '',
  unviewed: false,
  checks_off: true,
  blocked_device: false,
  sort: 'name',
  ascending: true,
};

/** An answer; none where the question fails, which is shown. */
async function answered<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (thrown) {
    decisions.fail(problemOf(thrown));
    return null;
  }
}

const rowOf = (violation: Violation, group: GroupedRow['group']): GroupedRow => ({
  kind: 'violation',
  id: violation.id,
  violation,
  group,
});

export class ViolationMarks extends Marks<GroupedRow> {
  readonly #question: () => ViolationQuestion;

  /** `question` is what the list shows. */
  constructor(question: () => ViolationQuestion) {
    super();
    this.#question = question;
  }

  override toggle(row: GroupedRow): void {
    if (row.kind === 'violation') super.toggle(row);
    else if (row.kind === 'head') void this.#group(row);
  }

  override async extend(list: RowList<GroupedRow>, from: number, to: number): Promise<void> {
    await super.extend(list, from, to);
    this.rows = new Map([...this.rows].filter(([, row]) => row.kind === 'violation'));
  }

  override async all(): Promise<void> {
    const question = { ...this.#question(), page: ALL_ROWS };
    const wanted = this.stillWanted();
    const found = await answered(Promise.all([bridge.violations(question), bridge.violationGroups(question)]));
    if (!found || !wanted()) return;
    const [{ rows }, answer] = found;
    const groups = new Map(answer.rows.map((group) => [group.contact_id, group]));
    this.add(
      rows.flatMap((violation) => {
        // One that came between the two answers was not on the screen either.
        const group = groups.get(violation.contact_id);
        return group ? [rowOf(violation, group)] : [];
      }),
    );
  }

  /** The marked violations, as the list has them now. */
  violations(list: RowList<GroupedRow>): Violation[] {
    return this.now(list).flatMap((row) => (row.kind === 'violation' ? [row.violation] : []));
  }

  /**
   * Whose marked violations these are, of those that access control looks at. The school is asked: a mark knows what
   * was so when it was set, and whoever is out of sight has changed since unseen.
   */
  async checked(): Promise<{ id: number; name: string }[]> {
    const { rows } = await bridge.contacts({ ...CHECKS_OFF, page: ALL_ROWS });
    const off = new Set(rows.map((contact) => contact.id));
    const marked = new Map([...this.rows.values()].map(({ group }) => [group.contact_id, nameWords(group)]));
    return [...marked].flatMap(([id, name]) => (off.has(id) ? [] : [{ id, name }]));
  }

  /** Marks all of a contact's, or where all are marked, none. */
  async #group({ group }: GroupedRow): Promise<void> {
    const wanted = this.stillWanted();
    const found = await answered(
      bridge.violations({ ...this.#question(), contact_id: group.contact_id, page: ALL_ROWS }),
    );
    if (!found || !wanted()) return;
    const { rows } = found;
    if (rows.every((violation) => this.has(violation.id))) {
      const ids = new Set<GroupedRow['id']>(rows.map((violation) => violation.id));
      this.rows = new Map([...this.rows].filter(([id]) => !ids.has(id)));
    } else this.add(rows.map((violation) => rowOf(violation, group)));
  }
}
