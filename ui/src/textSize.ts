// How large everything in the window is, and the keys that change it.

import type { TextSize } from './generated/TextSize';
import type { PlainKey } from './language.svelte';

/** From the smallest to the largest. */
export const TEXT_SIZES: readonly TextSize[] = ['small', 'usual', 'large', 'larger', 'largest'];

/** What they are called. */
export const SIZE_NAMES: Record<TextSize, PlainKey> = {
  small: 'settings.text_size.small',
  usual: 'settings.text_size.usual',
  large: 'settings.text_size.large',
  larger: 'settings.text_size.larger',
  largest: 'settings.text_size.largest',
};

/** The size that a key asks for, beside the one that is; undefined where it asks for nothing of the kind. */
export function sizeOf(event: KeyboardEvent, now: TextSize): TextSize | undefined {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return undefined;
  switch (event.key) {
    case '0':
      return 'usual';
    // On many keyboards the plus is the upper half of this one.
    case '=':
    case '+':
      return TEXT_SIZES[Math.min(TEXT_SIZES.indexOf(now) + 1, TEXT_SIZES.length - 1)];
    case '-':
      return TEXT_SIZES[Math.max(TEXT_SIZES.indexOf(now) - 1, 0)];
    default:
      return undefined;
  }
}
