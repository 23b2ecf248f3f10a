// A long list that is dragged by its bar, over the invented school.

import { fireEvent, screen } from '@testing-library/svelte';
import { expect, test, vi } from 'vitest';

import { open, rows } from '../../dev/opened';

test('while a list is dragged nothing is asked for and drawn, and its rows are there when it stops', async () => {
  const fake = await open('fresh', 5_000);
  const first = (await rows())[0]?.dataset.id;
  const asked = vi.spyOn(fake, 'answer');
  const list = screen.getByRole('grid');
  for (const place of [40_000, 80_000, 120_000, 160_000]) {
    list.scrollTop = place;
    await fireEvent.scroll(list);
    expect(screen.queryAllByTestId('contact-row')).toHaveLength(0);
  }
  expect(asked.mock.calls.filter(([command]) => command === 'contacts')).toHaveLength(0);
  const there = await rows();
  expect(there[0]?.dataset.id).not.toBe(first);
  // Two where what is in sight lies on two pages.
  expect(asked.mock.calls.filter(([command]) => command === 'contacts').length).toBeLessThanOrEqual(2);
});
