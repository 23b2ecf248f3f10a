// What keys decide in the list of contacts.

import { screen, waitFor, within } from '@testing-library/svelte';
import { expect, test } from 'vitest';

import { keys, open, rows, selected } from '../../dev/opened';
import { contacts } from '../state/contacts.svelte';

async function openList() {
  const fake = await open();
  await rows();
  await keys.keyboard('jj');
  await waitFor(() => expect(selected()).not.toBeNull());
  return fake;
}

test('C asks why the checks of the selected contact go off, and switches them on again', async () => {
  await openList();
  const row = () => within(selected()!);
  row().getByText('on');
  await keys.keyboard('c');
  const dialog = within(await screen.findByTestId('exception-dialog'));
  await keys.click(dialog.getByTestId('confirm'));
  await waitFor(() => row().getByText('off'));
  await keys.keyboard('c');
  await waitFor(() => row().getByText('on'));
});

test('N asks for the verdict on the selected contact', async () => {
  const fake = await openList();
  await keys.keyboard('n');
  const dialog = within(await screen.findByTestId('verdict-dialog'));
  await keys.click(dialog.getByTestId('confirm'));
  await waitFor(() => expect([...fake.review.verdicts.keys()]).toEqual([contacts.selected]));
});

test('where no contact is selected, and in a field, the letters decide nothing', async () => {
  await open();
  await rows();
  contacts.selected = null;
  await keys.keyboard('cn');
  await keys.keyboard('/cn');
  expect(screen.getByTestId<HTMLInputElement>('contact-search').value).toBe('cn');
  expect(document.querySelector('dialog[open]')).toBeNull();
});
