// Lists that are longer than a page can be tall. Engines clamp a length (WebKit's LayoutUnit at 2^31 / 64 = 33,554,431
// pixels, 838,860 rows), and draw in single precision, which knows halves of a pixel up to 2^23. So the sheet that is
// scrolled is never taller than that, and where the list stands is told apart from where the scroller stands.

/** Pixels. */
export const TALLEST = 8_000_000;

/** At either end the scroller moves as the list does, pixel for pixel; only what is between is squeezed. */
const END = 100_000;

/** How far the scroller may be off the position that fits its place in the list, pixels, before it is put there. */
const DRIFT = 100_000;

/** Where a list stands: the scroller's position, and how much further down the list that is; pixels. */
export interface Stand {
  top: number;
  offset: number;
}

/** The stand that shows `at`, a place in a list of `whole` pixels of which `view` are in sight. */
export function standAt(at: number, view: number, whole: number): Stand {
  const last = Math.max(0, whole - view);
  const place = Math.min(Math.max(0, at), last);
  if (whole <= TALLEST) return { top: place, offset: 0 };
  const squeezed = (TALLEST - view - 2 * END) / (last - 2 * END);
  const top =
    place <= END ? place : place >= last - END ? place - (whole - TALLEST) : Math.round(END + (place - END) * squeezed);
  return { top, offset: place - top };
}

/** The place that a scroller at `top` leaps to: the other way round of `standAt`. */
function placeAt(top: number, view: number, whole: number): number {
  const last = whole - view;
  if (top <= END) return top;
  if (top >= TALLEST - view - END) return top + (whole - TALLEST);
  return Math.round(END + (top - END) * ((last - 2 * END) / (TALLEST - view - 2 * END)));
}

/**
 * The stand after the scroller has moved to `top`. A move of less than a screenful moves the list by just as much; a leap
 * (a dragged bar) goes to the place in proportion. The answer's `top` differs from the one given where the scroller has
 * to be put elsewhere, so that both ends stay in reach.
 */
export function scrolled(before: Stand, top: number, view: number, whole: number): Stand {
  if (whole <= TALLEST) return { top, offset: 0 };
  if (Math.abs(top - before.top) > view) return { top, offset: placeAt(top, view, whole) - top };
  const place = top + before.offset;
  const fitting = standAt(place, view, whole);
  const near = (at: number, length: number) => at < 2 * view || at > length - 3 * view;
  const misfit = near(top, TALLEST) || near(place, whole) || Math.abs(fitting.top - top) > DRIFT;
  return misfit ? fitting : { top, offset: before.offset };
}
