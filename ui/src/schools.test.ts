// Several schools, locking, passphrases and leaving.

import { screen, waitFor, within } from '@testing-library/svelte';
import axe from 'axe-core';
import { beforeEach, expect, test, vi } from 'vitest';

import { keys, open, rows } from '../dev/opened';
import { broken } from '../dev/problems';
import { bridge } from './bridge';
import { school } from './state/school.svelte';

// Where the last one was locked is no place of the next.
beforeEach(() => sessionStorage.clear());

test('Ctrl and a number shows another school, and nothing of the last one stays', async () => {
  await open('several');
  await rows();
  await keys.keyboard('{Control>}1{/Control}');
  await waitFor(() => expect(school.shown).toBe('akademia'));
  await rows();
  expect(document.querySelector('.opener')?.textContent).toContain('Akademia');
});

test('a school that does not open is named with the reason, and the one before stays as it was', async () => {
  const fake = await open('several');
  await rows();
  await keys.click(screen.getByTestId('nav-violations'));
  await screen.findAllByTestId('violation-row');
  fake.failing.add('open_school');
  await keys.keyboard('{Control>}1{/Control}');
  const toast = await screen.findByTestId('toast');
  expect(toast.textContent?.replace(/[\u2068\u2069]/g, '')).toContain(
    'Akademia could not be opened. Світло Academy is still shown.',
  );
  expect(toast.textContent).toContain(broken.message);
  expect(toast.textContent).toContain(broken.hint);
  // Nothing was synced, and nobody has left the violations.
  expect(screen.getByTestId('data-age').textContent).toMatch(/^Synced/);
  await screen.findByTestId('violations-total');
  await keys.click(within(toast).getByRole('button', { name: 'Close' }));
});

test('a school that does not open from the screen of a locked one is told there, too', async () => {
  const fake = await open('locked');
  fake.failing.add('open_school');
  await keys.click(await screen.findByRole('button', { name: 'akademia' }));
  const toast = await screen.findByTestId('toast');
  expect(toast.textContent).toContain('The school cannot be opened');
  expect(toast.textContent).toContain(broken.message);
  screen.getByTestId('unlock');
});

test('every question is about the school on the screen, whichever the tray has shown meanwhile', async () => {
  const fake = await open('several');
  await rows();
  const asked = vi.spyOn(fake, 'answer');
  await fake.answer('open_school', { id: 'akademia' });
  await bridge.contact(1);
  expect(asked).toHaveBeenCalledWith('contact', { school: 'svitlo', id: 1 });
  await school.look();
  await bridge.status();
  expect(asked).toHaveBeenCalledWith('status', { school: 'akademia' });
});

test('the menu names every school with what nobody has viewed', async () => {
  await open('several');
  await rows();
  await keys.click(document.querySelector<HTMLElement>('.opener')!);
  const lines = screen.getAllByTestId('menu-school');
  expect(lines.map((line) => line.querySelector('.badge')?.textContent)).toEqual(['3', '7']);
  screen.getByRole('menuitem', { name: 'Akademia 3 violations not viewed Ctrl 1' });
  screen.getByRole('menuitem', { name: 'Світло Academy 7 violations not viewed Ctrl 2' });
  expect(lines[1]?.getAttribute('aria-current')).toBe('true');
});

test('locking leaves nothing in the window, and unlocking brings it back', async () => {
  const again = vi.spyOn(school, 'beginAnew').mockImplementation(() => void school.look());
  await open();
  await rows();
  await keys.keyboard('{Control>}l{/Control}');
  const form = await screen.findByTestId('unlock');
  expect(again).toHaveBeenCalled();
  expect(form.textContent).toContain('svitlo is locked');
  expect(document.body.textContent).not.toContain('Katarzyna');
  await keys.click(screen.getByTestId('unlock-open'));
  await rows();
});

test('a school with a recovery passphrase asks for it once it is locked', async () => {
  vi.spyOn(school, 'beginAnew').mockImplementation(() => void school.look());
  const fake = await open();
  fake.recovery = true;
  await rows();
  await keys.keyboard('{Control>}l{/Control}');
  const field = await screen.findByTestId('unlock-passphrase');
  expect((await axe.run(document.body, { rules: { 'color-contrast': { enabled: false } } })).violations).toEqual([]);
  await keys.type(field, 'wrong{Enter}');
  await screen.findByText('The passphrase is wrong.');
  await keys.type(screen.getByTestId('unlock-passphrase'), 'right one{Enter}');
  await rows();
});

test('a recovery passphrase is typed twice, and is long enough', async () => {
  const fake = await open();
  await rows();
  await keys.click(screen.getByTestId('nav-settings'));
  await keys.click(await screen.findByTestId('passphrase'));
  const dialog = within(screen.getByTestId('passphrase-dialog'));
  const confirm = dialog.getByTestId<HTMLButtonElement>('confirm');
  await keys.type(dialog.getByTestId('passphrase-wanted'), 'short');
  expect(dialog.getByText('At least 8 characters.')).toBeDefined();
  await keys.type(dialog.getByTestId('passphrase-wanted'), ' no more');
  await keys.type(dialog.getByTestId('passphrase-again'), 'short no');
  expect(dialog.getByText('The two passphrases differ.')).toBeDefined();
  expect(confirm.disabled).toBe(true);
  await keys.type(dialog.getByTestId('passphrase-again'), ' more');
  await keys.click(confirm);
  await screen.findByTestId('recovery-remove');
  expect(fake.recovery).toBe(true);
});

test('erasing says what is lost with it, and can be left', async () => {
  await open('many');
  await rows();
  await keys.click(screen.getByTestId('nav-settings'));
  await keys.click(await screen.findByTestId('erase'));
  const dialog = within(screen.getByTestId('erase-dialog'));
  expect(dialog.getByText(/10,000 decisions were not confirmed/)).toBeDefined();
  await keys.click(dialog.getByRole('button', { name: /Keep/ }));
  expect(school.status).not.toBeNull();
  await keys.click(screen.getByTestId('erase'));
  await keys.click(within(screen.getByTestId('erase-dialog')).getByTestId('confirm'));
  await screen.findByTestId('first-start');
});

test('what the person does keeps it from locking, said now and then', async () => {
  const fake = await open();
  await rows();
  const said = vi.spyOn(fake, 'answer');
  await keys.keyboard('jjj');
  expect(said.mock.calls.filter(([command]) => command === 'in_use').length).toBeLessThanOrEqual(1);
});

test('Ctrl L locks from within a dialog, a field and the form of another token', async () => {
  const again = vi.spyOn(school, 'beginAnew').mockImplementation(() => void school.look());
  again.mockClear();
  await open();
  await rows();
  await keys.click(screen.getByTestId('nav-settings'));
  await keys.click(await screen.findByTestId('passphrase'));
  screen.getByTestId('passphrase-wanted').focus();
  await keys.keyboard('{Control>}l{/Control}');
  await keys.click(await screen.findByTestId('unlock-open'));
  // It is the settings once more.
  const renews = await screen.findByTestId('new-token');
  expect(again).toHaveBeenCalledTimes(1);

  await keys.click(renews);
  (await screen.findByTestId('renew-token')).focus();
  await keys.keyboard('{Control>}l{/Control}');
  await waitFor(() => expect(again).toHaveBeenCalledTimes(2));
});

test('signing out counts what is unsent and asks, and can be left', async () => {
  const fake = await open('many');
  await rows();
  await keys.click(screen.getByTestId('nav-settings'));
  await keys.click(await screen.findByTestId('sign-out'));
  const dialog = within(screen.getByTestId('sign-out-dialog'));
  expect(dialog.getByText(/10,000 decisions were not confirmed by the server. They are kept/)).toBeDefined();
  await keys.click(dialog.getByTestId('cancel'));
  expect(fake.state).toBe('many');

  await keys.click(screen.getByTestId('sign-out'));
  await keys.click(dialog.getByTestId('confirm'));
  await screen.findByText('The token is forgotten. Enter a new one to go on.');
  expect(fake.state).toBe('refused');
});

test('what the keyring has kept of a school that was erased is said over the next screen', async () => {
  const fake = await open();
  fake.kept = { code: 'keyring', message: 'The keyring has kept the token.', hint: 'Remove it there.' };
  await rows();
  await keys.click(screen.getByTestId('nav-settings'));
  await keys.click(await screen.findByTestId('erase'));
  await keys.click(within(screen.getByTestId('erase-dialog')).getByTestId('confirm'));
  await screen.findByTestId('first-start');
  expect((await screen.findByTestId('toast')).textContent).toContain('The keyring has kept the token.');
});

test('what is said while the program answers stands, and not the older answer', async () => {
  const fake = await open();
  await rows();
  const answer = fake.answer.bind(fake);
  let letGo: (() => void) | null = null;
  fake.answer = (command, args) => {
    if (command !== 'overview') return answer(command, args);
    const older = answer(command, args);
    return new Promise((done) => (letGo = () => done(older)));
  };
  fake.tell('switched', null);
  await waitFor(() => expect(letGo).not.toBeNull());
  const problem = { code: 'token_refused', message: 'It refuses the token.', hint: 'Enter a new one.' };
  const now = new Date().toISOString();
  fake.tell('sync', { phase: { phase: 'idle' }, problem, next_at: now, failing_since: now });
  const age = () => screen.getByTestId('data-age').textContent;
  await waitFor(() => expect(age()).toMatch(/refuses/));
  letGo!();
  // The answer has come when the program is asked again.
  await new Promise((done) => setTimeout(done, 50));
  expect(age()).toMatch(/refuses/);
});
