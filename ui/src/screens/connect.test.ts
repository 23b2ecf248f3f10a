// Connecting a school: what its key is kept by, and what is said meanwhile; in the window over the invented school.

import { screen, waitFor } from '@testing-library/svelte';
import { expect, test, vi } from 'vitest';

import { keys, open, rows } from '../../dev/opened';
import type { FakeSchool } from '../../dev/school';
import type { Problem } from '../generated/Problem';

async function typed() {
  const fake = await open('first');
  await keys.type(screen.getByTestId('connect-server'), 'https://api.school.example');
  await keys.type(screen.getByTestId('connect-cabinet'), 'c4b1');
  await keys.type(screen.getByTestId('connect-token'), 'good');
  return fake;
}

async function filled() {
  const fake = await typed();
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

const locked: Problem = {
  code: 'keyring',
  message: 'The keyring is locked.',
  hint: 'Unlock the keyring and try again.',
};

/** Has the keyring asked for its password; each answer fails the connection that waits for it, or lets it through. */
function atTheKeyring(fake: FakeSchool): (problem: Problem | null) => void {
  let settle: (problem: Problem | null) => void = () => {};
  const answer = fake.answer.bind(fake);
  fake.answer = async (command, args) => {
    if (command === 'connect_school' && (args.request as { passphrase: string | null }).passphrase === null) {
      const problem = await new Promise<Problem | null>((resolve) => (settle = resolve));
      if (problem) throw problem;
    }
    return answer(command, args);
  };
  return (problem) => settle(problem);
}

const inTheFields = () =>
  ['server', 'cabinet', 'token'].map((one) => screen.getByTestId<HTMLInputElement>(`connect-${one}`).value);

test('while it connects no one party is said to be asked, and after a while where the keyring’s window may be', async () => {
  const settles = atTheKeyring(await typed());
  const button = screen.getByTestId('connect-submit');
  await keys.click(button);
  await waitFor(() => expect(button.textContent.trim()).toBe('Connecting…'));
  expect(screen.getByTestId('keyring-waits').textContent).toBe('');
  await screen.findByText(/Where the keyring asks for its password, its window may stand behind this one/);
  settles(null);
  await rows();
});

test('with a passphrase no keyring is said to be waited for', async () => {
  const asked = await filled();
  await keys.type(first(), 'correct horse');
  await keys.type(again(), 'correct horse');
  const held = new Promise<never>(() => {});
  asked.mockImplementation((command) => (command === 'connect_school' ? held : Promise.resolve(null)));
  await keys.click(screen.getByTestId('connect-submit'));
  await waitFor(() => expect(screen.getByTestId('connect-submit').textContent.trim()).toBe('Connecting…'));
  expect(screen.queryByTestId('keyring-waits')).toBeNull();
});

test('where the keyring fails the person chooses to try again or to take a passphrase, and what was typed stays', async () => {
  const fake = await typed();
  const settles = atTheKeyring(fake);
  const before = inTheFields();
  await keys.keyboard('{Enter}');
  await screen.findByTestId('keyring-waits');
  settles(locked);
  expect((await screen.findByTestId('connect-problem')).textContent).toContain('The keyring is locked.');
  expect(screen.queryByTestId('connect-passphrase')).toBeNull();
  expect(inTheFields()).toEqual(before);

  // The keys stand at the first of the two ways.
  await waitFor(() => expect(document.activeElement).toBe(screen.getByTestId('connect-again')));
  await keys.keyboard('{Enter}');
  await screen.findByTestId('keyring-waits');
  settles(locked);
  await keys.click(await screen.findByRole('button', { name: 'Lock with a passphrase instead' }));
  await waitFor(() => expect(document.activeElement).toBe(first()));
  expect(screen.queryByTestId('connect-problem')).toBeNull();
  expect(inTheFields()).toEqual(before);
  await keys.keyboard('correct horse');
  await keys.type(again(), 'correct horse{Enter}');
  await rows();
});

test('a cabinet that is here already is named before it is connected again', async () => {
  const fake = await open('first');
  fake.known = { title: 'Oak', server: 'https://old.oak.example', same: false };
  await keys.type(screen.getByTestId('connect-server'), 'https://oak.example');
  await keys.type(screen.getByTestId('connect-cabinet'), 'c4b1');
  const said = await screen.findByTestId('connect-known');
  expect(said.textContent).toContain('Oak is connected with this cabinet already, at https://old.oak.example.');

  fake.known = { title: 'Oak', server: 'https://oak.example', same: true };
  await keys.type(screen.getByTestId('connect-cabinet'), '2');
  await screen.findByText('Oak is connected already: the new token takes the place of its old one.');
});
