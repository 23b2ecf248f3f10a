// What can be set, and where a notification leads, in the whole window.

import { emit } from '@tauri-apps/api/event';
import { screen, waitFor, within } from '@testing-library/svelte';
import axe from 'axe-core';
import { expect, test } from 'vitest';

import type { Page } from './generated/Page';
import type { Restriction } from './generated/Restriction';
import { keys, open, rows, selected } from '../dev/opened';
import { school } from './state/school.svelte';
import { updates } from './state/updates.svelte';

async function atSettings() {
  const fake = await open();
  await rows();
  await keys.click(screen.getByTestId('nav-settings'));
  await screen.findByTestId('notify');
  return fake;
}

test('a change is in force at once', async () => {
  const fake = await atSettings();
  await keys.click(screen.getByTestId('hide-names'));
  await keys.click(screen.getByTestId('tell-ip_blocked'));
  await keys.selectOptions(screen.getByTestId('interval'), '900');
  await waitFor(() => expect(fake.program.settings.sync_seconds).toBe(900));
  expect(fake.program.settings.notifications.hide_names).toBe(true);
  expect(fake.program.settings.notifications.muted).toEqual(['ip_blocked']);
});

test('how often the school is asked is said as it is set, to the second', async () => {
  const fake = await open();
  await rows();
  fake.program.settings = { ...fake.program.settings, sync_seconds: 90 };
  await keys.click(screen.getByTestId('nav-settings'));
  const interval = await screen.findByTestId<HTMLSelectElement>('interval');
  await waitFor(() => expect(interval.value).toBe('90'));
  expect([...interval.options].map((option) => option.textContent)).toEqual([
    'every 30 seconds',
    'every minute',
    'every 90 seconds',
    'every 2 minutes',
    'every 5 minutes',
    'every 15 minutes',
    'every hour',
  ]);
  expect(interval.selectedOptions[0]?.textContent).toBe('every 90 seconds');
});

test('what became of the test is said in a place that stood there before, with the room of every answer', async () => {
  await atSettings();
  const setting = screen.getByText('Test notification').parentElement!;
  const place = within(setting).getByRole('status');
  expect(place.textContent).toBe('');
  const below = setting.closest('.setting')?.nextElementSibling;
  const answers = [...setting.querySelectorAll('[aria-hidden=true]')].map((one) => one.textContent);
  await keys.click(screen.getByTestId('test-notification'));
  await waitFor(() => expect(place.textContent).toContain('The desktop accepted it.'));
  expect(answers).toContain(place.textContent);
  expect(setting.closest('.setting')?.nextElementSibling).toBe(below);
});

test('what came of signing out, or did not, moves nothing that can be clicked', async () => {
  const fake = await atSettings();
  /** What stands from the head of the school to the button. */
  const above = () => {
    const texts: string[] = [];
    let at: Element | null | undefined = screen.getByTestId('sign-out').closest('.setting');
    for (; at && at.id !== 'settings-school'; at = at.previousElementSibling) texts.unshift(at.textContent);
    return texts;
  };
  const before = above();
  const signOut = async () => {
    await keys.click(screen.getByTestId('sign-out'));
    await keys.click(within(screen.getByTestId('sign-out-dialog')).getByTestId('confirm'));
  };
  fake.failing.add('sign_out');
  await signOut();
  await waitFor(() => expect(screen.getByTestId('toast').parentElement?.role).toBe('alert'));
  expect(above()).toEqual(before);
  fake.failing.clear();
  await signOut();
  await waitFor(() => expect(screen.getByTestId('toast').textContent).toContain('The token is forgotten.'));
  expect(screen.getByTestId('toast').parentElement?.role).toBe('status');
  expect(above()).toEqual(before);
});

test('quiet hours have days', async () => {
  const fake = await atSettings();
  await keys.click(screen.getByTestId('quiet'));
  await keys.click(await screen.findByTestId('quiet-sun'));
  await waitFor(() => expect(fake.program.settings.notifications.quiet_hours.days).not.toContain('sun'));
  expect(fake.program.settings.notifications.quiet).toBe(true);
  expect(screen.getByTestId('quiet-sun').getAttribute('aria-pressed')).toBe('false');
});

test('a change that cannot be kept is taken back with a sentence', async () => {
  const fake = await atSettings();
  fake.program.full = true;
  await keys.click(screen.getByTestId('autostart'));
  expect((await screen.findByTestId('problem')).textContent).toContain('cannot be written');
  await waitFor(() => expect(screen.getByTestId<HTMLInputElement>('autostart').checked).toBe(false));
});

test('the settings are reached by keyboard and read out', async () => {
  await atSettings();
  screen.getByTestId('hide-names').focus();
  await keys.keyboard(' ');
  await waitFor(() => expect(screen.getByTestId<HTMLInputElement>('hide-names').checked).toBe(true));
  const found = await axe.run(document.body, { rules: { 'color-contrast': { enabled: false } } });
  expect(found.violations.map((violation) => violation.id)).toEqual([]);
});

test('a click on a notification leads to the restriction', async () => {
  const fake = await open();
  await rows();
  const card = { query: { contact_id: 7, page: { after: null, skip: 0, limit: 50, count: true } } };
  const page = (await fake.answer('restrictions', card)) as Page<Restriction>;
  const id = page.rows.at(-1)?.id ?? 0;
  fake.wanted = { screen: 'restriction', contact: 7, restriction: id };
  await emit('go');
  await screen.findAllByTestId('restriction-row');
  await waitFor(() => expect(selected()?.dataset.id).toBe(String(id)));
});

test('a window that a notification opened begins there', async () => {
  await open('fresh', 300, { screen: 'restriction', contact: 7, restriction: 0 });
  await screen.findAllByTestId('restriction-row');
});

test('a window that the tray opened begins with the unviewed', async () => {
  await open('fresh', 300, { screen: 'violations' });
  await screen.findAllByTestId('violation-row');
  expect(screen.getByRole('button', { name: 'Not viewed', pressed: true })).toBeTruthy();
});

test('the tray leads to those with unviewed violations', async () => {
  const fake = await open();
  await rows();
  fake.wanted = { screen: 'violations' };
  await emit('go');
  await screen.findAllByTestId('violation-row');
  expect(screen.getByRole('button', { name: 'Not viewed', pressed: true })).toBeTruthy();
});

test('a newer version is found when it is looked for, marked, and its refusal told', async () => {
  const fake = await atSettings();
  const found = async () => (await screen.findByTestId('nav-settings')).textContent;
  await keys.click(await screen.findByTestId('update-check'));
  await screen.findByText('This is the newest version.');
  expect((await found())?.trim()).toBe('Settings');

  fake.program.offered = '0.2.0';
  await keys.click(screen.getByTestId('update-check'));
  await screen.findByText('Version 0.2.0 is available');
  expect(await found()).toContain('1');
  await keys.click(screen.getByTestId('update-install'));
  expect((await screen.findByTestId('problem')).textContent).toContain('not signed');
  expect(screen.getByTestId<HTMLButtonElement>('update-install').disabled).toBe(false);
});

test('where the system brings newer versions nobody is asked', async () => {
  const fake = await atSettings();
  fake.program.update = { ...fake.program.update, way: 'elsewhere' };
  await updates.begin();
  await screen.findByText('Newer versions come from where this one was installed from.');
  expect(screen.queryByTestId('update-check')).toBeNull();
  expect(fake.program.update.checked_at).toBeNull();
});

test('a pause from the tray is shown at once, outlives what else is set, and ends when it is asked to', async () => {
  const fake = await atSettings();
  const until = new Date(Date.now() + 3_600_000).toISOString();
  fake.program.pause(until);
  await keys.click(screen.getByTestId('hide-names'));
  await waitFor(() => expect(fake.program.settings.notifications.hide_names).toBe(true));
  expect(fake.program.settings.notifications.paused_until).toBe(until);

  await emit('settings');
  await keys.click(await screen.findByRole('button', { name: 'Resume' }));
  await waitFor(() => expect(fake.program.settings.notifications.paused_until).toBeNull());
  await waitFor(() => expect(screen.queryByRole('button', { name: 'Resume' })).toBeNull());
  expect(fake.program.settings.notifications.hide_names).toBe(true);
});

test('a rule that only the log knows can be muted', async () => {
  const fake = await open();
  const known = fake.answer.bind(fake);
  fake.answer = async (command, args) =>
    command === 'violation_choices' ? { rules: ['shared_cookie'], countries: [] } : known(command, args);
  await rows();
  await keys.click(screen.getByTestId('nav-settings'));
  await keys.click(await screen.findByTestId('tell-shared_cookie'));
  await waitFor(() => expect(fake.program.settings.notifications.muted).toEqual(['shared_cookie']));
});

test('locking with the screen is offered where the system tells of its screen', async () => {
  const fake = await open();
  await rows();
  fake.hearsScreen = false;
  await school.look();
  await keys.click(screen.getByTestId('nav-settings'));
  await screen.findByTestId('idle');
  expect(screen.queryByTestId('with-screen')).toBeNull();
  fake.hearsScreen = true;
  await school.look();
  await screen.findByTestId('with-screen');
});
