// Keys that are pressed while nothing has the focus belong to the list on the screen.

const forTheGrid = new Set([
  ...['ArrowDown', 'ArrowUp', 'PageDown', 'PageUp', 'Home', 'End', 'Enter'],
  ...['j', 'J', 'k', 'K', 'l', 'L'],
]);

/** Whether a key pressed there is text. */
export function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input, textarea, select, [contenteditable]') !== null;
}

/** Hands the key to the list where nobody else would take it. */
export function forwardToGrid(event: KeyboardEvent): void {
  if (event.defaultPrevented || !forTheGrid.has(event.key) || document.activeElement !== document.body) return;
  const grid = document.querySelector<HTMLElement>('[role=grid]');
  if (!grid) return;
  event.preventDefault();
  grid.focus({ preventScroll: true });
  grid.dispatchEvent(new KeyboardEvent('keydown', { key: event.key, bubbles: false, cancelable: true }));
}
