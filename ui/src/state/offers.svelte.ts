// What the screen in the window can do beside what works everywhere: *search everywhere* lists it.

/** One thing that the screen can do. */
export interface Offer {
  label: () => string;
  run: () => void;
}

class Offers {
  all = $state.raw<readonly Offer[]>([]);

  /** Offers it from now on; the answer ends that. */
  add(offer: Offer): () => void {
    this.all = [...this.all, offer];
    return () => (this.all = this.all.filter((other) => other !== offer));
  }
}

export const offers = new Offers();
