// Deciding in the whole window: what is asked, what is shown, and the way back.

import { screen, waitFor, within } from '@testing-library/svelte';
import axe from 'axe-core';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { keys, open, openCard, rows, selected } from '../dev/opened';
import type { FakeSchool } from '../dev/school';
import { decisions } from './state/decisions.svelte';

// What is said stays until something else is: a busy machine may come to look at it, or to its button, after seconds.
beforeEach(() => void vi.spyOn(decisions, 'dismiss').mockImplementation(() => {}));
afterEach(() => vi.restoreAllMocks());

const toast = async (part: string | RegExp) =>
  waitFor(() => {
    const text = screen.getByTestId('toast').textContent ?? '';
    expect(text.replace(/[\u2068\u2069]/g, '')).toMatch(part);
  });

const standing = (row: HTMLElement | null | undefined) =>
  row?.querySelector<HTMLElement>('[data-testid=standing]')?.dataset.standing;

/** The Devices tab of a contact that has several, the first row selected. */
async function atDevices(state = 'fresh') {
  const fake = await open(state);
  await openCard(17);
  await keys.keyboard('2');
  await screen.findAllByTestId('device-row');
  await keys.keyboard('j');
  return fake;
}

const confirmed = () => opened('block-dialog');

/** Blocks the selected device, which locks its student out: the keys begin at *Cancel*. */
async function blocked() {
  await keys.keyboard('b');
  await keys.click(within(await confirmed()).getByTestId('confirm'));
}

/** Waits until a question stands over the window. */
async function opened(id: string) {
  const dialog = await screen.findByTestId<HTMLDialogElement>(id);
  await waitFor(() => expect(dialog.open).toBe(true));
  return dialog;
}

test('a block says what it will do before it is done', async () => {
  const fake = await atDevices();
  await keys.keyboard('b');
  const dialog = await confirmed();
  expect(dialog.textContent).toContain('It is the only device used in the last 30 days');
  expect(dialog.textContent).toContain('2 active sessions will end');
  expect(fake.outbox.entries).toEqual([]);
  await keys.click(within(dialog).getByRole('button', { name: /^Cancel/ }));
  expect(fake.outbox.entries).toEqual([]);
  expect(standing(selected())).toBeUndefined();
});

test('where the block of one device locks its student out one Enter does nothing, and where it does not it blocks', async () => {
  const fake = await atDevices();
  await keys.keyboard('b');
  const dialog = await confirmed();
  expect(document.activeElement).toBe(within(dialog).getByTestId('cancel'));
  await keys.keyboard('{Enter}');
  expect(dialog.open).toBe(false);
  expect(fake.outbox.entries).toEqual([]);
  await keys.keyboard('jb');
  await confirmed();
  expect(dialog.textContent).not.toContain('the only device');
  expect(document.activeElement).toBe(within(dialog).getByTestId('confirm'));
  await keys.keyboard('{Enter}');
  await waitFor(() => expect(fake.outbox.entries).toHaveLength(1));
});

test('an Enter that is pressed before anybody can read that a block locks a student out does nothing', async () => {
  const fake = await atDevices();
  const go = slowEffects(fake);
  await keys.keyboard('b{Enter}');
  go();
  await confirmed();
  expect(fake.outbox.entries).toEqual([]);
});

/** Holds back what a block would do, until the answer is called. */
function slowEffects(fake: FakeSchool): () => void {
  let go = () => {};
  const held = new Promise<void>((resolve) => (go = resolve));
  const answer = fake.answer.bind(fake);
  fake.answer = (command, args) =>
    command === 'block_effects' ? held.then(() => answer(command, args)) : answer(command, args);
  return go;
}

test('keys that are pressed before the question is here are for the question', async () => {
  const fake = await atDevices();
  // The block of the first one locks its student out.
  await keys.keyboard('j');
  const go = slowEffects(fake);
  const one = selected()?.dataset.id;
  await keys.keyboard('bj{Enter}');
  // Enter would have opened the logins of the row, J the next row.
  expect(screen.getAllByTestId('device-row').length).toBeGreaterThan(0);
  expect(fake.outbox.entries).toEqual([]);
  go();
  await waitFor(() => expect(fake.outbox.entries.map((entry) => String(entry.target_id))).toEqual([one]));
  expect(selected()?.dataset.id).toBe(one);
  await waitFor(() => expect(standing(selected())).toBe('pending'));
});

test('Escape before the question is here leaves it, and the card stays', async () => {
  const fake = await atDevices();
  const go = slowEffects(fake);
  await keys.keyboard('b{Escape}');
  go();
  await waitFor(() => expect(screen.getByTestId('block-dialog').textContent).toContain('active sessions will end'));
  await keys.keyboard('j');
  expect(screen.getByTestId<HTMLDialogElement>('block-dialog').open).toBe(false);
  expect(fake.outbox.entries).toEqual([]);
});

test('a block shows at once with its clock, in the list, the header and the sidebar', async () => {
  const fake = await atDevices();
  await blocked();
  await waitFor(() => expect(within(selected() as HTMLElement).getByText('Blocked')).toBeDefined());
  expect(standing(selected())).toBe('pending');
  expect(fake.outbox.entries.map((entry) => [entry.type, entry.value])).toEqual([['device_access', 'blocked']]);
  expect(screen.getByTestId('unsent').textContent).toContain('1 decision not sent');
  expect(screen.getByTestId('nav-sync').textContent).toContain('1');
  await toast(/#170 blocked/);
});

test('after a decision the keys still move the list', async () => {
  await atDevices();
  const first = selected()?.dataset.id;
  await keys.click(within(selected() as HTMLElement).getByTestId('block'));
  const dialog = await confirmed();
  await keys.click(within(dialog).getByTestId('confirm'));
  await waitFor(() => expect(standing(selected())).toBe('pending'));
  expect(document.activeElement?.getAttribute('role')).toBe('grid');
  await keys.keyboard('j');
  expect(selected()?.dataset.id).not.toBe(first);
});

test('a key meant for the list reaches it from a button that was clicked', async () => {
  await atDevices();
  const first = selected()?.dataset.id;
  await keys.click(screen.getByTestId('nav-contacts'));
  await rows();
  await openCard(17);
  await keys.keyboard('2');
  await screen.findAllByTestId('device-row');
  screen.getByTestId('sync-now').focus();
  await keys.keyboard('j');
  await waitFor(() => expect(selected()?.dataset.id).toBe(first));
  screen.getByTestId('sync-now').focus();
  await keys.keyboard('b');
  await confirmed();
});

/** A device is blocked, and then its student's checks are switched off. */
async function decidedTwice() {
  const fake = await atDevices();
  await blocked();
  await waitFor(() => expect(standing(selected())).toBe('pending'));
  await keys.keyboard('c');
  await opened('exception-dialog');
  await keys.keyboard('{Enter}');
  await waitFor(() => expect(fake.outbox.entries).toHaveLength(2));
  return fake;
}

test('Ctrl Z takes back what has not left, decision by decision, and says so', async () => {
  const fake = await decidedTwice();
  await keys.keyboard('{Control>}z{/Control}');
  await toast(/Undone: Checks switched off for .*Nothing was sent/);
  expect(fake.outbox.entries.map((entry) => entry.type)).toEqual(['device_access']);
  await keys.keyboard('{Control>}z{/Control}');
  await toast(/Undone: .*#170 blocked\. Nothing was sent/);
  expect(fake.outbox.entries).toEqual([]);
  await keys.keyboard('{Control>}z{/Control}');
  await toast('Nothing to undo.');
});

test('what is not here any more stands in the way of no other undo', async () => {
  const fake = await decidedTwice();
  const answer = fake.answer.bind(fake);
  fake.answer = (command, args) =>
    command === 'decide' && args.kind === 'contact_checks'
      ? Promise.reject({ code: 'not_found', message: 'There is no such contact.', hint: 'Check the number.' })
      : answer(command, args);
  await keys.keyboard('{Control>}z{/Control}');
  await toast('There is no such contact.');
  await keys.keyboard('{Control>}z{/Control}');
  await toast(/Undone: .*#170 blocked\. Nothing was sent/);
  expect(fake.outbox.entries.map((entry) => entry.type)).toEqual(['contact_checks']);
});

test('undoing what has left sends the opposite, and says so', async () => {
  const fake = await atDevices();
  await blocked();
  await waitFor(() => expect(standing(selected())).toBe('pending'));
  fake.outbox.send();
  await keys.click(screen.getByTestId('undo'));
  await toast(/It had left already, so the opposite decision will be sent/);
  expect(fake.outbox.entries.map((entry) => entry.value)).toEqual(['allowed']);
});

test('once it is not said any more, Ctrl Z takes back what waits and leaves alone what has left', async () => {
  const fake = await atDevices();
  await blocked();
  await waitFor(() => expect(standing(selected())).toBe('pending'));
  decisions.toast = null;
  const later = Date.now() + 6_500;
  vi.spyOn(Date, 'now').mockReturnValue(later);
  await keys.keyboard('{Control>}z{/Control}');
  await toast(/#170 blocked\. Nothing was sent/);
  expect(fake.outbox.entries).toEqual([]);
  // While the row says that it is blocked, the key would allow it.
  await waitFor(() => expect(standing(selected())).toBeUndefined());

  await blocked();
  await waitFor(() => expect(fake.outbox.entries).toHaveLength(1));
  fake.outbox.send();
  decisions.toast = null;
  vi.spyOn(Date, 'now').mockReturnValue(later + 6_500);
  await keys.keyboard('{Control>}z{/Control}');
  await toast(/^Too late to undo/);
  expect(fake.outbox.entries).toEqual([]);
});

test('offline a decision is recorded and says when it will be sent', async () => {
  await atDevices('offline');
  await blocked();
  await toast('Will be sent when the school can be reached.');
  await waitFor(() => expect(standing(selected())).toBe('pending'));
});

test('a decision that cannot be recorded is refused with a sentence, and nothing pretends otherwise', async () => {
  await atDevices('full');
  await blocked();
  await toast(/The disk is full\..*Make room/);
  expect(standing(selected())).toBeUndefined();
  expect(screen.queryByTestId('unsent')).toBeNull();
});

test('several devices are blocked together', async () => {
  const fake = await atDevices();
  await keys.keyboard('x');
  await keys.keyboard('{Shift>}{ArrowDown}{/Shift}');
  await waitFor(() => expect(screen.getByTestId('bulk-bar').textContent).toContain('2 selected'));
  await keys.keyboard('b');
  const dialog = await confirmed();
  expect(dialog.textContent).toContain('Block 2 devices?');
  expect(within(dialog).getByTestId('block-whose').textContent).toMatch(/#17\d.*#17\d/);
  // One of them is the only device used of late.
  await keys.click(within(dialog).getByTestId('confirm'));
  await waitFor(() => expect(fake.outbox.entries).toHaveLength(2));
  await waitFor(() => expect(screen.queryByTestId('bulk-bar')).toBeNull());
});

test('Escape lets the selection go before it leaves the card', async () => {
  await atDevices();
  await keys.keyboard('x');
  await screen.findByTestId('bulk-bar');
  await keys.keyboard('{Escape}');
  await waitFor(() => expect(screen.queryByTestId('bulk-bar')).toBeNull());
  expect(screen.getAllByTestId('device-row').length).toBeGreaterThan(0);
  await keys.keyboard('{Escape}');
  await rows();
});

test('a restriction is marked viewed by V and by a click, and back again', async () => {
  const fake = await open();
  await openCard(17);
  await keys.keyboard('3');
  const first = (await screen.findAllByTestId('restriction-row'))[0] as HTMLElement;
  expect(first.textContent).toContain('not viewed');
  await keys.keyboard('jv');
  await waitFor(() => expect(within(first).getByTestId('log-status').textContent).toBe('viewed'));
  expect(standing(first)).toBe('pending');
  await keys.click(within(first).getByTestId('log-status'));
  await waitFor(() => expect(within(first).getByTestId('log-status').textContent).toBe('not viewed'));
  expect(fake.outbox.entries).toEqual([]);
});

test('all restrictions of a contact are marked viewed at once, and the mark goes away', async () => {
  const fake = await open();
  await openCard(11);
  await keys.keyboard('3');
  await keys.click(await screen.findByTestId('view-all'));
  await waitFor(() => expect(screen.queryByTestId('view-all')).toBeNull());
  expect(fake.outbox.entries.length).toBeGreaterThan(1);
  await waitFor(() => expect(screen.queryByText('not viewed')).toBeNull());
  await toast(/violations? marked viewed/);
});

test('checks are switched off with a reason and an end that stay on this computer', async () => {
  const fake = await open();
  await openCard(17);
  await keys.click(screen.getByTestId('checks-switch'));
  const dialog = await opened('exception-dialog');
  expect(dialog.textContent).toContain('Reason and reminder stay on this computer');
  await keys.type(screen.getByTestId('exception-reason'), 'Exam week');
  await keys.selectOptions(screen.getByTestId('exception-until'), '7');
  await keys.click(within(dialog).getByTestId('confirm'));
  await waitFor(() => expect(screen.getByTestId('checks-noted').textContent).toMatch(/off until .*: Exam week/));
  expect(screen.getByTestId('checks-switch').getAttribute('aria-checked')).toBe('false');
  expect(fake.outbox.entries.map((entry) => [entry.type, entry.value])).toEqual([['contact_checks', 'off']]);
  expect(fake.exceptions.get(17)?.reason).toBe('Exam week');
});

test('an exception cannot end on a day that has passed', async () => {
  await open();
  await openCard(17);
  await keys.keyboard('c');
  const dialog = await opened('exception-dialog');
  await keys.selectOptions(screen.getByTestId('exception-until'), 'day');
  const day = await screen.findByTestId<HTMLInputElement>('exception-day');
  await keys.clear(day);
  await keys.type(day, '2020-01-31');
  await within(dialog).findByText('This day has passed.');
  expect(within(dialog).getByTestId<HTMLButtonElement>('confirm').disabled).toBe(true);
});

test('forgotten exceptions are said on the contacts, and ended from their list', async () => {
  const fake = await open('decided');
  const banner = await screen.findByTestId('overdue');
  expect(banner.textContent).toContain('The checks of 2 contacts are still off though their end has passed.');
  await keys.click(within(banner).getByRole('button'));
  const listed = await screen.findAllByTestId('exception-row');
  expect(listed).toHaveLength(3);
  const id = Number(listed[0]?.dataset.id);
  await keys.click(within(listed[0] as HTMLElement).getByTestId('exception-end'));
  await waitFor(() => expect(screen.getAllByTestId('exception-row')).toHaveLength(2));
  expect(fake.outbox.of('contact_checks', id)?.value).toBe('on');
  await keys.keyboard('{Control>}z{/Control}');
  await waitFor(() => expect(screen.getAllByTestId('exception-row')).toHaveLength(3));
  expect(fake.exceptions.get(id)?.reason).toBe('Travels for work until the exam');
});

test('a server without a login log offers no decisions, in one sentence', async () => {
  await open('contacts-only');
  await rows();
  await keys.keyboard('j{Enter}');
  await screen.findByText(/there is nothing to decide on/);
  expect(screen.queryByTestId('checks-switch')).toBeNull();
  await keys.click(screen.getByTestId('nav-sync'));
  await screen.findByText('This server has no login log, so there is nothing to decide on here.');
});

test.each(['b', 'c'])('a screen reader finds nothing amiss in the question after %s', async (key) => {
  await atDevices('decided');
  await keys.keyboard(key);
  await waitFor(() => expect(document.querySelector('dialog[open]')).not.toBeNull());
  const { violations } = await axe.run(document.body, { rules: { 'color-contrast': { enabled: false } } });
  expect(violations.map((found) => `${found.id}: ${found.nodes.map((node) => node.html).join('\n')}`)).toEqual([]);
});
