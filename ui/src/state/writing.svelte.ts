// A file that is being written: how far it is, how it ended, and the way to stop it. The same for every export and report.

import { bridge, onExport, problemOf } from '../bridge';
import type { Problem } from '../generated/Problem';

/** `T` says what was written, and where. */
export class Writing<T> {
  /** Rows written so far; null while nothing is written. */
  rows = $state<number | null>(null);
  done = $state.raw<T | null>(null);
  problem = $state.raw<Problem | null>(null);

  /** Forgets how the last one ended. */
  begin(): void {
    this.done = null;
    this.problem = null;
  }

  /** Writes, unless it is writing already; `work` answers null where the person cancels. */
  async write(work: () => Promise<T | null>): Promise<void> {
    if (this.rows !== null) return;
    this.problem = null;
    this.rows = 0;
    let end = () => {};
    try {
      end = await onExport((rows) => (this.rows = rows));
      this.done = await work();
    } catch (thrown) {
      this.problem = problemOf(thrown);
    } finally {
      end();
      this.rows = null;
    }
  }

  /** Stops it; no half file is left. */
  stop(): void {
    bridge.stopExport().catch((thrown: unknown) => (this.problem = problemOf(thrown)));
  }
}
