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
    try {
      await this.ask();
    } catch {
      // The list itself says what is wrong with the cache.
    }
  }

  /** The same, but a failure is the caller's. */
  async ask(): Promise<void> {
    const asked = ++this.#asked;
    const rows = school.status?.login_log ? await bridge.checkExceptions() : null;
    if (asked === this.#asked) this.rows = rows;
  }
}

export const exceptions = new Exceptions();
