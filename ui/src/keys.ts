// Keys that nobody else takes belong to the list on the screen.

const forTheGrid = new Set([
  ...['ArrowDown', 'ArrowUp', 'PageDown', 'PageUp', 'Home', 'End', 'Enter'],
  ...['j', 'J', 'k', 'K', 'l', 'L'],
  // What is decided on the selected row, or marks it.
  ...['x', 'X', 'v', 'V', 'b', 'B', 'm', 'M', 't', 'T', 'r', 'R', 'Delete'],
]);

/** Who wants the Escape key before it leaves the screen, the latest last. */
const escapes: (() => void)[] = [];

/** `then` gets the next Escape instead of the screen; the answer ends that. */
export function takesEscape(then: () => void): () => void {
  escapes.push(then);
  return () => escapes.splice(escapes.lastIndexOf(then), 1);
}

/** Hands Escape to who wants it; whether anybody did. */
export function escaped(): boolean {
  const then = escapes[escapes.length - 1];
  then?.();
  return then !== undefined;
}

/** Whether a dialog stands over the window: the keys are its own then. */
export function inDialog(): boolean {
  return document.querySelector('dialog[open]') !== null;
}

/**
 * Does what ends in a question, and keeps the keys that are pressed meanwhile for that question: the list behind it would
 * take them for its own. The first Enter among them answers it, the first Escape leaves it.
 */
export async function thenAsked(work: () => Promise<void>): Promise<void> {
  const pressed: string[] = [];
  const heard = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    pressed.push(event.key);
  };
  window.addEventListener('keydown', heard, { capture: true });
  try {
    await work();
  } finally {
    window.removeEventListener('keydown', heard, { capture: true });
  }
  answer(pressed.find((key) => key === 'Enter' || key === 'Escape'));
}

function answer(key: string | undefined): void {
  const dialog = document.querySelector<HTMLDialogElement>('dialog[open]');
  if (!dialog || !key) return;
  // Nobody has read yet what it asks, and this one can't be taken back.
  if (key === 'Enter' && 'cautious' in dialog.dataset) return;
  if (key === 'Enter') dialog.querySelector('form')?.requestSubmit();
  else if (dialog.dispatchEvent(new Event('cancel', { cancelable: true }))) dialog.close();
}

/** Whether a key pressed there is text. */
export function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input, textarea, select, [contenteditable]') !== null;
}

/** Whether the keys that move mean something there already. */
function movesItself(focused: Element): boolean {
  return focused.closest('[role=grid], [data-menu], [role=dialog], dialog') !== null;
}

/** Puts the keys into the list on the screen, if there is one. */
export function focusGrid(): void {
  document.querySelector<HTMLElement>('[role=grid]')?.focus({ preventScroll: true });
}

/** Hands the key to the list where nobody else would take it. */
export function forwardToGrid(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || !forTheGrid.has(event.key)) return;
  const focused = document.activeElement;
  // A button that was clicked keeps the focus; it needs Enter, and moves nowhere by the other keys.
  if (focused && focused !== document.body && (event.key === 'Enter' || isTyping(focused) || movesItself(focused)))
    return;
  const grid = document.querySelector<HTMLElement>('[role=grid]');
  if (!grid) return;
  event.preventDefault();
  grid.focus({ preventScroll: true });
  // It bubbles, since Svelte hears keys at the root; the focus is in the list by then, so it comes back here in vain.
  grid.dispatchEvent(
    new KeyboardEvent('keydown', { key: event.key, shiftKey: event.shiftKey, bubbles: true, cancelable: true }),
  );
}

/** The letter on the key where another script is typed, as in a Ukrainian layout; empty where nothing has to be read. */
function latinLetter(event: KeyboardEvent): string {
  const letter = /^Key([A-Z])$/.exec(event.code)?.[1];
  if (!letter || event.key.length !== 1 || event.key < '\u0080') return '';
  return event.shiftKey ? letter : letter.toLowerCase();
}

/** Keys are the letters that are printed on them, whatever script is typed; text stays what was typed. The answer ends that. */
export function readKeysAsLatin(): () => void {
  const heard = (event: KeyboardEvent) => {
    const key = latinLetter(event);
    const combined = event.ctrlKey || event.metaKey;
    if (!key || event.isComposing || (isTyping(event.target) && !combined)) return;
    event.stopImmediatePropagation();
    const { code, shiftKey, ctrlKey, altKey, metaKey, repeat } = event;
    const modifiers = { shiftKey, ctrlKey, altKey, metaKey, repeat };
    const read = new KeyboardEvent('keydown', { key, code, ...modifiers, bubbles: true, cancelable: true });
    if (!(event.target ?? window).dispatchEvent(read)) event.preventDefault();
  };
  window.addEventListener('keydown', heard, { capture: true });
  return () => window.removeEventListener('keydown', heard, { capture: true });
}
