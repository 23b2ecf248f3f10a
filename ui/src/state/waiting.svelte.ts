// What the school has not confirmed, for the Sync screen, and what the person does with it.

import { bridge, problemOf } from '../bridge';
import type { Resolution } from '../generated/Resolution';
import type { Waiting } from '../generated/Waiting';
import { PagedList } from '../lists/paged.svelte';
import { firstOf, pageAt } from '../lists/whole';
import { decisions } from './decisions.svelte';

/** What can be done with an entry, the likelier first. */
export function waysOf(entry: Waiting): Resolution[] {
  switch (entry.state) {
    case 'conflict':
      return ['keep_mine', 'take_theirs'];
    case 'rejected':
      return ['retry', 'dismiss'];
    default:
      return entry.can_cancel ? ['cancel'] : [];
  }
}

/** Those that know a way. */
const idsOf = (entries: readonly Waiting[], how: Resolution): string[] =>
  entries.filter((entry) => waysOf(entry).includes(how)).map((entry) => entry.id);

/** The ways that at least one of several entries knows, in a fixed order. */
export function waysOfSome(entries: readonly Waiting[]): Resolution[] {
  const ways = new Set(entries.flatMap(waysOf));
  return (['keep_mine', 'take_theirs', 'retry', 'dismiss', 'cancel'] as const).filter((way) => ways.has(way));
}

export class WaitingList {
  readonly list = new PagedList<Waiting>();

  constructor() {
    // The pages are cut from the top: conflicts and refused ones come first, and few people scroll past them.
    void this.list.ask(async (page) => {
      const first = firstOf(page);
      const part = await bridge.waiting(first, page.limit);
      return pageAt(part.rows, first, part.total ?? first + part.rows.length);
    });
  }

  /**
   * Settles those of `entries` that know this way, all or none. What was confirmed or settled since the list was read is
   * left out: it wants nothing any more. Whether it is done; a failure is shown.
   */
  async settle(entries: readonly Waiting[], how: Resolution): Promise<boolean> {
    const wanted = idsOf(entries, how);
    if (wanted.length === 0) return false;
    try {
      const now = idsOf((await bridge.waiting(0, 0)).rows, how).filter((id) => wanted.includes(id));
      // Where none is left, the program says what has become of them.
      await bridge.resolve(now.length > 0 ? now : wanted, how);
      return true;
    } catch (thrown) {
      decisions.fail(problemOf(thrown));
      return false;
    } finally {
      await this.list.refresh();
    }
  }

  /** Settles every entry that knows this way. */
  async settleAll(how: Resolution): Promise<boolean> {
    try {
      return await this.settle((await bridge.waiting(0, 0)).rows, how);
    } catch (thrown) {
      decisions.fail(problemOf(thrown));
      return false;
    }
  }
}
