// Newer versions of the program, as far as the program knows.

import { bridge, onUpdate, problemOf, type UpdateState } from '../bridge';
import type { Problem } from '../generated/Problem';

class Updates {
  now = $state.raw<UpdateState | null>(null);
  /** What is going on: a look, or the fetching of a version. */
  doing = $state<'' | 'checking' | 'installing'>('');
  problem = $state.raw<Problem | null>(null);

  /** Hears what is found from now on; the answer ends that. */
  async begin(): Promise<() => void> {
    let end = () => {};
    await this.#try(async () => {
      end = await onUpdate((state) => (this.now = state));
      this.now = await bridge.updateState();
    });
    return () => end();
  }

  async check(): Promise<void> {
    if (this.doing) return;
    this.doing = 'checking';
    await this.#try(async () => (this.now = await bridge.updateCheck()));
    this.doing = '';
  }

  /** The program starts anew where it succeeds. */
  async install(): Promise<void> {
    if (this.doing) return;
    this.doing = 'installing';
    await this.#try(() => bridge.updateInstall());
    this.doing = '';
  }

  async #try(act: () => Promise<unknown>): Promise<void> {
    try {
      await act();
      this.problem = null;
    } catch (thrown) {
      this.problem = problemOf(thrown);
    }
  }
}

export const updates = new Updates();
