// The keys that work on every screen.

import { escaped, forwardToGrid, isTyping } from './keys';
import { decisions } from './state/decisions.svelte';
import { nav } from './state/nav.svelte';
import { school } from './state/school.svelte';

/** What they open, as far as it stands in the window already. */
interface Opens {
  find: (() => void) | undefined;
  search: (() => void) | undefined;
  keys: (() => void) | undefined;
}

const withControl = (event: KeyboardEvent) => event.ctrlKey || event.metaKey;

/** A key with Ctrl and nothing else. */
export const isCommand = (event: KeyboardEvent) => withControl(event) && !event.altKey && !event.shiftKey;

/** Whether a key was meant for the schools: Ctrl 1 to 9. */
export function forSchools(event: KeyboardEvent): boolean {
  if (!isCommand(event)) return false;
  const line = /^[1-9]$/.test(event.key) ? school.all[Number(event.key) - 1] : undefined;
  if (!line) return false;
  if (line.id !== school.shown) void school.switchTo(line.id);
  return true;
}

/** Does what a key means; one that means nothing here may mean something to the list on the screen. */
export function forWindow(event: KeyboardEvent, opens: Opens): void {
  const meant = withControl(event) || event.altKey || event.key === 'F5' ? combined(event) : plain(event);
  if (!meant) return;
  event.preventDefault();
  meant(opens);
}

type Deed = (opens: Opens) => void;

const syncs: Deed = () => void school.syncNow();
const goesBack: Deed = () => nav.back();

function combined(event: KeyboardEvent): Deed | undefined {
  const key = withControl(event) ? event.key.toLowerCase() : '';
  if (key === 'k') return ({ find }) => find?.();
  if (event.key === 'F5' || key === 'r') return syncs;
  if (key === 'z' && !event.shiftKey) return isTyping(event.target) ? undefined : () => void decisions.undo();
  return event.altKey && event.key === 'ArrowLeft' ? goesBack : undefined;
}

function plain(event: KeyboardEvent): Deed | undefined {
  if (isTyping(event.target)) return undefined;
  switch (event.key) {
    case '/':
      return ({ search }) => search?.();
    case '?':
      return ({ keys }) => keys?.();
    case 'g':
    case 'G':
      return () => nav.go({ screen: 'sync', tab: 'decisions' });
    case 'Escape':
      // Whoever wants it has it by then.
      if (escaped()) return () => {};
      if (nav.here.screen !== 'contacts') return goesBack;
  }
  forwardToGrid(event);
  return undefined;
}
