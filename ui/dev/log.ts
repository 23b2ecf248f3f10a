// The contacts of the invented school, with the log of each, and what was decided here over what the server said.

import type { Contact } from '../src/generated/Contact';
import type { ContactQuery } from '../src/generated/ContactQuery';
import type { Device } from '../src/generated/Device';
import type { LogQuery } from '../src/generated/LogQuery';
import type { Page } from '../src/generated/Page';
import type { PageRequest } from '../src/generated/PageRequest';
import type { Restriction } from '../src/generated/Restriction';
import type { Verdict } from '../src/generated/Verdict';
import type { FakeOutbox, Known } from './outbox';
import { contact, devicesOf, restrictionsOf, sessionsOf } from './people';

function slice<T extends { id: number }>(rows: T[], page: PageRequest): Page<T> {
  const from = (page.after === null ? 0 : rows.findIndex((row) => String(row.id) === page.after) + 1) + page.skip;
  const to = page.limit === 0 ? rows.length : from + page.limit;
  const part = rows.slice(from, to);
  const next = to < rows.length ? String(part[part.length - 1]?.id) : null;
  return { rows: part, next, total: page.count ? rows.length : null };
}

export class FakeLog {
  readonly contacts: Contact[];
  /** What the owner noted of a contact. */
  noted: (id: number) => Verdict | undefined = () => undefined;
  /** What the owner noted of a device. */
  called: (id: number) => Pick<Device, 'own_name' | 'same_as'> = () => ({ own_name: null, same_as: [] });
  readonly #outbox: FakeOutbox;

  constructor(
    outbox: FakeOutbox,
    count: number,
    readonly now: number,
  ) {
    this.#outbox = outbox;
    this.contacts = Array.from({ length: count }, (_, at) => contact(at + 1, now));
  }

  /** Gives the first contacts names that nobody should have. */
  spoil() {
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
      const who = this.contacts[at];
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

  /** What the server says of what a decision is about. */
  known(kind: string, id: number): Known | null {
    const part = { contact_checks: 1, device_access: 10, restriction_status: 100 }[kind];
    const who = part && this.contacts.find((row) => row.id === Math.floor(id / part));
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
  #seen(who: Contact): Contact {
    const { value, ...standing } = this.#outbox.seen('contact_checks', who.id);
    const unviewed = this.restrictions(who).filter((row) => row.status === 'not_viewed').length;
    const blocked_devices = this.devices(who).filter((row) => row.access === 'blocked').length;
    return { ...who, ...standing, ...this.#own(who.id), checks_enabled: value === 'on', unviewed, blocked_devices };
  }

  #own(id: number): Partial<Contact> {
    const noted = this.noted(id);
    if (!noted) return {};
    const { verdict, note, follow_up_at } = noted;
    return { own_verdict: verdict, own_note: note, ...(follow_up_at ? { own_follow_up_at: follow_up_at } : {}) };
  }

  devices(who: Contact): Device[] {
    return devicesOf(who, this.now).map((row) => {
      const { value, ...standing } = this.#outbox.seen('device_access', row.id);
      return { ...row, ...standing, ...this.called(row.id), access: value };
    });
  }

  restrictions(who: Contact): Restriction[] {
    return restrictionsOf(who, this.now).map((row) => {
      const { value, ...standing } = this.#outbox.seen('restriction_status', row.id);
      const own_name = row.device_id === null ? null : this.called(row.device_id).own_name;
      return { ...row, ...standing, own_name, status: value };
    });
  }

  who(id: number | null): Contact {
    const who = this.contacts.find((row) => row.id === id);
    if (!who) throw { code: 'not_found', message: 'This contact is not here.', hint: '' };
    return who;
  }

  #list(query: ContactQuery): Page<Contact> {
    const words = query.search.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    const rows = this.contacts
      .filter((row) => words.every((word) => `${row.name} ${row.email}`.toLocaleLowerCase().includes(word)))
      .filter((row) => !query.unviewed || row.unviewed > 0)
      .filter((row) => !query.checks_off || this.#outbox.seen('contact_checks', row.id).value === 'off')
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
    return { ...page, rows: page.rows.map((row) => this.#seen(row)) };
  }

  answer(command: string, args: Record<string, unknown>): unknown {
    const log = args.query as LogQuery;
    switch (command) {
      case 'contacts':
        return this.#list(args.query as ContactQuery);
      case 'contact': {
        const who = this.who(args.id as number);
        return { contact: this.#seen(who), sessions: 412, restrictions: restrictionsOf(who, this.now).length };
      }
      case 'sessions': {
        const rows = sessionsOf(this.who(log.contact_id), this.now);
        return slice(
          rows.filter((row) => log.device_id === null || row.device_id === log.device_id),
          log.page,
        );
      }
      case 'devices':
        return slice(this.devices(this.who(log.contact_id)), log.page);
      case 'restrictions':
        return slice(this.restrictions(this.who(log.contact_id)), log.page);
      case 'session_position': {
        const rows = sessionsOf(this.who(args.contactId as number), this.now);
        const at = rows.findIndex((row) => row.id === args.id);
        return at < 0 ? null : at;
      }
      case 'unviewed_restrictions':
        return this.restrictions(this.who(args.contactId as number))
          .filter((row) => row.status === 'not_viewed')
          .map((row) => row.id);
      default:
        return undefined;
    }
  }
}
