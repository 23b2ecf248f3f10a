// Where a key takes the selection.

/**
 * The place that `key` moves to from `cursor` (-1: nothing is selected) in a list of `total` rows of which `screenful`
 * are in sight; null where the key does not move or there is no row.
 */
export function moveOf(key: string, cursor: number, screenful: number, total: number): number | null {
  if (total === 0) return null;
  const to = target(key, cursor, screenful, total);
  return to === null ? null : Math.min(Math.max(0, to), total - 1);
}

function target(key: string, cursor: number, screenful: number, total: number): number | null {
  switch (key) {
    case 'ArrowDown':
    case 'j':
    case 'J':
      return cursor + 1;
    case 'ArrowUp':
    case 'k':
    case 'K':
      return cursor - 1;
    case 'PageDown':
      return cursor + screenful;
    case 'PageUp':
      return cursor - screenful;
    case 'Home':
      return 0;
    case 'End':
      return total - 1;
    default:
      return null;
  }
}
