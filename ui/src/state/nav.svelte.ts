// Where the person is, and the way back.

/** The tabs of a contact's card. */
export type Tab = 'history' | 'devices' | 'restrictions';

/** The tabs of the Sync screen. */
export type SyncTab = 'decisions' | 'exceptions' | 'unreadable' | 'facts';

/** The parts of the Settings screen. */
export type Section =
  'notifications' | 'school' | 'insights' | 'locking' | 'look' | 'location' | 'background' | 'updates';

/** A place in the window. `focus` is the row to show there. */
export type Place =
  | { screen: 'violations' }
  | { screen: 'contacts' }
  | { screen: 'logins' }
  | { screen: 'contact'; id: number; tab: Tab; focus: number | null }
  | { screen: 'devices' }
  | { screen: 'insights' }
  | { screen: 'school' }
  | { screen: 'settings'; section?: Section }
  | { screen: 'sync'; tab: SyncTab };

/** Steps that *Back* remembers. */
const REMEMBERED = 50;

class Nav {
  here = $state.raw<Place>({ screen: 'contacts' });
  #behind: Place[] = [];

  go(place: Place): void {
    if (JSON.stringify(place) === JSON.stringify(this.here)) {
      // The person has gone on from the row that is wanted once more.
      if (place.screen === 'contact' && place.focus !== null) this.here = place;
      return;
    }
    this.#behind = [...this.#behind, this.here].slice(-REMEMBERED);
    this.here = place;
  }

  /** Takes the place of where the person is: a step that *Back* shall not retrace. */
  turn(place: Place): void {
    this.here = place;
  }

  back(): void {
    this.here = this.#behind.pop() ?? { screen: 'contacts' };
  }

  /** Another school was opened: its places are others. */
  reset(): void {
    this.#behind = [];
    this.here = { screen: 'contacts' };
  }
}

export const nav = new Nav();
