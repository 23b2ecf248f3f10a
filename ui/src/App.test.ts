// The whole window over an invented school that answers the same commands as the program.

import { screen, waitFor, within } from '@testing-library/svelte';
import axe from 'axe-core';
import { expect, test } from 'vitest';

import { keys, open, rows, selected } from '../dev/opened';
import { contacts } from './state/contacts.svelte';

const idOf = (row: HTMLElement | null | undefined) => row?.dataset.id;

test('the contacts are painted, and who waits for that can see it', async () => {
  await open();
  const first = (await rows())[0];
  expect(first?.textContent).toContain('Katarzyna Moreau');
  await waitFor(() => expect(document.documentElement.dataset.painted).toBe('contacts'));
  expect(screen.getByTestId('data-age').textContent).toContain('Synced 2 min ago');
});

test('of a hundred thousand contacts only those in sight stand in the document', async () => {
  await open('fresh', 100_000);
  expect((await rows()).length).toBeLessThan(60);
  expect(screen.getByRole('grid').getAttribute('aria-rowcount')).toBe('100001');
});

test('a card is opened, read and left by the keyboard alone', async () => {
  await open();
  await rows();
  await keys.keyboard('j');
  await keys.keyboard('{ArrowDown}');
  const contact = idOf(selected());
  expect(contact).toBe('7');
  await keys.keyboard('{Enter}');
  await screen.findAllByTestId('session-row');
  await keys.keyboard('2');
  await screen.findAllByTestId('device-row');
  await keys.keyboard('3');
  await screen.findAllByTestId('restriction-row');
  expect(screen.getByTestId('tab-restrictions').getAttribute('aria-selected')).toBe('true');
  await keys.keyboard('{Escape}');
  await rows();
  expect(idOf(selected())).toBe(contact);
});

test('J and K move the selection and stop at the ends', async () => {
  await open('fresh', 3);
  await rows();
  await keys.keyboard('jjjjj');
  const last = idOf(selected());
  expect(last).toBe(idOf((await rows())[2]));
  await keys.keyboard('kkkkk');
  expect(idOf(selected())).toBe(idOf((await rows())[0]));
});

test('the search is reached by a key, narrows the list as one types, and Escape clears it', async () => {
  await open();
  await rows();
  await keys.keyboard('/');
  const field = screen.getByTestId<HTMLInputElement>('contact-search');
  expect(document.activeElement).toBe(field);
  await keys.keyboard('student7@');
  await waitFor(() => expect(screen.getAllByTestId('contact-row')).toHaveLength(1));
  expect(screen.getByText('1 of 300 · 7 violations not viewed')).toBeDefined();
  await keys.keyboard('{Escape}');
  await waitFor(() => expect(screen.getAllByTestId('contact-row').length).toBeGreaterThan(5));
  expect(field.value).toBe('');
});

test('nobody found is said in words, with the way back to all', async () => {
  await open();
  await rows();
  await keys.type(screen.getByTestId('contact-search'), 'nobody-at-all');
  await screen.findByText('Nobody matches.');
  await keys.click(screen.getByRole('button', { name: 'Show all contacts' }));
  await rows();
});

test('a column header sorts, and says so to a screen reader', async () => {
  await open();
  await rows();
  await keys.click(screen.getByRole('button', { name: 'Name' }));
  const header = () => screen.getByRole('columnheader', { name: /Name/ });
  await waitFor(() => expect(header().getAttribute('aria-sort')).toBe('ascending'));
  await keys.click(screen.getByRole('button', { name: 'Name' }));
  await waitFor(() => expect(header().getAttribute('aria-sort')).toBe('descending'));
});

test('a filter narrows the list and is a pressed button meanwhile', async () => {
  await open();
  await rows();
  const chip = screen.getByRole('button', { name: 'Checks off' });
  await keys.click(chip);
  await waitFor(() => expect(chip.getAttribute('aria-pressed')).toBe('true'));
  await waitFor(() => {
    const shown = screen.getAllByTestId('contact-row');
    expect(shown.every((row) => within(row).queryByText('off') !== null)).toBe(true);
  });
});

test('text that looks like markup is shown as text', async () => {
  await open('hostile');
  const shown = (await rows()).map((row) => row.textContent).join('\n');
  expect(shown).toContain('<img src=x onerror="document.title=1"><script>alert(1)</script>');
  expect(document.querySelector('img, script[src]')).toBeNull();
  expect(document.title).not.toBe('1');
  const arabic = screen.getAllByText('مريم الحسن')[0];
  expect(arabic?.tagName).toBe('BDI');
});

test('news keep the selection on the same person wherever the row moves', async () => {
  const fake = await open('fresh', 50);
  await rows();
  await keys.keyboard('jj');
  const person = idOf(selected());
  fake.touch(40);
  await waitFor(async () => expect(idOf((await rows())[0])).toBe('40'));
  expect(idOf(selected())).toBe(person);
});

test('a link leads from a restriction to its login and from there to its device, and back again', async () => {
  await open();
  await rows();
  await keys.keyboard('jl');
  const restriction = (await screen.findAllByTestId('restriction-row'))[0];
  const link = within(restriction as HTMLElement).getByRole('button', { name: /^Login #/ });
  const login = link.textContent;
  await keys.click(link);
  await waitFor(() => expect(selected()?.dataset.testid).toBe('session-row'));
  expect(login).toBe(`Login #${idOf(selected())}`);
  const device = within(selected() as HTMLElement).getByRole('button', { name: /^Device #/ });
  const name = device.textContent;
  await keys.click(device);
  await waitFor(() => expect(selected()?.dataset.testid).toBe('device-row'));
  expect(`#${idOf(selected())}`).toBe(name);
  await keys.keyboard('{Escape}');
  await screen.findAllByTestId('session-row');
});

test('offline is a sentence with the age of the data', async () => {
  await open('offline');
  const age = await screen.findByTestId('data-age');
  expect(age.textContent).toMatch(/Offline · data as of (yesterday )?\d\d:\d\d/);
  await rows();
});

test('a server without a login log shows contacts and says why the rest is empty', async () => {
  await open('contacts-only');
  await rows();
  expect(screen.getByTestId('data-age').textContent).toContain('This server has no login log: contacts only');
  expect(screen.queryByRole('columnheader', { name: 'Devices' })).toBeNull();
  await keys.keyboard('j{Enter}');
  await screen.findByText(/This server has no login log\. Logins, devices and restrictions stay empty/);
  expect(screen.queryByTestId('tab-history')).toBeNull();
});

test('where there is no room for both, the tags stand under the e-mail address instead of taking its letters', async () => {
  await open();
  const shown = await rows();
  expect(screen.queryByRole('columnheader', { name: 'Tags' })).toBeNull();
  const tagged = shown.map((_, at) => contacts.list.row(at)).find((contact) => contact && contact.tags.length > 0);
  const row = shown.find((one) => idOf(one) === String(tagged?.id)) as HTMLElement;
  const cell = within(row)
    .getByText(tagged?.email ?? '')
    .closest('[role=gridcell]');
  expect(cell?.textContent).toContain(tagged?.tags[0]?.name);
});

test('rows that cannot be read are a sentence with a way to try again', async () => {
  await open('error');
  const problem = await screen.findByTestId('problem');
  expect(problem.textContent).toContain('The data of this school is damaged');
  expect(within(problem).getByRole('button', { name: 'Try again' })).toBeDefined();
});

test('the first start connects a school, and each failure says what to do', async () => {
  await open('first');
  screen.getByTestId('first-start');
  await keys.click(screen.getByTestId('connect-submit'));
  expect((await screen.findByTestId('connect-problem')).textContent).toContain('Fill in the server address');
  expect(document.activeElement).toBe(screen.getByTestId('connect-server'));
  await keys.type(screen.getByTestId('connect-server'), 'https://api.school.example');
  await screen.findByText('Requests go to https://api.school.example');
  await keys.type(screen.getByTestId('connect-cabinet'), 'c4b1');
  await keys.type(screen.getByTestId('connect-token'), 'bad');
  await keys.keyboard('{Enter}');
  const refused = await screen.findByTestId('connect-problem');
  expect(refused.dataset.code).toBe('token_refused');
  expect(refused.textContent).toContain('Copy the token and the cabinet hash anew');
  await keys.type(screen.getByTestId('connect-token'), '!');
  expect(screen.queryByTestId('connect-problem')).toBeNull();
  await keys.keyboard('{Enter}');
  await rows();
});

test('an address that cannot be reached is told once, under its field, where the keys go on', async () => {
  await open('first');
  await keys.type(screen.getByTestId('connect-server'), 'https://bad.example');
  await screen.findByText(/does not answer/);
  await keys.type(screen.getByTestId('connect-cabinet'), 'c4b1');
  await keys.type(screen.getByTestId('connect-token'), 'good{Enter}');
  await waitFor(() => expect(document.activeElement).toBe(screen.getByTestId('connect-server')));
  expect(screen.getAllByText(/does not answer/)).toHaveLength(1);
});

test('a token that is for something else is told of, beside the letter that may be wrong', async () => {
  await open('first');
  await keys.type(screen.getByTestId('connect-server'), 'https://api.school.example');
  await keys.type(screen.getByTestId('connect-cabinet'), 'c4b1');
  await keys.type(screen.getByTestId('connect-token'), 'bad{Enter}');
  const refused = await screen.findByTestId('connect-problem');
  expect(refused.textContent).toContain('one wrong letter');
  expect(refused.textContent).toContain('must be the one for the School server API');
});

test('at the first start the keys begin in the first field', async () => {
  await open('first');
  await keys.keyboard('https://');
  expect(screen.getByTestId<HTMLInputElement>('connect-server').value).toBe('https://');
});

test('whoever comes to connect another school begins in its first field', async () => {
  await open();
  await rows();
  await keys.click(screen.getByTestId('school-menu'));
  await keys.click(await screen.findByTestId('menu-connect'));
  await screen.findByTestId('first-start');
  await waitFor(() => expect(document.activeElement).toBe(screen.getByTestId('connect-server')));
});

test('what the first start lacks is where the keys go on', async () => {
  await open('first');
  await keys.type(screen.getByTestId('connect-server'), 'https://api.school.example');
  await keys.type(screen.getByTestId('connect-token'), 'good{Enter}');
  await screen.findByTestId('connect-problem');
  expect(document.activeElement).toBe(screen.getByTestId('connect-cabinet'));
  await keys.keyboard('c4b1');
  await keys.click(screen.getByRole('checkbox', { name: 'Use a passphrase instead of the keyring' }));
  await keys.type(screen.getByTestId('connect-passphrase'), 'short');
  await keys.click(screen.getByTestId('connect-submit'));
  expect((await screen.findByTestId('connect-problem')).textContent).toContain('too short');
  expect(document.activeElement).toBe(screen.getByTestId('connect-passphrase'));
});

test('the demo school is one click away', async () => {
  await open('first');
  await keys.click(screen.getByTestId('open-demo'));
  await rows();
});

test('a school under a passphrase opens with the right one', async () => {
  await open('locked');
  await keys.type(screen.getByTestId('unlock-passphrase'), 'wrong{Enter}');
  expect((await screen.findByTestId('problem')).dataset.code).toBe('wrong_passphrase');
  await keys.type(screen.getByTestId('unlock-passphrase'), 'right{Enter}');
  await rows();
});

test('of several schools the one that was open last is asked about', async () => {
  await open('locked');
  expect(screen.getByTestId('unlock').textContent).toContain('Unlock svitlo');
});

test('a locked keyring is explained, and the school opens once it is unlocked', async () => {
  await open('keyring');
  expect(screen.getByTestId('problem').textContent).toContain('Unlock the keyring');
  await keys.click(screen.getByRole('button', { name: 'Try again' }));
  await rows();
});

test('only screens that work are offered', async () => {
  await open();
  const nav = screen.getByRole('navigation');
  expect(
    within(nav)
      .getAllByRole('button')
      .map((item) => item.querySelector('span')?.textContent),
  ).toEqual(['Violations', 'Contacts', 'Logins', 'Devices', 'Insights', 'School', 'Sync', 'Settings']);
});

test('the sync screen says what could not be read', async () => {
  await open('offline');
  await rows();
  await keys.click(screen.getByTestId('nav-sync'));
  expect((await screen.findByTestId('problem')).textContent).toContain('does not answer');
  await keys.keyboard('3');
  await screen.findAllByTestId('unreadable-row');
  expect(screen.getAllByText(/^2 entries of the server could not be read/)).not.toHaveLength(0);
});

test.each([
  ['fresh', '', 'contact-row'],
  ['fresh', 'j{Enter}', 'session-row'],
  ['fresh', 'j{Enter}2', 'device-row'],
  ['fresh', 'jl', 'restriction-row'],
  ['first', '', 'first-start'],
  ['locked', '', 'unlock'],
  ['error', '', 'problem'],
  ['empty', '', 'data-age'],
  ['contacts-only', '', 'contact-row'],
])('a screen reader finds nothing amiss: %s, after %s', async (state, pressed, landmark) => {
  await open(state);
  if (pressed) {
    await rows();
    await keys.keyboard(pressed);
  }
  await screen.findAllByTestId(landmark);
  if (pressed) {
    await keys.keyboard('j');
    await screen.findByTestId('detail');
  }
  await waitFor(() => expect(document.querySelector('[aria-busy=true]')).toBeNull());
  const { violations } = await axe.run(document.body, { rules: { 'color-contrast': { enabled: false } } });
  expect(violations.map((found) => `${found.id}: ${found.nodes.map((node) => node.html).join('\n')}`)).toEqual([]);
});

test('the keys are listed on ?, and leaving them leads back to where one was', async () => {
  await open();
  await rows();
  await keys.keyboard('j');
  const before = document.activeElement;
  await keys.keyboard('?');
  const dialog = screen.getByTestId<HTMLDialogElement>('keys-dialog');
  expect(dialog.open).toBe(true);
  expect(within(dialog).getByRole('heading', { level: 2 }).textContent).toBe('Keys');
  await keys.click(within(dialog).getByTestId('cancel'));
  expect(dialog.open).toBe(false);
  expect(document.activeElement).toBe(before);
});

test('a window that was only opened draws no ring; the first key shows where the keys go', async () => {
  await open();
  await rows();
  expect(document.documentElement.dataset.keyed).toBeUndefined();
  await keys.keyboard('{Shift}');
  expect(document.documentElement.dataset.keyed).toBe('');
});
