// Contacts whose checks are off with a reason or an end, as noted on this computer.

import { bridge } from '../bridge';
import type { CheckException } from '../generated/CheckException';
import { clock } from './clock.svelte';
import { school } from './school.svelte';

/** Whether the end of an exception has come. `now` is milliseconds since 1970. */
export function isOverdue(exception: CheckException, now: number): boolean {
  return exception.overdue || (exception.until !== null && Date.parse(exception.until) <= now);
}

class Exceptions {
  /** Overdue ones first; null before the first answer. */
  rows = $state.raw<CheckException[] | null>(null);
  overdue = $derived((this.rows ?? []).filter((row) => isOverdue(row, clock.coarse)));
  #asked = 0;

  /** Asks again; the last list stays where the answer does not come. */
  async refresh(): Promise<void> {
    if (!school.status?.login_log) {
      this.rows = null;
      return;
    }
    const asked = ++this.#asked;
    try {
      const rows = await bridge.checkExceptions();
      if (asked === this.#asked) this.rows = rows;
    } catch {
      // The contact's own card says what is wrong with the cache.
    }
  }
}

export const exceptions = new Exceptions();
