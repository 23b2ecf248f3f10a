// The one clock of the window, so that "2 min ago" grows old by itself everywhere at once.

/** Often enough for a count of seconds to look alive. */
const TICK_MS = 1000;

/** The sentences count minutes: what only needs those looks at `minute` and is worked out anew less often. */
const COARSE_MS = 10_000;

class Clock {
  /** Milliseconds since 1970, a second exact. */
  now = $state(Date.now());
  /** The same, ten seconds exact. */
  coarse = $state(Date.now());

  /** Starts it; the answer stops it. */
  start(): () => void {
    this.now = this.coarse = Date.now();
    const timer = setInterval(() => {
      this.now = Date.now();
      if (Math.abs(this.now - this.coarse) >= COARSE_MS) this.coarse = this.now;
    }, TICK_MS);
    return () => clearInterval(timer);
  }
}

export const clock = new Clock();
