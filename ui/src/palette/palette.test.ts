// Search everywhere, over an invented school.

import { screen, waitFor, within } from '@testing-library/svelte';
import axe from 'axe-core';
import { afterEach, expect, test } from 'vitest';

import { keys, open, openCard, rows } from '../../dev/opened';
import { readKeysAsLatin } from '../keys';
import { spoken } from '../language.svelte';
import { nav } from '../state/nav.svelte';
import { school } from '../state/school.svelte';
import { readBy } from '../zone.svelte';
import { SCREENS } from '../words/screens';

afterEach(() => readBy('local'));

const field = () => screen.getByTestId<HTMLInputElement>('palette-field');
const isOpen = () => screen.getByTestId<HTMLDialogElement>('palette').open;
const entry = (key: string) => document.querySelector<HTMLElement>(`[data-testid=palette-entry][data-key="${key}"]`);
const active = () => document.getElementById(field().getAttribute('aria-activedescendant') ?? '');

/** Opens it and waits for the answer to what is typed. */
async function find(text: string): Promise<void> {
  await keys.keyboard('{Control>}k{/Control}');
  expect(isOpen()).toBe(true);
  if (text) await keys.keyboard(text);
  await waitFor(() => expect(field().value).toBe(text));
}

test('a name, Enter: the card, at once, even before the answer is here', async () => {
  const fake = await open();
  await rows();
  let answer = () => {};
  fake.finding.slow = new Promise<void>((done) => (answer = done));
  await find('student7@');
  await keys.keyboard('{Enter}');
  expect(isOpen()).toBe(true);
  answer();
  await waitFor(() => expect(nav.here).toMatchObject({ screen: 'contact', id: 7 }));
  expect(isOpen()).toBe(false);
});

test('the focus stays in the field, the arrows go round, and what Enter takes is named to a screen reader', async () => {
  await open();
  await rows();
  await find('');
  await waitFor(() => expect(active()?.dataset.key).toBe('screen violations'));
  await keys.keyboard('{ArrowDown}');
  expect(active()?.dataset.key).toBe('screen contacts');
  expect(active()?.getAttribute('aria-selected')).toBe('true');
  await keys.keyboard('{ArrowUp}{ArrowUp}');
  const all = screen.getAllByTestId('palette-entry');
  expect(active()).toBe(all[all.length - 1]);
  expect(document.activeElement).toBe(field());
  expect(document.querySelectorAll('[data-testid=palette-entry][aria-selected=true]')).toHaveLength(1);
});

test('every screen can be gone to', async () => {
  await open();
  await rows();
  for (const [name] of SCREENS) {
    await find('');
    await waitFor(() => expect(entry(`screen ${name}`)).not.toBeNull());
    await keys.click(entry(`screen ${name}`) as HTMLElement);
    await waitFor(() => expect(nav.here.screen).toBe(name));
  }
});

test('an address leads to the logins from there', async () => {
  await open();
  await rows();
  await find('1');
  await waitFor(() => expect(document.querySelector('[data-key^="address "]')).not.toBeNull());
  const found = document.querySelector<HTMLElement>('[data-key^="address "]') as HTMLElement;
  const address = String(found.dataset.key).slice('address '.length);
  await keys.click(found);
  await screen.findAllByTestId('login-row');
  expect(screen.getByRole('button', { name: `Remove the filter: ${address}` })).toBeDefined();
});

test('Escape closes it and puts the focus back', async () => {
  await open();
  await rows();
  await keys.keyboard('j');
  const before = document.activeElement;
  await find('anna');
  await keys.keyboard('{Escape}');
  screen.getByTestId<HTMLDialogElement>('palette').close();
  await waitFor(() => expect(isOpen()).toBe(false));
  expect(document.activeElement).toBe(before);
  expect(nav.here.screen).toBe('contacts');
});

test('a command is done: theme, size of text, language, clock, pause, sync', async () => {
  const fake = await open();
  await rows();
  const does = async (text: string, done: () => void) => {
    await find(text);
    await waitFor(() => expect(active()?.dataset.key).toMatch(/^do /));
    await keys.keyboard('{Enter}');
    await waitFor(done);
  };
  await does('theme: dark', () => expect(fake.program.settings.theme).toBe('dark'));
  await does('text size: larger', () => expect(fake.program.settings.text_size).toBe('larger'));
  await does('text size: usual', () => expect(fake.program.settings.text_size).toBe('usual'));
  await does('times: utc', () => expect(fake.program.settings.times).toBe('utc'));
  await does('pause notifications for', () =>
    expect(Date.parse(fake.program.settings.notifications.paused_until ?? '')).toBeGreaterThan(Date.now()),
  );
  await does('resume', () => expect(fake.program.settings.notifications.paused_until).toBeNull());
  await does('українська', () => expect(spoken()).toBe('uk'));
  await does('мова: english', () => expect(spoken()).toBe('en'));
  await does('sync now', () => expect(school.sync.phase.phase).not.toBe('idle'));
});

test.each([
  ['settings: window', 'section look', 'look'],
  ['locking', 'section locking', 'locking'],
  ['passphrase', 'passphrase', 'school'],
])('a part of the settings is gone to by its name: %s', async (name, key, section) => {
  await open();
  await rows();
  await find(name);
  await waitFor(() => expect(active()?.dataset.key).toBe(`do ${key}`));
  await keys.keyboard('{Enter}');
  await waitFor(() => expect(document.activeElement?.id).toBe(`settings-${section}`));
});

test('what the screen can write to a file is offered there, and nowhere else', async () => {
  await open();
  await rows();
  await find('');
  const anywhere = document.querySelectorAll('[data-key^="do offer"]').length;
  await keys.click(entry('screen logins') as HTMLElement);
  await screen.findAllByTestId('login-row');
  await find('');
  expect(document.querySelectorAll('[data-key^="do offer"]').length).toBeGreaterThanOrEqual(Math.max(1, anywhere));
  await keys.click(document.querySelector<HTMLElement>('[data-key^="do offer"]') as HTMLElement);
  await waitFor(() => expect(screen.getByTestId<HTMLDialogElement>('export-dialog').open).toBe(true));
});

test('whose card was opened last comes first where nothing is typed', async () => {
  const fake = await open();
  await openCard(7);
  await waitFor(() => expect(fake.finding.opened).toEqual([{ kind: 'contact', id: 7 }]));
  await find('');
  await waitFor(() => expect(active()?.dataset.key).toBe('contact 7'));
  const group = within(screen.getByRole('group', { name: 'Opened last' }));
  expect(group.getAllByRole('option')).toHaveLength(1);
});

test('an answer that comes late is not taken for the later question’s', async () => {
  const fake = await open();
  await rows();
  let answer = () => {};
  fake.finding.slow = new Promise<void>((done) => (answer = done));
  await find('student7@');
  fake.finding.slow = null;
  await keys.keyboard('{Backspace}{Backspace}8@');
  await waitFor(() => expect(entry('contact 8')).not.toBeNull());
  answer();
  await waitFor(() => expect(entry('contact 7')).toBeNull());
  expect(active()?.dataset.key).toBe('contact 8');
});

test('nothing found is said in words', async () => {
  await open();
  await rows();
  await find('nobody-at-all');
  await screen.findByText(/Nothing is called “nobody-at-all”/);
});

test('a name that looks like markup is text, and its letters are marked all the same', async () => {
  await open('hostile');
  await rows();
  await find('<img');
  await waitFor(() => expect(entry('contact 1')).not.toBeNull());
  expect(entry('contact 1')?.querySelector('img')).toBeNull();
  expect(entry('contact 1')?.querySelector('mark')?.textContent).toBe('<img');
});

test('the key is the same in a Cyrillic layout', async () => {
  await open();
  await rows();
  const end = readKeysAsLatin();
  document.body.dispatchEvent(
    new KeyboardEvent('keydown', { key: 'л', code: 'KeyK', ctrlKey: true, bubbles: true, cancelable: true }),
  );
  end();
  expect(isOpen()).toBe(true);
});

test('a screen reader finds nothing amiss', async () => {
  await open();
  await rows();
  await find('anna');
  await waitFor(() => expect(screen.getByTestId('palette-said').textContent).toMatch(/results?$/));
  const { violations } = await axe.run(screen.getByTestId('palette'), {
    rules: { 'color-contrast': { enabled: false } },
  });
  expect(violations.map((found) => `${found.id}: ${found.nodes.map((node) => node.html).join('\n')}`)).toEqual([]);
});
