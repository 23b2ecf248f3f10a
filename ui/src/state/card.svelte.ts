// One contact's card: who it is, and the three lists of the login log.

import { bridge, problemOf } from '../bridge';
import type { ContactCard } from '../generated/ContactCard';
import type { Device } from '../generated/Device';
import type { LogQuery } from '../generated/LogQuery';
import type { Problem } from '../generated/Problem';
import type { Restriction } from '../generated/Restriction';
import type { Session } from '../generated/Session';
import { PagedList } from '../lists/paged.svelte';
import type { Tab } from './nav.svelte';

export class Card {
  readonly id: number;
  contact = $state.raw<ContactCard | null>(null);
  problem = $state.raw<Problem | null>(null);
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
    } catch (thrown) {
      this.problem = problemOf(thrown);
    }
  }

  /** Asks for a tab's rows when it is shown for the first time. */
  begin(tab: Tab): Promise<void> {
    if (this.#begun.has(tab)) return Promise.resolve();
    this.#begun.add(tab);
    return this.#ask(tab);
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
