// Where the rows of groups stand in one list: a head for each group, some of its members, and a row for the rest.

/** Members shown of a group that wants no attention. */
const FEW = 3;

/** Members shown of a group that does, before it is unfolded. */
const MOST = 12;

/** A group, counted. */
export interface Counted {
  restrictions: number;
  /** Those that want attention, which come first. */
  unviewed: number;
  /** How many more the person unfolded. */
  unfolded: number;
}

/** Where a group stands: its head at `start`, `shown` members behind it, and a row for the `hidden` ones, if any. */
export interface Part {
  start: number;
  size: number;
  shown: number;
  hidden: number;
}

export interface Layout {
  parts: Part[];
  /** Rows of all groups together. */
  size: number;
}

export function layOut(groups: readonly Counted[]): Layout {
  const parts: Part[] = [];
  let start = 0;
  for (const { restrictions, unviewed, unfolded } of groups) {
    const first = Math.min(Math.max(unviewed, FEW), MOST);
    let shown = Math.min(restrictions, first + unfolded);
    // A row that says *one more* takes the room of that one.
    if (restrictions - shown === 1) shown = restrictions;
    const hidden = restrictions - shown;
    const size = 1 + shown + Number(hidden > 0);
    parts.push({ start, size, shown, hidden });
    start += size;
  }
  return { parts, size: start };
}

/** Which group the row at a place is of, and the how manieth inside of it (0 is the head); undefined behind the end. */
export function groupAt(layout: Layout, place: number): { group: number; inside: number } | undefined {
  if (place < 0 || place >= layout.size) return undefined;
  let low = 0;
  let high = layout.parts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((layout.parts[middle]?.start ?? Infinity) <= place) low = middle;
    else high = middle - 1;
  }
  return { group: low, inside: place - (layout.parts[low]?.start ?? 0) };
}
