// What is kept here and what is erased, in the window over the invented school.

import { screen, waitFor, within } from '@testing-library/svelte';
import { expect, test, vi } from 'vitest';

import { keys, open, openCard, rows } from '../../../dev/opened';

test('how long is kept what the server has dropped is a setting in force at once', async () => {
  const fake = await open();
  await rows();
  await keys.click(screen.getByTestId('nav-settings'));
  const months = await screen.findByTestId<HTMLSelectElement>('kept-months');
  expect(months.value).toBe('12');
  await keys.selectOptions(months, '24');
  await waitFor(() => expect(fake.devices.months).toBe(24));
});

test('what is kept of a school stands among what concerns the school', async () => {
  await open();
  await rows();
  await keys.click(screen.getByTestId('nav-settings'));
  const months = await screen.findByTestId('kept-months');
  const heads = screen.getAllByRole('heading', { level: 2 });
  const before = heads.filter((head) => head.compareDocumentPosition(months) & Node.DOCUMENT_POSITION_FOLLOWING);
  expect(before.at(-1)?.id).toBe('settings-school');
});

test('a student is erased here only after a question that says what goes', async () => {
  const fake = await open();
  await openCard(7);
  await keys.click(screen.getByTestId('erase-contact'));
  const dialog = screen.getByTestId('erase-contact-dialog');
  expect(dialog.textContent).toContain('The school’s server is told nothing');
  expect(fake.devices.erased).toEqual([]);
  // One Enter erases nobody.
  await keys.keyboard('{Enter}');
  expect(fake.devices.erased).toEqual([]);
  await keys.keyboard('c');
  await waitFor(() => expect(screen.getByTestId<HTMLDialogElement>('exception-dialog').open).toBe(true));
  await keys.keyboard('{Enter}');
  await waitFor(() => expect(fake.outbox.entries).toHaveLength(1));
  await keys.click(screen.getByTestId('erase-contact'));
  await keys.click(within(dialog).getByTestId('confirm'));
  await waitFor(() => expect(fake.devices.erased).toEqual([7]));
  await rows();
  // What is gone is said, and that it cannot come back is seen.
  const toast = await screen.findByTestId('toast');
  expect(toast.textContent).toMatch(/^Erased on this computer: .*, 12 entries in all/);
  expect(within(toast).queryByTestId('undo')).toBeNull();
  // Nothing is decided about a student that was erased, be it the opposite of what was.
  const asked = vi.spyOn(fake, 'answer');
  await keys.keyboard('{Control>}z{/Control}');
  await screen.findByText('Nothing to undo.');
  expect(asked.mock.calls.map(([command]) => command)).not.toContain('decide');
});
