// What *search everywhere* finds in the invented school.

import type { Contact } from '../src/generated/Contact';
import type { Device } from '../src/generated/Device';
import type { FoundEverywhere } from '../src/generated/FoundEverywhere';
import type { Hit } from '../src/generated/Hit';
import type { LocationDatabases } from '../src/generated/LocationDatabases';
import type { Opened } from '../src/generated/Opened';
import type { Session } from '../src/generated/Session';

/** The rest of the school. */
interface Known {
  contacts: () => Contact[];
  devices: (who: Contact) => Device[];
  sessions: (who: Contact) => Session[];
}

const NONE: LocationDatabases = { places: null, networks: null };

export class FakeFinding {
  opened: Opened[] = [];
  /** Questions so far. */
  asked: string[] = [];
  /** Holds the answers back until it is over. */
  slow: Promise<unknown> | null = null;
  /** The file that the person chooses; null cancels. */
  chosen: LocationDatabases | null = null;
  #databases = NONE;
  /** Addresses that are not placed yet. */
  left = 0;

  constructor(private readonly known: Known) {}

  answer(command: string, args: Record<string, unknown>): unknown {
    switch (command) {
      case 'find_everywhere':
        return this.#find(String(args.text));
      case 'note_opened': {
        const opened = args.opened as Opened;
        const same = (other: Opened) => JSON.stringify(other) === JSON.stringify(opened);
        this.opened = [opened, ...this.opened.filter((other) => !same(other))].slice(0, 8);
        return null;
      }
      case 'location_databases':
        return this.#databases;
      case 'choose_location_database':
        if (this.chosen) this.left = 40;
        return this.chosen && (this.#databases = this.chosen);
      case 'forget_location_databases':
        return (this.#databases = NONE);
      case 'placing':
        this.left = Math.max(0, this.left - 20);
        return { left: this.left, total: 120 };
      default:
        return undefined;
    }
  }

  #contact(who: Contact): Hit {
    return { kind: 'contact', id: who.id, name: who.name, email: who.email, unviewed: who.unviewed };
  }

  async #find(text: string): Promise<FoundEverywhere | null> {
    this.asked.push(text);
    const turn = this.asked.length;
    await this.slow;
    if (turn < this.asked.length) return null;
    const all = this.known.contacts();
    const words = text.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    if (words.length === 0) {
      const ids = this.opened.flatMap((opened) => (opened.kind === 'contact' ? [opened.id] : []));
      return { hits: ids.flatMap((id) => all.filter((who) => who.id === id).map((who) => this.#contact(who))) };
    }
    const has = (said: string) => words.every((word) => said.toLocaleLowerCase().includes(word));
    const people = all.filter((who) => has(`${who.name} ${who.email}`)).slice(0, 6);
    const few = all.slice(0, 20);
    const addresses = [...new Set(few.flatMap((who) => this.known.sessions(who).map((row) => row.ip)))].filter(has);
    const devices = few.flatMap((who) =>
      this.known.devices(who).flatMap((row): Hit[] => {
        const { id, contact_id, browser, os, device_type } = row;
        const hit: Hit = {
          kind: 'device',
          id,
          contact_id,
          contact_name: who.name,
          own_name: null,
          agent: { browser, os, device_type },
        };
        return words.every((word) => String(id) === word) ? [hit] : [];
      }),
    );
    const place = { country: 'UA', city: null, network_kind: null };
    return {
      hits: [
        ...people.map((who) => this.#contact(who)),
        ...addresses.slice(0, 4).map((address): Hit => ({ kind: 'address', address, place })),
        ...devices.slice(0, 4),
      ],
    };
  }
}
