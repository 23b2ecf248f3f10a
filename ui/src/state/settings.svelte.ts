// What the person has set. A change is in force, and kept, at once; one that can't be kept is taken back.

import { bridge, problemOf } from '../bridge';
import type { Notifications } from '../generated/Notifications';
import type { Problem } from '../generated/Problem';
import type { Settings } from '../generated/Settings';
import { speak, spoken } from '../language.svelte';
import { wear } from '../theme';
import { readBy } from '../zone.svelte';
import { school } from './school.svelte';

class Preferences {
  now = $state.raw<Settings | null>(null);
  problem = $state.raw<Problem | null>(null);
  #changes: Promise<void> = Promise.resolve();
  /** Counts the changes: an answer that was asked for before the last one is out of date. */
  #count = 0;

  async load(): Promise<void> {
    const count = this.#count;
    try {
      const now = await bridge.settings();
      if (count === this.#count) this.now = now;
      this.problem = (await bridge.settingsProblem()) ?? this.problem;
    } catch (thrown) {
      this.problem = problemOf(thrown);
    }
  }

  /** The same once more, after a failure. */
  again(): Promise<void> {
    this.problem = null;
    return this.load();
  }

  change(part: Partial<Settings>): Promise<void> {
    return this.#set((now) => ({ ...now, ...part }));
  }

  /** A change of what is in force, from wherever it is asked for; where nothing has changed, nothing is kept. */
  async changeBy(part: (now: Settings) => Partial<Settings>): Promise<void> {
    if (!this.now) await this.load();
    if (!this.now) return;
    const { now } = this;
    const wanted = { ...now, ...part(now) };
    if (JSON.stringify(wanted) !== JSON.stringify(now)) await this.#set(() => wanted);
  }

  changeNotifications(part: Partial<Notifications>): Promise<void> {
    return this.#set((now) => ({ ...now, notifications: { ...now.notifications, ...part } }));
  }

  /** Pauses notifications, or with null ends the pause, be it one of the tray's menu. */
  async pause(until: string | null): Promise<void> {
    try {
      await bridge.pauseNotifications(until);
      await this.hear();
    } catch (thrown) {
      this.problem = problemOf(thrown);
    }
  }

  /** Somebody else has changed the pause; all else is this page's own. */
  async hear(): Promise<void> {
    try {
      const { paused_until } = (await bridge.settings()).notifications;
      if (this.now) this.now = { ...this.now, notifications: { ...this.now.notifications, paused_until } };
    } catch {
      // The next look at the screen asks again.
    }
  }

  /** Puts language, theme and clock on. */
  async #look({ language, theme, times }: Settings): Promise<void> {
    wear(theme);
    readBy(times);
    const before = spoken();
    await speak(language ?? (await bridge.languageInForce()));
    // What the program says of the exchange was said in the other language.
    if (spoken() !== before) await school.ask();
  }

  /** One after the other: the last one that was asked for is the one in force. */
  #set(changed: (now: Settings) => Settings): Promise<void> {
    if (!this.now) return Promise.resolve();
    const wanted = changed(this.now);
    this.now = wanted;
    this.#count += 1;
    this.#changes = this.#changes.then(async () => {
      try {
        await bridge.setSettings(wanted);
        await this.#look(wanted);
        this.problem = null;
      } catch (thrown) {
        const problem = problemOf(thrown);
        await this.load();
        this.problem = problem;
      }
    });
    return this.#changes;
  }
}

export const preferences = new Preferences();
