// Violations that are marked: a contact's head marks all of its violations that match.

import { bridge } from '../../bridge';
import type { Violation } from '../../generated/Violation';
import { Marks } from '../../lists/marks.svelte';
import type { RowList } from '../../lists/rows';
import type { GroupedRow, ViolationQuestion } from '../../state/groups.svelte';

/** All rows of an answer. */
const ALL = { after: null, skip: 0, limit: 0, count: false };

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

  override toggle(row: GroupedRow, place: number): void {
    if (row.kind === 'violation') super.toggle(row, place);
    else if (row.kind === 'head') void this.#group(row);
  }

  override async extend(list: RowList<GroupedRow>, from: number, to: number): Promise<void> {
    await super.extend(list, from, to);
    this.rows = new Map([...this.rows].filter(([, row]) => row.kind === 'violation'));
  }

  override async all(): Promise<void> {
    const { rows } = await bridge.violations({ ...this.#question(), page: ALL });
    const known = new Map([...this.rows.values()].map((row) => [row.group.contact_id, row.group]));
    this.add(
      rows.map((violation) => {
        const { contact_id, contact_name: name } = violation;
        const group = known.get(contact_id) ?? {
          contact_id,
          name,
          email: '',
          restrictions: 0,
          unviewed: 0,
          newest_at: violation.occurred_at,
          rules: [],
          checks_enabled: true,
          verdict: null,
        };
        return rowOf(violation, group);
      }),
    );
  }

  /** The marked violations, as the list has them now. */
  violations(list: RowList<GroupedRow>): Violation[] {
    return this.now(list).flatMap((row) => (row.kind === 'violation' ? [row.violation] : []));
  }

  /** Marks all of a contact's, or where all are marked, none. */
  async #group({ group }: GroupedRow): Promise<void> {
    const { rows } = await bridge.violations({ ...this.#question(), contact_id: group.contact_id, page: ALL });
    if (rows.every((violation) => this.has(violation.id))) {
      const ids = new Set<GroupedRow['id']>(rows.map((violation) => violation.id));
      this.rows = new Map([...this.rows].filter(([id]) => !ids.has(id)));
    } else this.add(rows.map((violation) => rowOf(violation, group)));
  }
}
