// Keys that nobody else takes belong to the list on the screen.

const forTheGrid = new Set([
  ...['ArrowDown', 'ArrowUp', 'PageDown', 'PageUp', 'Home', 'End', 'Enter'],
  ...['j', 'J', 'k', 'K', 'l', 'L'],
]);

/** Whether a key pressed there is text. */
export function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input, textarea, select, [contenteditable]') !== null;
}

/** Whether the keys that move mean something there already. */
function movesItself(focused: Element): boolean {
  return focused.closest('[role=grid], [role=menu], [role=tablist], [role=dialog], dialog') !== null;
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
  grid.dispatchEvent(new KeyboardEvent('keydown', { key: event.key, bubbles: false, cancelable: true }));
}
