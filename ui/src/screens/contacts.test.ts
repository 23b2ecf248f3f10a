// The list of contacts in the smallest window, over the invented school: nothing is laid out, so there is as little room.

import { screen, within } from '@testing-library/svelte';
import { expect, test } from 'vitest';

import { keys, open, rows } from '../../dev/opened';

test('where there is little room the way to the login log stands under the time, and names have the room beside it', async () => {
  await open();
  await rows();
  await keys.click(screen.getByRole('button', { name: 'Violations not viewed' }));
  const link = (await screen.findAllByRole('button', { name: /^login log: / }))[0] as HTMLElement;
  const cell = link.closest<HTMLElement>('[role=gridcell]') as HTMLElement;
  const time = within(cell).getByText(/ago/);
  expect(link.parentElement?.previousElementSibling?.contains(time)).toBe(true);
  const columns = screen
    .getByRole('grid')
    .style.getPropertyValue('--columns')
    .split(/ (?![^(]*\))/);
  expect(parseInt(columns[2] ?? '')).toBeLessThan(170);
  expect(columns[0]).toMatch(/^minmax\(.*fr\)$/);
});
