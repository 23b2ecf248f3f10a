// The open school as the whole window sees it: its status, the exchange with its server, and the news that rows changed.

import {
  bridge,
  onChanged,
  onGo,
  onLocked,
  onSchools,
  onSwitched,
  onSync,
  problemOf,
  shows,
  type CalledPlace,
  type ConnectRequest,
  type Overview,
  type SchoolLine,
} from '../bridge';
import type { Contact } from '../generated/Contact';
import type { ContactQuery } from '../generated/ContactQuery';
import type { Page } from '../generated/Page';
import type { Problem } from '../generated/Problem';
import type { Status } from '../generated/Status';
import type { SyncState } from '../generated/SyncState';
import { t } from '../language.svelte';
import { own } from '../words/own';
import { firstContacts } from './contacts.svelte';
import { nav } from './nav.svelte';
import { keepPlace, placeToReturn } from './returning';

/** A burst of news (a first sync tells many) is one refresh in this time. */
const CALM_MS = 400;

/** While the first sync reads, what has come is asked for this often: it tells nothing of it before its end. */
const SO_FAR_MS = 5_000;

class School {
  /** Before the program has answered for the first time. */
  starting = $state(true);
  /** Every school, in the switcher's order. */
  all = $state.raw<SchoolLine[]>([]);
  /** Which one is shown, open or not. */
  shown = $state<string | null>(null);
  status = $state.raw<Status | null>(null);
  sync = $state.raw<SyncState>({ phase: { phase: 'idle' }, problem: null, next_at: null, failing_since: null });
  /** When `sync` was heard, milliseconds since 1970. */
  syncAt = $state(Date.now());
  demo = $state(false);
  /** Why no school is open though there is one. */
  problem = $state.raw<Problem | null>(null);
  /** A failure that is no sync's, until it is said; `what` has failed, where the problem alone does not say that. */
  failed = $state.raw<{ what: string; problem: Problem } | null>(null);
  version = $state('');
  screenshot = $state(false);
  /** Whether it can lock with the screen on this system. */
  hearsScreen = $state(false);
  /** Grows when rows here have changed: what is on the screen asks again. */
  changes = $state(0);
  /** Grows when another school was opened: nothing of the last one may stay. */
  opened = $state(0);

  /** Where a new window leads, until it has. */
  place: CalledPlace | null = null;
  /** The first contacts of the school that was opened last, where they came with it. */
  contacts: Page<Contact> | null = null;

  /** Whether its server has a login log, as far as is known. */
  get hasLog(): boolean {
    return this.status?.login_log ?? true;
  }

  /** Whether no sync has come to its end yet: what is here is a part of what the school has, and counts are so far. */
  get unfinished(): boolean {
    return this.status !== null && this.status.last_sync_at === null;
  }

  /** Whether that part has any rows. */
  get hasPart(): boolean {
    return this.unfinished && hasRows(this.status);
  }

  /** Ends when the program has answered for the first time. */
  looked: Promise<void> = Promise.resolve();

  #calm: ReturnType<typeof setTimeout> | null = null;
  #told = false;
  #asked = 0;
  /** How often each was said of the school that is shown: an answer that was asked for before is older. */
  #steps = 0;
  #statuses = 0;

  /**
   * Asks for everything, and listens once the first picture is `drawn`, which would wait for that; `go` is told that the
   * program wants to lead somewhere. The answer ends the listening.
   */
  async start(drawn: Promise<unknown>, go: () => void): Promise<() => void> {
    // Whatever an answer that was still under way has left: here the window begins.
    this.looked = this.look(true, firstContacts);
    await this.looked;
    await drawn;
    let ends: (() => void)[] = [];
    try {
      ends = await Promise.all([
        onSync((state) => this.#heard(state)),
        onChanged((status) => this.#changed(status)),
        onSchools(() => void this.#list()),
        onSwitched(() => void this.look()),
        onLocked(() => this.#locked()),
        onGo(go),
      ]);
    } catch (thrown) {
      this.failed = { what: '', problem: problemOf(thrown) };
    }
    await this.#catchUp();
    return () => ends.forEach((end) => end());
  }

  /** Asks what was said before anybody listened. */
  async #catchUp(): Promise<void> {
    const before = this.status;
    await this.look();
    if (before && !this.status) this.#locked();
    else if (JSON.stringify(before) !== JSON.stringify(this.status)) this.changes += 1;
  }

  /** Asks what there is; `anew` where a school was opened, even the one that is shown. */
  async look(anew = false, first: ContactQuery | null = null): Promise<void> {
    const [steps, statuses] = [this.#steps, this.#statuses];
    try {
      const overview = await bridge.overview(first);
      // What was said meanwhile is younger than the answer, which may have been under way for longer.
      const { status, sync } = this;
      const same = !anew && overview.shown === this.shown && status !== null && overview.current !== null;
      if (same && steps !== this.#steps) overview.sync = sync;
      if (same && statuses !== this.#statuses) overview.current = status;
      this.#take(overview, anew);
    } catch (thrown) {
      this.problem = problemOf(thrown);
    } finally {
      this.starting = false;
    }
  }

  /** Each of these opens a school or rejects with a `Problem`. */
  async connect(request: ConnectRequest): Promise<void> {
    await bridge.connectSchool(request);
    await this.look(true);
  }

  /** Gives a school another token. It is the same school, so the person stays where they are. */
  async renew(id: string, token: string): Promise<void> {
    await bridge.renewToken(id, token);
    await this.look();
  }

  async openDemo(): Promise<void> {
    await bridge.openDemo();
    await this.look(true);
  }

  /** Shows a school, opened where it is not. Where it does not open, `problem` says why. */
  async switchTo(id: string, passphrase: string | null = null): Promise<void> {
    // A school that is gone is in no list any more.
    const name = own(this.line(id)?.title ?? id);
    const before = this.status;
    // Nothing may be decided on what is still on the screen.
    this.status = null;
    this.starting = true;
    let problem: Problem | null = null;
    try {
      await bridge.openSchool(id, passphrase);
    } catch (thrown) {
      problem = problemOf(thrown);
      // Where the program still shows it, nobody has left it, and everything stays as it was.
      this.status = before;
    }
    await this.look();
    // The screen of a school that is shown though it is not open says why.
    if (!problem || this.shown === id) return;
    const shown = this.status && this.line(this.shown);
    const what = shown ? t('menu.not_opened', { name, shown: own(shown.title) }) : t('unlock.other');
    this.failed = { what, problem };
  }

  /** Tries once more to open the school that is shown. */
  async reopen(id: string, passphrase: string | null): Promise<void> {
    await bridge.openSchool(id, passphrase);
    await this.look(true);
  }

  /** Unlocks a school and shows it. */
  async unlock(id: string, passphrase: string | null): Promise<void> {
    await bridge.unlock(id, passphrase);
    await this.look(true);
  }

  /**
   * Removes a school from this computer, with so many unsent decisions as were `agreed` on, and shows what is left; answers
   * what the keyring has kept, if anything.
   */
  async erase(id: string, agreed: number): Promise<Problem | null> {
    try {
      return await bridge.eraseSchool(id, agreed);
    } finally {
      // Where its files could not be removed it is closed all the same.
      this.status = null;
      await this.look();
    }
  }

  /** The line of a school in the switcher. */
  line(id: string | null): SchoolLine | null {
    return this.all.find((line) => line.id === id) ?? null;
  }

  async #list(): Promise<void> {
    try {
      this.all = await bridge.schools();
    } catch {
      // It goes on with what it knows; the next news ask again.
    }
  }

  /** Nothing may stay, in the window or in its memory: the page begins anew. */
  #locked(): void {
    keepPlace(this.shown, nav.here);
    this.status = null;
    this.starting = true;
    this.beginAnew();
  }

  beginAnew(): void {
    location.reload();
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
      this.sync = { ...this.sync, problem: problemOf(thrown) };
    }
  }

  #take(overview: Overview, anew: boolean): void {
    this.place = overview.place;
    this.contacts = overview.contacts;
    const another = overview.shown !== this.shown;
    this.all = overview.schools;
    this.shown = overview.shown;
    shows(overview.shown);
    if (overview.current && (anew || another || !this.status)) this.#open(overview.current);
    this.status = overview.current;
    this.sync = overview.sync;
    this.syncAt = Date.now();
    this.demo = overview.demo;
    this.problem = overview.problem;
    this.version = overview.version;
    this.screenshot = overview.screenshot;
    this.hearsScreen = overview.hears_screen;
  }

  #open(status: Status): void {
    this.status = status;
    this.problem = null;
    this.opened += 1;
    nav.reset();
    nav.turn(placeToReturn(this.shown) ?? nav.here);
  }

  #heard(state: SyncState): void {
    const ended = this.sync.phase.phase !== 'idle' && state.phase.phase === 'idle';
    this.#steps += 1;
    this.sync = state;
    this.syncAt = Date.now();
    // A sync without news changes no row, yet the data is younger than before.
    if (ended || (this.unfinished && Date.now() - this.#asked > SO_FAR_MS)) void this.#askStatus();
  }

  async #askStatus(): Promise<void> {
    this.#asked = Date.now();
    try {
      const { status: before, unfinished } = this;
      const status = await bridge.status();
      // A first sync that was cut has brought rows, too, and told nothing of them.
      if (unfinished && JSON.stringify(status) !== JSON.stringify(before)) this.#changed(status);
      else this.status = status;
    } catch {
      // The header goes on with what it knows; the next `changed` brings the status.
    }
  }

  #changed(status: Status): void {
    // Said of the school that was shown before.
    if (status.profile !== this.status?.profile) return;
    this.#statuses += 1;
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

/** Whether anything of a school is here. */
export function hasRows(status: Status | null): boolean {
  return status !== null && status.contacts + status.devices + status.sessions + status.restrictions > 0;
}

export const school = new School();
