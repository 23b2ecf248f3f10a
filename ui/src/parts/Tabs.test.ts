// The parts of a screen by keyboard.

import { render, screen } from '@testing-library/svelte';
import { userEvent } from '@testing-library/user-event';
import { expect, test } from 'vitest';

import Tabs from './Tabs.svelte';

test('arrows go round the tabs, Home and End to the first and the last, and the focus stays among them', async () => {
  const keys = userEvent.setup();
  const turned: string[] = [];
  const tabs = ['one', 'two', 'three'].map((tab) => ({ tab, label: tab, count: null, mark: 0, markTitle: '' }));
  const shown = render(Tabs, { tabs, here: 'one', label: 'Parts', onturn: (tab: string) => turn(tab) });
  function turn(tab: string) {
    turned.push(tab);
    void shown.rerender({ here: tab });
  }
  screen.getByRole('tab', { name: 'one' }).focus();
  for (const key of ['ArrowLeft', 'ArrowRight', 'End', 'Home', 'ArrowRight']) {
    await keys.keyboard(`{${key}}`);
    expect(document.activeElement).toBe(screen.getByRole('tab', { name: turned.at(-1) ?? '' }));
  }
  expect(turned).toEqual(['three', 'one', 'three', 'one', 'two']);
});
