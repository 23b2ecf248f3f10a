// What the list of contacts does with its room, over the invented school.

import { screen, within } from '@testing-library/svelte';
import { afterEach, expect, test, vi } from 'vitest';

import { keys, open, rows } from '../../dev/opened';

afterEach(() => vi.restoreAllMocks());

/** Opens the contacts that have unviewed violations in a list of so many pixels; gives the first way to a log. */
async function wayToLog(width: number) {
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(width);
  await open();
  await rows();
  await keys.click(screen.getByRole('button', { name: 'Violations not viewed' }));
  const link = (await screen.findAllByRole('button', { name: /^login log: / }))[0] as HTMLElement;
  const time = within(link.closest<HTMLElement>('[role=gridcell]') as HTMLElement).getByText(/ago/);
  const under = link.parentElement?.previousElementSibling?.contains(time) ?? false;
  const columns = screen
    .getByRole('grid')
    .style.getPropertyValue('--columns')
    .split(/ (?![^(]*\))/);
  return { under, columns };
}

// As wide as it is in a window of 1024 pixels, and in one of 1280.
test.each([810, 1066])(
  'in a list of %i pixels the way to the login log stands under the time, and names have the room beside it',
  async (width) => {
    const { under, columns } = await wayToLog(width);
    expect(under).toBe(true);
    expect(columns[0]).toMatch(/^minmax\(.*fr\)$/);
    expect(parseInt(columns.find((column) => column.endsWith('px')) ?? '')).toBeLessThan(170);
  },
);

test('where there is room enough the way to the login log stands beside the time', async () => {
  expect((await wayToLog(1400)).under).toBe(false);
});
