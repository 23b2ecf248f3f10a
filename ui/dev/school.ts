// Answers the window's commands as the program would, out of invented people.

import type { CalledPlace, Excuse, KnownSchool, SchoolLine } from '../src/bridge';
import type { CheckException } from '../src/generated/CheckException';
import type { Problem } from '../src/generated/Problem';
import type { Resolution } from '../src/generated/Resolution';
import type { Status } from '../src/generated/Status';
import type { SyncState } from '../src/generated/SyncState';
import { FakeCase } from './case';
import { FakeDevices } from './devices';
import { FakeFinding } from './find';
import { FakeInsights } from './insights';
import { FakeLog } from './log';
import { FakeOutbox } from './outbox';
import { sessionsOf } from './people';
import { broken, offline, refused } from './problems';
import { FakeProgram } from './program';
import { FakeReview } from './review';

export class FakeSchool {
  tell: (event: string, payload: unknown) => void = () => {};
  /** Commands that fail. */
  readonly failing = new Set<string>();
  /** Commands that answer a page without rows. */
  readonly empty = new Set<string>();
  /** What the answer to a command waits for. */
  readonly held = new Map<string, Promise<unknown>>();
  readonly now = Date.now();
  #open: boolean;
  readonly #log: FakeLog;
  readonly outbox = new FakeOutbox((kind, id) => this.#log.known(kind, id));
  readonly exceptions = new Map<number, CheckException>();
  readonly program = new FakeProgram();
  readonly review = new FakeReview({
    contacts: () => this.#log.contacts,
    checks: (who) => this.outbox.seen('contact_checks', who.id).value === 'on',
    sessions: (who) => sessionsOf(who, this.now),
    restrictions: (who) => this.#log.restrictions(this.#log.who(who.id)),
  });

  readonly devices = new FakeDevices({
    contacts: () => this.#log.contacts,
    devices: (who) => this.#log.devices(this.#log.who(who.id)),
  });
  readonly finding = new FakeFinding({
    contacts: () => this.#log.contacts,
    devices: (who) => this.#log.devices(this.#log.who(who.id)),
    sessions: (who) => sessionsOf(who, this.now),
  });
  readonly cases = new FakeCase({
    contacts: () => this.#log.contacts,
    restrictions: (who) => this.#log.restrictions(this.#log.who(who.id)),
    verdicts: () => this.review.verdicts,
  });
  readonly insights = new FakeInsights({
    contacts: () => this.#log.contacts,
    devices: (who) => this.#log.devices(this.#log.who(who.id)),
    sessions: (who) => sessionsOf(who, this.now),
    verdict: (contact) => this.review.verdicts.get(contact) ?? null,
  });

  constructor(
    public state: string,
    count: number,
  ) {
    this.#open = !['first', 'locked', 'keyring', 'gone'].includes(state);
    this.#log = new FakeLog(this.outbox, state === 'empty' ? 0 : count, this.now);
    this.#log.noted = (id) => this.review.verdicts.get(id);
    this.#log.called = (id) => this.devices.called(id);
    if (state === 'hostile') this.#log.spoil();
    if (state === 'decided' || state === 'hostile') this.outbox.fill(this.now);
    if (state === 'many') this.outbox.fillMany(10_000, this.now);
    if (state === 'decided') this.#forget();
  }

  /** Exceptions whose end has passed, and one whose end is to come. */
  #forget() {
    const off = [
      [4, 'Travels for work until the exam', -3],
      [9, '', 12],
      [11, 'Two computers at home; asked by phone, see the mail of the 3rd of the month for the details', -40],
    ] as const;
    for (const [id, reason, days] of off) {
      this.outbox.told.set(`contact_checks ${id}`, 'off');
      this.note(id, reason, new Date(this.now + days * 864e5).toISOString());
    }
  }

  note(id: number, reason: string, until: string | null) {
    const overdue = until !== null && Date.parse(until) <= Date.now();
    this.exceptions.set(id, { contact_id: id, contact_name: this.#log.who(id).name, reason, until, overdue });
  }

  #decided<T>(answer: T): T {
    for (const [id] of this.exceptions) {
      if (this.outbox.seen('contact_checks', id).value === 'on') this.exceptions.delete(id);
    }
    this.tell('changed', this.status());
    return answer;
  }

  /** Some student breaks a rule now. */
  live() {
    this.touch(1 + Math.floor(Math.random() * 300));
  }

  /** This student breaks a rule now. */
  touch(id: number) {
    const who = this.#log.contacts.find((row) => row.id === id);
    if (who) {
      who.last_activity_at = new Date().toISOString();
      who.unviewed += 1;
    }
    this.tell('changed', this.status());
  }

  status(): Status {
    const never = ['empty', 'pulling', 'cut'].includes(this.state);
    return {
      server: 'https://api.school.example',
      profile: this.#shown,
      cabinet_name:
        this.#shown === 'akademia'
          ? 'Akademia'
          : this.state === 'hostile'
            ? '<b>School</b>'.repeat(200)
            : 'Світло Academy',
      login_log: this.state !== 'contacts-only',
      last_sync_at: never ? null : new Date(this.now - (this.state === 'offline' ? 4e6 : 125_000)).toISOString(),
      contacts: this.#log.contacts.length,
      devices: this.#log.contacts.length * 3,
      sessions: this.#log.contacts.length * 412,
      restrictions: this.#log.contacts.length * 2,
      unviewed: this.#log.contacts.length ? 7 : 0,
      outbox: this.outbox.counts(),
      unreadable: this.state === 'offline' ? 2 : 0,
    };
  }

  sync(): SyncState {
    const problem = { offline, refused, cut: offline }[this.state] ?? null;
    const phase: SyncState['phase'] =
      this.state === 'pulling' ? { phase: 'pulling', done: 412_000, remaining: 588_000 } : { phase: 'idle' };
    return {
      phase,
      problem,
      next_at: new Date(this.now + 55_000).toISOString(),
      failing_since: problem ? new Date(this.now - 3.7e6).toISOString() : null,
    };
  }

  /** What is here already of the cabinet that is typed. */
  known: KnownSchool | null = null;

  /** Where a notification leads. */
  wanted: CalledPlace | null = null;

  #lead(): CalledPlace | null {
    const place = this.wanted;
    this.wanted = null;
    return place;
  }

  async answer(command: string, args: Record<string, unknown>): Promise<unknown> {
    await new Promise((done) => setTimeout(done, 15));
    await this.held.get(command);
    if (this.failing.has(command)) throw broken;
    if (this.empty.has(command)) return { rows: [], next: null, total: 0 };
    const ofProgram = this.program.answer(command, args);
    if (ofProgram !== undefined) return ofProgram;
    switch (command) {
      case 'overview': {
        const place = this.#lead();
        const asked = this.#open && !place && args.first;
        return {
          place,
          contacts: asked ? await this.answer('contacts', { query: args.first }).catch(() => null) : null,
          schools: this.#schools(),
          shown: this.state === 'first' ? null : this.#shown,
          current: this.#open ? this.status() : null,
          sync: this.sync(),
          demo: false,
          problem: this.#why(),
          version: '0.1.0',
          screenshot: false,
          hears_screen: this.hearsScreen,
        };
      }
      case 'check_server':
        if (String(args.server).includes('bad')) throw offline;
        return { ok: true, server: args.server, known: this.known };
      case 'connect_school':
        if ((args.request as { server: string }).server.includes('bad')) throw offline;
        if ((args.request as { token: string }).token === 'bad') throw refused;
        this.#open = true;
        return this.status();
      case 'renew_token':
        if (args.token === 'bad') throw refused;
        this.state = 'fresh';
        return this.status();
      case 'schools':
        return this.#schools();
      case 'unlock':
      case 'open_school':
        if (args.passphrase === 'wrong')
          throw { code: 'wrong_passphrase', message: 'The passphrase is wrong.', hint: 'Type it again.' };
        this.#open = true;
        if (this.state === 'gone') this.state = 'fresh';
        this.#shown = String(args.id);
        return this.status();
      case 'open_demo':
        this.#open = true;
        return this.status();
      case 'status':
        return this.status();
      case 'sync_state':
        return this.sync();
      case 'sync_now':
        this.#pretend();
        return null;
      case 'decide': {
        const { kind, ids, value, excuse } = args as {
          kind: string;
          ids: number[];
          value: string;
          excuse?: Excuse | null;
        };
        if (this.state === 'full') throw { code: 'cache', message: 'The disk is full.', hint: 'Make room.' };
        if (excuse) for (const id of ids) this.note(id, excuse.reason, excuse.until);
        return this.#decided(this.outbox.decide(kind, ids, value).length);
      }
      case 'resolve':
        return this.#decided(this.outbox.resolve(args.ids as string[], args.how as Resolution));
      case 'waiting':
        return this.outbox.page(args.skip as number, args.limit as number);
      case 'block_effects':
        return (args.ids as number[]).map((id) => ({
          device_id: id,
          only_recent_device: id % 10 === 0,
          active_sessions: id % 10 === 0 ? 2 : 0,
        }));
      case 'set_check_exception':
        this.note(args.contactId as number, args.reason as string, args.until as string | null);
        return this.#decided(null);
      case 'check_exceptions':
        return [...this.exceptions.values()].toSorted((a, b) => Number(b.overdue) - Number(a.overdue));
      case 'check_exception':
        return this.exceptions.get(args.contactId as number) ?? null;
      case 'unreadable':
        return this.state !== 'offline'
          ? []
          : [
              {
                kind: 'device',
                reference: '41',
                reason: 'missing field `fingerprint`',
                seen_at: new Date(this.now).toISOString(),
              },
              {
                kind: 'session',
                reference: '9f31c2',
                reason: 'started_at: “soon” is no time',
                seen_at: new Date(this.now - 9e6).toISOString(),
              },
            ];
      case 'access_control':
        return {
          ip_mode: 'block_listed',
          ip_ranges: ['45.12.220.0/24', '2001:db8::/32', '203.0.113.9'],
          max_concurrent_sessions: 2,
          concurrent_policy: 'end_oldest',
          max_devices: 5,
          session_timeout_minutes: 120,
          rev: 1,
        };
      case 'set_passphrase':
        this.recovery = args.wanted !== null;
        this.tell('schools', null);
        return null;
      case 'lock':
        this.state = 'gone';
        this.#open = false;
        this.tell('locked', null);
        return null;
      case 'sign_out':
        this.state = 'refused';
        return null;
      case 'erase_school':
        this.state = 'first';
        this.#open = false;
        return this.kept;
      case 'place_wanted':
        return this.#lead();
      default:
        if (this.state === 'error') throw broken;
        return (
          this.#log.answer(command, args) ??
          this.review.answer(command, args) ??
          this.insights.answer(command, args) ??
          this.devices.answer(command, args) ??
          this.cases.answer(command, args) ??
          this.finding.answer(command, args) ??
          null
        );
    }
  }

  /** Whether the system tells of the screen's lock. */
  hearsScreen = true;

  /** What the keyring keeps of a school that is erased. */
  kept: Problem | null = null;

  /** Which of two schools is shown. */
  #shown = 'svitlo';

  #second(): Partial<SchoolLine> {
    return this.state === 'several' ? { standing: 'open', title: 'Akademia', unviewed: 3 } : {};
  }

  /** Whether the passphrase that opens it is one for the day when the keyring fails. */
  recovery = false;

  #schools(): SchoolLine[] {
    if (this.state === 'first') return [];
    const line = (id: string, rest: Partial<SchoolLine>): SchoolLine => ({
      id,
      title: id,
      demo: false,
      standing: 'closed',
      passphrase: false,
      recovery: false,
      server: 'https://a.example',
      unviewed: 0,
      unsent: 0,
      problem: null,
      ...rest,
    });
    const svitlo = line('svitlo', {
      // What a school calls itself is known once it is open.
      title: this.#open ? 'Світло Academy' : 'svitlo',
      standing: this.#open ? 'open' : this.state === 'gone' ? 'locked' : 'closed',
      passphrase: this.state === 'locked',
      recovery: this.recovery,
      server: 'https://api.school.example',
      unviewed: 7,
      unsent: Object.values(this.outbox.counts()).reduce((all, count) => all + count, 0),
      problem: this.#why(),
    });
    // A school that was not open last stands before it in the alphabet.
    return ['locked', 'several'].includes(this.state) ? [line('akademia', this.#second()), svitlo] : [svitlo];
  }

  #why(): Problem | null {
    if (this.#open) return null;
    if (this.state === 'gone') return { code: 'locked', message: 'Hallmonitor is locked.', hint: '' };
    if (this.state === 'locked') return { code: 'passphrase', message: 'svitlo needs its passphrase.', hint: '' };
    if (this.state === 'keyring') {
      return {
        code: 'keyring',
        message: 'The keyring of this computer is locked, so the key of svitlo cannot be read.',
        hint: 'Unlock the keyring, then try again.',
      };
    }
    return null;
  }

  #pretend() {
    const steps: SyncState['phase'][] = [
      { phase: 'connecting' },
      ...(this.outbox.counts().queued > 100 ? [{ phase: 'pushing' as const, done: 2000, remaining: 8000 }] : []),
      { phase: 'pulling', done: 3000, remaining: 9000 },
      { phase: 'pulling', done: 9000, remaining: 3000 },
      { phase: 'indexing' },
      { phase: 'idle' },
    ];
    if (this.state !== 'offline') setTimeout(() => (this.outbox.send(), this.tell('changed', this.status())), 600);
    steps.forEach((phase, at) => setTimeout(() => this.tell('sync', { ...this.sync(), phase }), at * 700));
  }
}
