// One contact's card: who it is, and the three lists of the login log.

import { bridge, problemOf } from '../bridge';
import type { CheckException } from '../generated/CheckException';
import type { ContactCard } from '../generated/ContactCard';
import type { Device } from '../generated/Device';
import type { LogQuery } from '../generated/LogQuery';
import type { Problem } from '../generated/Problem';
import type { Restriction } from '../generated/Restriction';
import type { Session } from '../generated/Session';
import { PagedList } from '../lists/paged.svelte';
import type { Tab } from './nav.svelte';

/** Newest rows that the picture of the last 30 days is drawn from. */
const RECENT = 300;

export class Card {
  readonly id: number;
  contact = $state.raw<ContactCard | null>(null);
  problem = $state.raw<Problem | null>(null);
  /** What is noted on this computer about checks that are off. */
  exception = $state.raw<CheckException | null>(null);
  /** The newest logins and restrictions, for the picture of the last 30 days. */
  recent = $state.raw<{ sessions: Session[]; restrictions: Restriction[] }>({ sessions: [], restrictions: [] });
  /** Login history shows only this device's. */
  device = $state<number | null>(null);
  selected = $state<Record<Tab, number | null>>({ history: null, devices: null, restrictions: null });
  readonly sessions = new PagedList<Session>();
  readonly devices = new PagedList<Device>();
  readonly restrictions = new PagedList<Restriction>();
  #begun = new Set<Tab>();

  constructor(id: number) {
    this.id = id;
  }

  /** Asks who it is; again after news. */
  async look(): Promise<void> {
    try {
      this.contact = await bridge.contact(this.id);
      this.problem = null;
      this.exception = this.contact.contact.checks_enabled ? null : await bridge.checkException(this.id);
    } catch (thrown) {
      this.problem = problemOf(thrown);
    }
  }

  /** Asks for what the picture of the last 30 days is drawn from; without it the card does without the picture. */
  async draw(): Promise<void> {
    const query = { contact_id: this.id, device_id: null, search: '', unviewed: false };
    const page = { after: null, skip: 0, limit: RECENT, count: false };
    try {
      const [sessions, restrictions] = await Promise.all([
        bridge.sessions({ ...query, page }),
        bridge.restrictions({ ...query, page }),
      ]);
      this.recent = { sessions: sessions.rows, restrictions: restrictions.rows };
    } catch {
      // The tabs ask for the same rows and say what is wrong.
    }
  }

  /** Asks for a tab's rows when it is shown for the first time. */
  begin(tab: Tab): Promise<void> {
    if (this.#begun.has(tab)) return Promise.resolve();
    this.#begun.add(tab);
    return this.#ask(tab);
  }

  /** The place of a row in a tab that shows all of the contact's; null where it is not here. */
  async find(tab: Tab, id: number): Promise<number | null> {
    switch (tab) {
      case 'history': {
        const here = this.sessions.indexOf(id);
        return here >= 0 ? here : bridge.sessionPosition(this.id, id);
      }
      case 'devices':
        return this.devices.find(id);
      case 'restrictions':
        return this.restrictions.find(id);
    }
  }

  /** Shows the logins of one device only, or of all. */
  async onlyDevice(device: number | null): Promise<void> {
    this.device = device;
    this.selected.history = null;
    this.#begun.add('history');
    await this.#ask('history');
  }

  /** Rows here have changed. */
  refresh(): void {
    void this.look();
    void this.draw();
    if (this.#begun.has('history')) void this.sessions.refresh();
    if (this.#begun.has('devices')) void this.devices.refresh();
    if (this.#begun.has('restrictions')) void this.restrictions.refresh();
  }

  #ask(tab: Tab): Promise<void> {
    const query: Omit<LogQuery, 'page'> = {
      contact_id: this.id,
      device_id: tab === 'history' ? this.device : null,
      search: '',
      unviewed: false,
    };
    switch (tab) {
      case 'history':
        return this.sessions.ask((page) => bridge.sessions({ ...query, page }));
      case 'devices':
        return this.devices.ask((page) => bridge.devices({ ...query, page }));
      case 'restrictions':
        return this.restrictions.ask((page) => bridge.restrictions({ ...query, page }));
    }
  }
}
