// Another token for a school whose own was refused, and nothing else asked.

import { screen, waitFor } from '@testing-library/svelte';
import { expect, test } from 'vitest';

import { amiss, keys, open, rows } from '../dev/opened';

/** Opens a school whose token is refused, and the form that its Sync screen leads to. */
async function refused() {
  const fake = await open('refused');
  await rows();
  expect(screen.getByTestId('data-age').textContent).toContain('The server refuses the token · data as of');
  await keys.click(screen.getByTestId('nav-sync'));
  await keys.click(await screen.findByRole('button', { name: 'Enter a new token…' }));
  await screen.findByTestId('renew');
  return fake;
}

test('a refused token is asked for alone, and the person is back where they were with the new one', async () => {
  await refused();
  expect(screen.getByTestId('renew').textContent).toContain('New token for Світло Academy');
  expect(screen.getByTestId('renew-server').textContent).toBe('https://api.school.example');
  expect(screen.getByTestId('renew').querySelectorAll('input')).toHaveLength(1);
  expect(document.activeElement).toBe(screen.getByTestId('renew-token'));

  await keys.keyboard('{Enter}');
  expect((await screen.findByTestId('renew-problem')).textContent).toContain('Enter the token.');
  await keys.keyboard('bad{Enter}');
  await waitFor(() => expect(screen.getByTestId('renew-problem').dataset.code).toBe('token_refused'));
  await keys.keyboard('!');
  expect(screen.queryByTestId('renew-problem')).toBeNull();
  await keys.keyboard('{Enter}');
  await screen.findByTestId('sync-line');
  expect(screen.queryByTestId('renew')).toBeNull();
  expect(screen.getByTestId('data-age').textContent).toContain('Synced');
});

test('Escape and Back leave the old token as it is', async () => {
  const fake = await refused();
  await keys.keyboard('half a tok{Escape}');
  await screen.findByTestId('sync-line');
  await keys.click(screen.getByRole('button', { name: 'Enter a new token…' }));
  expect((await screen.findByTestId<HTMLInputElement>('renew-token')).value).toBe('');
  await keys.click(screen.getByTestId('renew-back'));
  await screen.findByTestId('sync-line');
  expect(fake.state).toBe('refused');
});

test('a school that has moved is one link away, with the address filled in', async () => {
  await refused();
  await keys.click(screen.getByTestId('renew-other'));
  expect((await screen.findByTestId<HTMLInputElement>('connect-server')).value).toBe('https://api.school.example');
  await keys.keyboard('{Escape}');
  await screen.findByTestId('sync-line');
});

test('the settings lead to the same form, where the token can be looked at', async () => {
  await open();
  await rows();
  await keys.click(screen.getByTestId('nav-settings'));
  await keys.click(await screen.findByTestId('new-token'));
  const field = await screen.findByTestId<HTMLInputElement>('renew-token');
  expect(field.type).toBe('password');
  await keys.click(screen.getByRole('button', { name: 'Show the token' }));
  expect(field.type).toBe('text');
  await keys.type(field, 'good{Enter}');
  await screen.findByTestId('settings');
});

test('a screen reader finds nothing amiss in the form for a new token', async () => {
  await refused();
  await keys.keyboard('{Enter}');
  await screen.findByTestId('renew-problem');
  expect(await amiss()).toEqual([]);
});
