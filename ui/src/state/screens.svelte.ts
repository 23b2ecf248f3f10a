// The screens that are read after the first picture.

import { problemOf } from '../bridge';
import { decisions } from './decisions.svelte';

type Others = typeof import('../screens/others');

class Screens {
  /** All but the contacts; null until they are read. */
  others = $state.raw<Others | null>(null);

  #reading: Promise<void> | null = null;

  /** Reads them, where nobody has yet. */
  load(): Promise<void> {
    this.#reading ??= this.#read();
    return this.#reading;
  }

  async #read(): Promise<void> {
    try {
      this.others = await import('../screens/others');
    } catch (thrown) {
      this.#reading = null;
      decisions.fail(problemOf(thrown));
    }
  }
}

export const screens = new Screens();
