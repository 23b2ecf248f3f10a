// Every device of the invented school, and what the owner calls them.

import type { Contact } from '../src/generated/Contact';
import type { Device } from '../src/generated/Device';
import type { DeviceQuery } from '../src/generated/DeviceQuery';
import type { OtherUsers } from '../src/generated/OtherUsers';
import type { Page } from '../src/generated/Page';
import type { SchoolDevice } from '../src/generated/SchoolDevice';

/** What is looked through. */
interface Seen {
  contacts: () => Contact[];
  devices: (who: Contact) => Device[];
}

/** Contacts whose devices are listed: enough for a long list. */
const LOOKED_AT = 120;

export class FakeDevices {
  readonly names = new Map<number, string>();
  /** Devices that the owner says are one. */
  joined: number[] = [];

  /** Months that are kept, and who was erased. */
  months = 12;
  readonly erased: number[] = [];

  constructor(readonly seen: Seen) {}

  /** What the owner noted of a device. */
  called(id: number): Pick<Device, 'own_name' | 'same_as'> {
    return {
      own_name: this.names.get(id) ?? null,
      same_as: this.joined.includes(id) ? this.joined.filter((other) => other !== id) : [],
    };
  }

  #all(): SchoolDevice[] {
    return this.seen
      .contacts()
      .slice(0, LOOKED_AT)
      .flatMap((who) =>
        this.seen.devices(who).map((device) => ({
          ...device,
          contact_name: who.name,
        })),
      );
  }

  #page({ search, device_id, shared, blocked, unused_days, sort, page }: DeviceQuery): Page<SchoolDevice> {
    const words = search.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    const since = Date.now() - unused_days * 864e5;
    const rows = this.#all()
      .filter((row) =>
        words.every((word) =>
          `${row.contact_name} ${row.own_name} ${row.browser} ${row.os}`.toLocaleLowerCase().includes(word),
        ),
      )
      .filter((row) => device_id === null || row.id === device_id)
      .filter((row) => !shared || row.also_used_by > 0)
      .filter((row) => !blocked || row.access === 'blocked')
      .filter((row) => unused_days === 0 || Date.parse(row.last_seen_at) < since)
      .toSorted((a, b) => {
        const last = Date.parse(b.last_seen_at) - Date.parse(a.last_seen_at) || b.id - a.id;
        return sort === 'unused' ? -last : (sort === 'shared' ? b.also_used_by - a.also_used_by : 0) || last;
      });
    const from = Number(page.after ?? 0) + page.skip;
    const to = page.limit === 0 ? rows.length : from + page.limit;
    return {
      rows: rows.slice(from, to),
      next: to < rows.length ? String(to) : null,
      total: page.count ? rows.length : null,
    };
  }

  #others(): OtherUsers {
    const users = this.seen.contacts().slice(3, 5);
    return {
      users: users.map((who) => ({
        contact_id: who.id,
        name: who.name,
        email: who.email,
        logins: 12,
        last_at: who.last_activity_at ?? who.created_at,
      })),
      more: false,
    };
  }

  /** The answer to a command about devices; undefined where it is another's. */
  answer(command: string, args: Record<string, unknown>): unknown {
    switch (command) {
      case 'school_devices':
        return this.#page(args.query as DeviceQuery);
      case 'name_device':
        if (args.name === '') this.names.delete(args.id as number);
        else this.names.set(args.id as number, args.name as string);
        return null;
      case 'join_devices':
        this.joined = args.ids as number[];
        return null;
      case 'part_device':
        this.joined = this.joined.length > 2 ? this.joined.filter((id) => id !== args.id) : [];
        return true;
      case 'regroup_devices':
        this.joined = (args.groups as number[][]).find((group) => group.length > 1) ?? [];
        return null;
      case 'kept_months':
        return this.months;
      case 'keep_months':
        return (this.months = args.months as number);
      case 'erase_contact':
        this.erased.push(args.id as number);
        return 12;
      case 'others_with':
      case 'others_at':
        return this.#others();
      default:
        return undefined;
    }
  }
}
