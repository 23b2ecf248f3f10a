// Contacts that the owner wanted to look at again by today.

import { bridge } from '../bridge';
import type { JudgedContact } from '../generated/JudgedContact';
import { dayBehind } from '../words/typed';
import { dayOf } from '../words/until';
import { clock } from './clock.svelte';
import { school } from './school.svelte';

/** Contacts that are listed at most. */
const MOST = 200;

class FollowUps {
  /** Longest due first; null before the first answer. */
  rows = $state.raw<JudgedContact[] | null>(null);
  /** Whether they are listed, not only counted. */
  open = $state(false);
  #asked = 0;

  /** Asks again; the last list stays where the answer does not come. */
  async refresh(): Promise<void> {
    const asked = ++this.#asked;
    if (!school.status?.login_log) {
      this.rows = null;
      return;
    }
    const due_before = dayBehind(dayOf(new Date(clock.now).toISOString()));
    const page = { after: null, skip: 0, limit: MOST, count: false };
    try {
      const { rows } = await bridge.verdicts({ search: '', verdict: null, due_before, page });
      if (asked === this.#asked) this.rows = rows;
    } catch {
      // The list beside it says what is wrong with the cache.
    }
  }

  /** Another school is shown. */
  reset(): void {
    this.#asked += 1;
    this.rows = null;
    this.open = false;
  }
}

export const followUps = new FollowUps();
