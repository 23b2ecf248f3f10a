import { afterEach, expect, test } from 'vitest';

import { escaped, forwardToGrid, takesEscape } from './keys';

afterEach(() => {
  document.body.replaceChildren();
});

function press(on: string, key: string): string[] {
  document.body.innerHTML = `
    <button id="plain">Sync now</button>
    <input id="text">
    <div role="menu"><button id="item">A school</button></div>
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
