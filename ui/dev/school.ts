// Answers the window's commands as the program would, out of invented people.

import type { CalledPlace, SchoolLine, UpdateState } from '../src/bridge';
import type { CheckException } from '../src/generated/CheckException';
import type { Contact } from '../src/generated/Contact';
import type { ContactQuery } from '../src/generated/ContactQuery';
import type { LogQuery } from '../src/generated/LogQuery';
import type { Page } from '../src/generated/Page';
import type { PageRequest } from '../src/generated/PageRequest';
import type { Device } from '../src/generated/Device';
import type { Problem } from '../src/generated/Problem';
import type { Resolution } from '../src/generated/Resolution';
import type { Restriction } from '../src/generated/Restriction';
import type { Settings } from '../src/generated/Settings';
import type { Status } from '../src/generated/Status';
import type { SyncState } from '../src/generated/SyncState';
import { FakeCase } from './case';
import { FakeDevices } from './devices';
import { FakeFinding } from './find';
import { FakeInsights } from './insights';
import { FakeOutbox, type Known } from './outbox';
import { contact, devicesOf, restrictionsOf, sessionsOf } from './people';
import { FakeReview } from './review';

const refused: Problem = {
  code: 'token_refused',
  message: 'The server refuses the token: it was re-issued or does not belong to this cabinet.',
  hint: 'Copy the current token from the school’s settings and connect again.',
};
const offline: Problem = {
  code: 'unreachable',
  message: 'api.school.example does not answer: the connection was refused.',
  hint: 'Check the network. The next try comes by itself.',
};
const broken: Problem = {
  code: 'cache',
  message: 'The data of this school is damaged: the file does not begin as it should.',
  hint: 'Restore it from a backup, or connect the school again to load everything anew.',
};

function slice<T extends { id: number }>(rows: T[], page: PageRequest): Page<T> {
  const from = (page.after === null ? 0 : rows.findIndex((row) => String(row.id) === page.after) + 1) + page.skip;
  const to = page.limit === 0 ? rows.length : from + page.limit;
  const part = rows.slice(from, to);
  const next = to < rows.length ? String(part[part.length - 1]?.id) : null;
  return { rows: part, next, total: page.count ? rows.length : null };
}

export class FakeSchool {
  tell: (event: string, payload: unknown) => void = () => {};
  readonly now = Date.now();
  #open: boolean;
  #contacts: Contact[];
  readonly outbox = new FakeOutbox((kind, id) => this.#known(kind, id));
  readonly exceptions = new Map<number, CheckException>();
  readonly review = new FakeReview({
    contacts: () => this.#contacts,
    checks: (who) => this.outbox.seen('contact_checks', who.id).value === 'on',
    sessions: (who) => sessionsOf(who, this.now),
    restrictions: (who) => this.#seenRestrictions(this.#who(who.id)),
  });

  readonly devices = new FakeDevices({
    contacts: () => this.#contacts,
    devices: (who) => this.#seenDevices(this.#who(who.id)),
  });
  readonly finding = new FakeFinding({
    contacts: () => this.#contacts,
    devices: (who) => this.#seenDevices(this.#who(who.id)),
    sessions: (who) => sessionsOf(who, this.now),
  });
  readonly cases = new FakeCase({
    contacts: () => this.#contacts,
    restrictions: (who) => this.#seenRestrictions(this.#who(who.id)),
    verdicts: () => this.review.verdicts,
  });
  readonly insights = new FakeInsights({
    contacts: () => this.#contacts,
    devices: (who) => this.#seenDevices(this.#who(who.id)),
    sessions: (who) => sessionsOf(who, this.now),
    verdict: (contact) => this.review.verdicts.get(contact) ?? null,
  });

  constructor(
    public state: string,
    count: number,
  ) {
    this.#open = !['first', 'locked', 'keyring', 'gone'].includes(state);
    const some = state === 'empty' ? 0 : count;
    this.#contacts = Array.from({ length: some }, (_, at) => contact(at + 1, this.now));
    if (state === 'hostile') this.#spoil();
    if (state === 'decided' || state === 'hostile') this.outbox.fill(this.now);
    if (state === 'many') this.outbox.fillMany(10_000, this.now);
    if (state === 'decided') this.#forget();
  }

  #spoil() {
    const bad = [
      '<img src=x onerror="document.title=1"><script>alert(1)</script>',
      'A'.repeat(10_000),
      '\u202Egnp.exe evil\u202C ⁧rtl⁩',
      '👩‍👩‍👧‍👦🏴‍☠️ ☃ Zo̷̢̊ë',
      'مريم الحسن',
      '   ',
      'constructor',
    ];
    bad.forEach((name, at) => {
      const who = this.#contacts[at];
      if (who)
        Object.assign(who, {
          name,
          email: `${name}@x.example`,
          tags: [
            { id: 1, name },
            { id: 2, name: 'b' },
            { id: 3, name },
          ],
        });
    });
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
    this.exceptions.set(id, { contact_id: id, contact_name: this.#who(id).name, reason, until, overdue });
  }

  #known(kind: string, id: number): Known | null {
    const part = { contact_checks: 1, device_access: 10, restriction_status: 100 }[kind];
    const who = part && this.#contacts.find((row) => row.id === Math.floor(id / part));
    if (!who) return null;
    if (kind === 'contact_checks') {
      return { value: who.checks_enabled ? 'on' : 'off', who, agent: null, restriction: null };
    }
    if (kind === 'device_access') {
      const device = devicesOf(who, this.now).find((row) => row.id === id);
      return device ? { value: device.access, who, agent: device, restriction: null } : null;
    }
    const restriction = restrictionsOf(who, this.now).find((row) => row.id === id);
    return restriction ? { value: restriction.status, who, agent: restriction, restriction } : null;
  }

  /** Rows as they are shown: the server's, with what was decided here over them. */
  #seenContact(who: Contact): Contact {
    const { value, ...standing } = this.outbox.seen('contact_checks', who.id);
    const unviewed = this.#seenRestrictions(who).filter((row) => row.status === 'not_viewed').length;
    const blocked_devices = this.#seenDevices(who).filter((row) => row.access === 'blocked').length;
    return { ...who, ...standing, checks_enabled: value === 'on', unviewed, blocked_devices };
  }

  #seenDevices(who: Contact): Device[] {
    return devicesOf(who, this.now).map((row) => {
      const { value, ...standing } = this.outbox.seen('device_access', row.id);
      return { ...row, ...standing, access: value };
    });
  }

  #seenRestrictions(who: Contact): Restriction[] {
    return restrictionsOf(who, this.now).map((row) => {
      const { value, ...standing } = this.outbox.seen('restriction_status', row.id);
      return { ...row, ...standing, status: value };
    });
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
    const who = this.#contacts.find((row) => row.id === id);
    if (who) {
      who.last_activity_at = new Date().toISOString();
      who.unviewed += 1;
    }
    this.tell('changed', this.status());
  }

  status(): Status {
    const never = this.state === 'empty' || this.state === 'pulling';
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
      contacts: this.#contacts.length,
      devices: this.#contacts.length * 3,
      sessions: this.#contacts.length * 412,
      restrictions: this.#contacts.length * 2,
      unviewed: this.#contacts.length ? 7 : 0,
      outbox: this.outbox.counts(),
      unreadable: this.state === 'offline' ? 2 : 0,
    };
  }

  sync(): SyncState {
    const problem = { offline, refused }[this.state] ?? null;
    const phase: SyncState['phase'] =
      this.state === 'pulling' ? { phase: 'pulling', done: 412_000, remaining: 588_000 } : { phase: 'idle' };
    return {
      phase,
      problem,
      next_at: new Date(this.now + 55_000).toISOString(),
      failing_since: problem ? new Date(this.now - 3.7e6).toISOString() : null,
    };
  }

  #list(query: ContactQuery): Page<Contact> {
    if (this.state === 'error') throw broken;
    const words = query.search.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    const rows = this.#contacts
      .filter((row) => words.every((word) => `${row.name} ${row.email}`.toLocaleLowerCase().includes(word)))
      .filter((row) => !query.unviewed || row.unviewed > 0)
      .filter((row) => !query.checks_off || !row.checks_enabled)
      .filter((row) => !query.blocked_device || row.blocked_devices > 0);
    const key = (row: Contact): string | number => {
      switch (query.sort) {
        case 'name':
          return row.name;
        case 'email':
          return row.email;
        case 'devices':
          return row.devices;
        case 'unviewed':
          return row.unviewed;
        case 'checks':
          return Number(row.checks_enabled);
        case 'last_activity':
          return row.last_activity_at ?? '';
      }
    };
    const sign = query.ascending ? 1 : -1;
    rows.sort((a, b) => (key(a) < key(b) ? -sign : key(a) > key(b) ? sign : b.id - a.id));
    const page = slice(rows, query.page);
    return { ...page, rows: page.rows.map((row) => this.#seenContact(row)) };
  }

  #who(id: number | null): Contact {
    const who = this.#contacts.find((row) => row.id === id);
    if (!who) throw { code: 'not_found', message: 'This contact is not here.', hint: '' };
    return who;
  }

  /** Where a notification leads. */
  wanted: CalledPlace | null = null;
  /** Nothing can be written any more. */
  full = false;
  /** The newer version that a look finds. */
  offered: string | null = null;
  update: UpdateState = { version: '0.1.0', way: 'itself', page: null, checked_at: null, newer: null };
  settings: Settings = {
    notifications: {
      on: true,
      muted: [],
      quiet: false,
      quiet_hours: { from: '22:00', until: '08:00', days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] },
      hide_names: false,
      paused_until: null,
    },
    sync_seconds: 120,
    start_in_tray: false,
    language: null,
    theme: 'system',
    times: 'local',
    locking: { idle_minutes: null, with_screen: false },
    autostart: false,
  };

  #lead(): CalledPlace | null {
    const place = this.wanted;
    this.wanted = null;
    return place;
  }

  async answer(command: string, args: Record<string, unknown>): Promise<unknown> {
    await new Promise((done) => setTimeout(done, 15));
    const log = args.query as LogQuery;
    switch (command) {
      case 'overview':
        return {
          place: this.#lead(),
          schools: this.#schools(),
          shown: this.state === 'first' ? null : this.#shown,
          current: this.#open ? this.status() : null,
          sync: this.sync(),
          demo: false,
          problem: this.#why(),
          version: '0.1.0',
          screenshot: false,
        };
      case 'check_server':
        if (String(args.server).includes('bad')) throw offline;
        return { ok: true, server: args.server };
      case 'connect_school':
        if ((args.request as { token: string }).token === 'bad') throw refused;
        this.#open = true;
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
      case 'contacts':
        return this.#list(args.query as ContactQuery);
      case 'contact': {
        const who = this.#who(args.id as number);
        return { contact: this.#seenContact(who), sessions: 412, restrictions: restrictionsOf(who, this.now).length };
      }
      case 'sessions': {
        const rows = sessionsOf(this.#who(log.contact_id), this.now);
        return slice(
          rows.filter((row) => log.device_id === null || row.device_id === log.device_id),
          log.page,
        );
      }
      case 'devices':
        return slice(this.#seenDevices(this.#who(log.contact_id)), log.page);
      case 'restrictions':
        return slice(this.#seenRestrictions(this.#who(log.contact_id)), log.page);
      case 'decide': {
        const { kind, ids, value } = args as { kind: string; ids: number[]; value: string };
        if (this.state === 'full') throw { code: 'cache', message: 'The disk is full.', hint: 'Make room.' };
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
      case 'unviewed_restrictions':
        return this.#seenRestrictions(this.#who(args.contactId as number))
          .filter((row) => row.status === 'not_viewed')
          .map((row) => row.id);
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
      case 'lock':
        this.state = 'gone';
        this.#open = false;
        this.tell('locked', null);
        return null;
      case 'set_passphrase':
        this.recovery = args.wanted !== null;
        this.tell('schools', null);
        return null;
      case 'erase_school':
        this.state = 'first';
        this.#open = false;
        return null;
      case 'language_in_force':
        return this.settings.language ?? 'en';
      case 'settings':
        return this.settings;
      case 'set_settings':
        if (this.full) throw { code: 'failed', message: 'The settings cannot be written.', hint: '' };
        this.settings = args.settings as Settings;
        return null;
      case 'settings_problem':
        return null;
      case 'place_wanted':
        return this.#lead();
      case 'test_notification':
        return true;
      case 'update_state':
        return this.update;
      case 'update_check':
        return (this.update = { ...this.update, checked_at: '2026-03-04T10:00:00Z', newer: this.offered });
      case 'update_install':
        throw { code: 'failed', message: 'What is offered is not signed.', hint: 'Look again later.' };
      case 'session_position': {
        const rows = sessionsOf(this.#who(args.contactId as number), this.now);
        const at = rows.findIndex((row) => row.id === args.id);
        return at < 0 ? null : at;
      }
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
      default:
        if (this.state === 'error') throw broken;
        return (
          this.review.answer(command, args) ??
          this.insights.answer(command, args) ??
          this.devices.answer(command, args) ??
          this.cases.answer(command, args) ??
          this.finding.answer(command, args) ??
          null
        );
    }
  }

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
