// The open school as the whole window sees it: its status, the exchange with its server, and the news that rows changed.

import { bridge, onChanged, onSync, problemOf, type CalledPlace, type ConnectRequest, type Overview } from '../bridge';
import type { Problem } from '../generated/Problem';
import type { ProfileInfo } from '../generated/ProfileInfo';
import type { Status } from '../generated/Status';
import type { SyncState } from '../generated/SyncState';
import { nav } from './nav.svelte';

/** A burst of news (a first sync tells many) is one refresh in this time. */
const CALM_MS = 400;

class School {
  /** Before the program has answered for the first time. */
  starting = $state(true);
  profiles = $state.raw<ProfileInfo[]>([]);
  /** The school that the window begins with. */
  usual = $state<string | null>(null);
  status = $state.raw<Status | null>(null);
  sync = $state.raw<SyncState>({ phase: { phase: 'idle' }, problem: null, next_at: null, failing_since: null });
  /** When `sync` was heard, milliseconds since 1970. */
  syncAt = $state(Date.now());
  demo = $state(false);
  /** Why no school is open though there is one. */
  problem = $state.raw<Problem | null>(null);
  version = $state('');
  screenshot = $state(false);
  /** Grows when rows here have changed: what is on the screen asks again. */
  changes = $state(0);
  /** Grows when another school was opened: nothing of the last one may stay. */
  opened = $state(0);

  /** Where a new window leads, until it has. */
  place: CalledPlace | null = null;

  #calm: ReturnType<typeof setTimeout> | null = null;
  #told = false;

  /** Asks for everything and listens from then on; the answer ends the listening. */
  async start(): Promise<() => void> {
    const hearing = Promise.all([onSync((state) => this.#heard(state)), onChanged((status) => this.#changed(status))]);
    await this.look();
    let ends: (() => void)[] = [];
    try {
      ends = await hearing;
    } catch (thrown) {
      this.fail(problemOf(thrown));
    }
    // What was said between the answer and the first hearing.
    if (this.sync.phase.phase !== 'idle') void this.ask();
    return () => ends.forEach((end) => end());
  }

  /** Asks what there is. */
  async look(): Promise<void> {
    try {
      this.#take(await bridge.overview());
    } catch (thrown) {
      this.problem = problemOf(thrown);
    } finally {
      this.starting = false;
    }
  }

  /** Each of these opens a school or rejects with a `Problem`. */
  async connect(request: ConnectRequest): Promise<void> {
    this.#open(await bridge.connectSchool(request));
    await this.look();
  }

  async openDemo(): Promise<void> {
    this.#open(await bridge.openDemo());
    await this.look();
  }

  async openProfile(name: string, passphrase: string | null): Promise<void> {
    this.#open(await bridge.openProfile(name, passphrase));
    await this.look();
  }

  /** Asks what the exchange is doing. */
  async ask(): Promise<void> {
    try {
      this.#heard(await bridge.syncState());
    } catch {
      // The header goes on with what it knows.
    }
  }

  /** Returns at once; what comes of it is heard. */
  async syncNow(): Promise<void> {
    try {
      await bridge.syncNow();
    } catch (thrown) {
      this.fail(problemOf(thrown));
    }
  }

  /** Shows a failure where the person looks for the state of things. */
  fail(problem: Problem): void {
    this.sync = { ...this.sync, problem };
  }

  #take(overview: Overview): void {
    this.place = overview.place;
    if (overview.current && !this.status) this.#open(overview.current);
    this.profiles = overview.profiles;
    this.usual = overview.usual;
    this.status = overview.current;
    this.sync = overview.sync;
    this.syncAt = Date.now();
    this.demo = overview.demo;
    this.problem = overview.problem;
    this.version = overview.version;
    this.screenshot = overview.screenshot;
  }

  #open(status: Status): void {
    this.status = status;
    this.problem = null;
    this.opened += 1;
    nav.reset();
  }

  #heard(state: SyncState): void {
    const ended = this.sync.phase.phase !== 'idle' && state.phase.phase === 'idle';
    this.sync = state;
    this.syncAt = Date.now();
    // A sync without news changes no row, yet the data is younger than before.
    if (ended) void this.#askStatus();
  }

  async #askStatus(): Promise<void> {
    try {
      this.status = await bridge.status();
    } catch {
      // The header goes on with what it knows; the next `changed` brings the status.
    }
  }

  #changed(status: Status): void {
    this.status = status;
    this.#told = true;
    if (this.#calm) return;
    this.#tell();
    this.#calm = setTimeout(() => {
      this.#calm = null;
      this.#tell();
    }, CALM_MS);
  }

  #tell(): void {
    if (!this.#told) return;
    this.#told = false;
    this.changes += 1;
  }
}

export const school = new School();
