// Every device of the school: the question, its rows, what is selected and marked, kept while the person is elsewhere.

import { bridge } from '../bridge';
import type { DeviceQuery } from '../generated/DeviceQuery';
import type { SchoolDevice } from '../generated/SchoolDevice';
import { Marks } from '../lists/marks.svelte';
import { PagedList } from '../lists/paged.svelte';

/** What narrows the list; which page of it is no matter. */
export type DeviceQuestion = Omit<DeviceQuery, 'page'>;

/** Nothing narrows it. */
export const everyDevice: DeviceQuestion = {
  search: '',
  device_id: null,
  contact_id: null,
  shared: false,
  blocked: false,
  unused_days: 0,
  sort: 'shared',
};

class Devices {
  question = $state.raw<DeviceQuestion>(everyDevice);
  selected = $state<number | null>(null);
  /** Pixels from the top, restored when the person comes back. */
  scrollTop = 0;
  list = $state.raw(new PagedList<SchoolDevice>());
  marks = $state.raw(new Marks<SchoolDevice>());
  #begun = false;

  /** Whether anything narrows the list. */
  get narrowed(): boolean {
    return JSON.stringify({ ...this.question, sort: everyDevice.sort }) !== JSON.stringify(everyDevice);
  }

  /** Begins anew, for another school. */
  reset(): void {
    this.#begun = false;
    this.question = everyDevice;
    this.selected = null;
    this.scrollTop = 0;
    this.list = new PagedList<SchoolDevice>();
    this.marks = new Marks<SchoolDevice>();
  }

  /** Asks when the screen is shown for the first time. */
  begin(): void {
    if (this.#begun) return;
    this.#begun = true;
    this.#ask();
  }

  /** Rows here have changed. */
  refresh(): void {
    if (this.#begun) void this.list.refresh();
  }

  narrow(part: Partial<DeviceQuestion>): void {
    this.#begun = true;
    this.question = { ...this.question, ...part };
    this.selected = null;
    this.marks.clear();
    this.#ask();
  }

  /** Only this one. */
  showOne(id: number): void {
    this.narrow({ ...everyDevice, device_id: id });
  }

  showAll(): void {
    this.narrow(everyDevice);
  }

  #ask(): void {
    const { question } = this;
    void this.list.ask((page) => bridge.schoolDevices({ ...question, page }));
  }
}

export const devices = new Devices();
