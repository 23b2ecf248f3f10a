import { afterEach, expect, test } from 'vitest';

import { escaped, forwardToGrid, readKeysAsLatin, takesEscape } from './keys';

afterEach(() => {
  document.body.replaceChildren();
});

function press(on: string, key: string): string[] {
  document.body.innerHTML = `
    <button id="plain">Sync now</button>
    <input id="text">
    <div data-menu><button id="item">A school</button></div>
    <div role="grid" tabindex="0"></div>`;
  const reached: string[] = [];
  document.querySelector('[role=grid]')?.addEventListener('keydown', (event) => {
    if (event instanceof KeyboardEvent) reached.push(event.key);
  });
  document.querySelector<HTMLElement>(on)?.focus();
  forwardToGrid(new KeyboardEvent('keydown', { key, cancelable: true }));
  return reached;
}

test('after a click on a button the list still moves by keys', () => {
  expect(press('#plain', 'j')).toEqual(['j']);
  expect(press('#plain', 'ArrowDown')).toEqual(['ArrowDown']);
});

test('a key that means something where the focus is stays there', () => {
  expect(press('#plain', 'Enter')).toEqual([]);
  expect(press('#text', 'j')).toEqual([]);
  expect(press('#item', 'ArrowDown')).toEqual([]);
});

test('Escape goes to who wanted it last, until nobody does', () => {
  const heard: string[] = [];
  const endFirst = takesEscape(() => heard.push('first'));
  const endLast = takesEscape(() => heard.push('last'));
  expect(escaped()).toBe(true);
  endLast();
  expect(escaped()).toBe(true);
  endFirst();
  expect(escaped()).toBe(false);
  expect(heard).toEqual(['last', 'first']);
});

/** What the page hears of a key, and whether the browser may still act on it. */
function typed(on: string, init: KeyboardEventInit): { heard: string[]; left: boolean } {
  document.body.innerHTML = '<button id="plain">Sync now</button><input id="text">';
  const heard: string[] = [];
  const hear = (event: KeyboardEvent) => {
    heard.push(event.key);
    if (event.ctrlKey) event.preventDefault();
  };
  document.addEventListener('keydown', hear);
  const end = readKeysAsLatin();
  const left = document
    .querySelector(on)
    ?.dispatchEvent(new KeyboardEvent('keydown', { ...init, bubbles: true, cancelable: true }));
  end();
  document.removeEventListener('keydown', hear);
  return { heard, left: left === true };
}

test.each([
  ['#plain', { key: 'о', code: 'KeyJ' }, 'j', true],
  ['#plain', { key: 'О', code: 'KeyJ', shiftKey: true }, 'J', true],
  ['#plain', { key: 'л', code: 'KeyK', ctrlKey: true }, 'k', false],
  ['#text', { key: 'л', code: 'KeyK', ctrlKey: true }, 'k', false],
  ['#text', { key: 'о', code: 'KeyJ' }, 'о', true],
  ['#plain', { key: 'j', code: 'KeyJ' }, 'j', true],
  ['#plain', { key: 'q', code: 'KeyA' }, 'q', true],
  ['#plain', { key: 'Enter', code: 'Enter' }, 'Enter', true],
])('in any layout: on %s, %o is heard once, as %s', (on, init, key, left) => {
  expect(typed(on, init)).toEqual({ heard: [key], left });
});
