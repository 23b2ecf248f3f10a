// How the devices behind violations stand: whether they are blocked, and what has become of a decision about them. A
// violation does not say that itself, so the devices of its contact are asked for when it comes into sight.

import { bridge } from '../bridge';
import type { Device } from '../generated/Device';
import { ALL_ROWS } from '../lists/whole';

class Standings {
  #known = $state.raw<ReadonlyMap<number, Device>>(new Map());
  /** By contact, the news after which its devices were asked for. */
  #asked = new Map<number, number>();
  #run = 0;

  /** The device, as far as it is known. */
  of(id: number | null): Device | undefined {
    return id === null ? undefined : this.#known.get(id);
  }

  /** A contact's violations are in sight; `changes` counts the news, since which what is known may be old. */
  async want(contact_id: number, changes: number): Promise<void> {
    if (this.#asked.get(contact_id) === changes) return;
    this.#asked.set(contact_id, changes);
    const run = this.#run;
    try {
      const { rows } = await bridge.devices({
        contact_id,
        device_id: null,
        search: '',
        unviewed: false,
        page: ALL_ROWS,
      });
      // Asked for again since, or of another school.
      if (run !== this.#run || this.#asked.get(contact_id) !== changes) return;
      this.#known = new Map([...this.#known, ...rows.map((device) => [device.id, device] as const)]);
    } catch {
      // The list says what is wrong with the cache; its rows do without the marks.
      this.#asked.delete(contact_id);
    }
  }

  /** Another school: its devices are others. */
  reset(): void {
    this.#known = new Map();
    this.#asked.clear();
    this.#run += 1;
  }
}

export const standings = new Standings();
