// What *search everywhere* asks the program at each key press, and what it has answered.

import { bridge, problemOf } from '../bridge';
import type { Hit } from '../generated/Hit';
import type { Problem } from '../generated/Problem';

class Find {
  typed = $state('');
  /** What the text in `answered` finds. */
  hits = $state.raw<readonly Hit[]>([]);
  /** The text that was answered; null before the first answer. */
  answered = $state<string | null>(null);
  problem = $state.raw<Problem | null>(null);
  #run = 0;

  /** Whether the answer to what is typed is here. */
  get settled(): boolean {
    return this.answered === this.typed;
  }

  /** Begins anew. */
  begin(): void {
    this.hits = [];
    this.answered = null;
    void this.ask('');
  }

  /** Asks; an answer that comes after a later question is dropped. */
  async ask(text: string): Promise<void> {
    this.typed = text;
    const run = ++this.#run;
    try {
      const found = await bridge.findEverywhere(text);
      // Superseded: the answer to the later question is on its way.
      if (run !== this.#run || found === null) return;
      this.hits = found.hits;
      this.problem = null;
    } catch (thrown) {
      if (run !== this.#run) return;
      this.hits = [];
      this.problem = problemOf(thrown);
    }
    this.answered = text;
  }
}

export const find = new Find();
