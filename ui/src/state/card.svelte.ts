// One contact's card: who it is, and the three lists of the login log.

import { bridge, problemOf } from '../bridge';
import type { ActivityStrip } from '../generated/ActivityStrip';
import type { CheckException } from '../generated/CheckException';
import type { ContactCard } from '../generated/ContactCard';
import type { Device } from '../generated/Device';
import type { LogQuery } from '../generated/LogQuery';
import type { Problem } from '../generated/Problem';
import type { Restriction } from '../generated/Restriction';
import type { Session } from '../generated/Session';
import type { VisitedPlace } from '../generated/VisitedPlace';
import { PagedList } from '../lists/paged.svelte';
import type { Tab } from './nav.svelte';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Devices that are asked for what the owner says of them: as many as a list asks for at once. */
const NOTED = { after: null, skip: 0, limit: 100, count: false };

/** What the owner says of a device. */
export type OwnersWords = Pick<Device, 'own_name' | 'same_as'>;

export class Card {
  readonly id: number;
  contact = $state.raw<ContactCard | null>(null);
  problem = $state.raw<Problem | null>(null);
  /** What is noted on this computer about checks that are off. */
  exception = $state.raw<CheckException | null>(null);
  /** When the contact was at work; of another zoom until the answer to this one is here. */
  strip = $state.raw<ActivityStrip | null>(null);
  /** Days that are drawn. */
  days = $state(30);
  /** Where the contact logged in from, most logins first. */
  places = $state.raw<VisitedPlace[]>([]);
  /** What the owner says of the devices that were used last, by id; those of which nothing is said are not among them. */
  noted = $state.raw<ReadonlyMap<number, OwnersWords>>(new Map());
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

  /** Asks when and where the contact was at work; without it the card does without the picture. */
  async draw(): Promise<void> {
    const { days } = this;
    const now = Date.now();
    try {
      const [strip, places] = await Promise.all([
        bridge.activityStrip(this.id, new Date(now - days * DAY_MS).toISOString(), new Date(now).toISOString()),
        bridge.placesVisited(this.id),
      ]);
      if (days !== this.days) return;
      this.strip = strip;
      this.places = places;
    } catch {
      // The tabs ask for the same rows and say what is wrong.
    }
  }

  /** Asks what the owner says of the devices; without it they go by their numbers. */
  async note(): Promise<void> {
    try {
      const { rows } = await bridge.devices({ ...this.#query(null), page: NOTED });
      const said = rows.filter((row) => row.own_name !== null || row.same_as.length > 0);
      this.noted = new Map(said.map((row) => [row.id, row]));
    } catch {
      // The tab asks for the same rows and says what is wrong.
    }
  }

  /** Draws so many days. */
  zoom(days: number): void {
    this.days = days;
    void this.draw();
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
    void this.note();
    if (this.#begun.has('history')) void this.sessions.refresh();
    if (this.#begun.has('devices')) void this.devices.refresh();
    if (this.#begun.has('restrictions')) void this.restrictions.refresh();
  }

  #query(device_id: number | null): Omit<LogQuery, 'page'> {
    return { contact_id: this.id, device_id, search: '', unviewed: false };
  }

  #ask(tab: Tab): Promise<void> {
    const query = this.#query(tab === 'history' ? this.device : null);
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
