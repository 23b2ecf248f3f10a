// The search in the header: what is typed belongs to the contacts.

import { screen, waitFor } from '@testing-library/svelte';
import { expect, test } from 'vitest';

import { keys, open, rows } from '../dev/opened';
import { nav } from './state/nav.svelte';

const field = () => screen.getByTestId<HTMLInputElement>('contact-search');

async function searched() {
  await open();
  await rows();
  await keys.keyboard('/');
  await keys.keyboard('student7');
  await waitFor(() => expect(screen.getAllByTestId('contact-row').length).toBeLessThan(15));
  return screen.getAllByTestId('contact-row').length;
}

test.each(['violations', 'logins', 'settings'])(
  'on another screen the search is empty, and back at the contacts it says again what narrows them: %s',
  async (other) => {
    const found = await searched();
    await keys.click(screen.getByTestId(`nav-${other}`));
    await waitFor(() => expect(field().value).toBe(''));
    expect(screen.queryByRole('button', { name: 'Clear the search' })).toBeNull();
    await keys.click(screen.getByTestId('nav-contacts'));
    expect(await rows()).toHaveLength(found);
    expect(field().value).toBe('student7');
    await keys.click(field());
    await keys.keyboard('{Escape}');
    await waitFor(() => expect(screen.getAllByTestId('contact-row').length).toBeGreaterThan(found));
    expect(field().value).toBe('');
  },
);

test('on a card, too, the search is empty; what is typed there is looked for among all contacts', async () => {
  await searched();
  await keys.keyboard('{Enter}');
  await keys.keyboard('{Enter}');
  await screen.findAllByTestId('session-row');
  expect(field().value).toBe('');
  await keys.keyboard('/');
  await keys.keyboard('student9@');
  await waitFor(() => expect(screen.getAllByTestId('contact-row')).toHaveLength(1));
  expect(field().value).toBe('student9@');
});

test('Escape leaves an empty search for the list on the screen, and changes neither', async () => {
  await searched();
  await keys.click(screen.getByTestId('nav-logins'));
  await screen.findAllByTestId('login-row');
  await keys.click(field());
  await keys.keyboard('{Escape}');
  expect(document.activeElement).toBe(screen.getByRole('grid'));
  expect(nav.here.screen).toBe('logins');
  await keys.click(screen.getByTestId('nav-contacts'));
  await rows();
  expect(field().value).toBe('student7');
});
