// The passphrase that a school is connected with, in the window over the invented school.

import { screen, waitFor } from '@testing-library/svelte';
import { expect, test, vi } from 'vitest';

import { keys, open } from '../../dev/opened';

async function filled() {
  const fake = await open('first');
  await keys.type(screen.getByTestId('connect-server'), 'https://api.school.example');
  await keys.type(screen.getByTestId('connect-cabinet'), 'c4b1');
  await keys.type(screen.getByTestId('connect-token'), 'good');
  await keys.click(screen.getByRole('checkbox', { name: 'Use a passphrase instead of the keyring' }));
  return vi.spyOn(fake, 'answer');
}

const first = () => screen.getByTestId<HTMLInputElement>('connect-passphrase');
const again = () => screen.getByTestId<HTMLInputElement>('passphrase-again');
const connects = (asked: Awaited<ReturnType<typeof filled>>) =>
  asked.mock.calls.filter(([command]) => command === 'connect_school');

test('two passphrases that differ are told of at the field, and nothing is sent until they are the same', async () => {
  const asked = await filled();
  await keys.type(first(), 'correct horse{Enter}');
  await screen.findByText('The two passphrases differ.');
  expect(document.activeElement).toBe(again());
  expect(again().getAttribute('aria-invalid')).toBe('true');
  await keys.type(again(), 'correct house{Enter}');
  expect(screen.getByText('The two passphrases differ.')).toBeDefined();
  expect(connects(asked)).toEqual([]);
  await keys.clear(again());
  await keys.type(again(), 'correct horse');
  expect(screen.queryByText('The two passphrases differ.')).toBeNull();
  await keys.keyboard('{Enter}');
  await waitFor(() => expect(connects(asked)).toHaveLength(1));
  expect(JSON.stringify(connects(asked)[0])).toContain('correct horse');
});

test('what was typed as a passphrase is seen where the person wants that, in both fields', async () => {
  await filled();
  expect([first().type, again().type]).toEqual(['password', 'password']);
  await keys.click(screen.getByRole('button', { name: 'Show the passphrase' }));
  expect([first().type, again().type]).toEqual(['text', 'text']);
  await keys.click(screen.getByRole('button', { name: 'Hide the passphrase' }));
  expect([first().type, again().type]).toEqual(['password', 'password']);
});
