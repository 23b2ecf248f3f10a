// What a screen reader finds in the window's questions, and on its screens in languages other than English.

import { screen, waitFor, within } from '@testing-library/svelte';
import { expect, test } from 'vitest';

import { amiss, keys, open, openCard, rows } from '../dev/opened';
import { LANGUAGES, speak } from './language.svelte';

/** Waits for a question to stand over the window. */
async function asked(testid: string): Promise<HTMLElement> {
  const dialog = await screen.findByTestId<HTMLDialogElement>(testid);
  await waitFor(() => expect(dialog.open).toBe(true));
  return dialog;
}

async function settled() {
  await waitFor(() => expect(document.querySelector('[aria-busy=true]')).toBeNull());
}

test('nothing is amiss in the question for a report, before and after it is written', async () => {
  await open();
  await openCard(1);
  await keys.click(screen.getByTestId('card-report'));
  const dialog = await asked('evidence-dialog');
  await keys.click(within(dialog).getByTestId('evidence-own'));
  await keys.type(within(dialog).getByTestId('evidence-from'), '2026-06-30');
  await keys.type(within(dialog).getByTestId('evidence-until'), '2026-06-01');
  await within(dialog).findByRole('alert');
  expect(await amiss()).toEqual([]);
  await keys.click(await within(dialog).findByTestId('evidence-first'));
  await keys.click(within(dialog).getByTestId('evidence-begin'));
  await within(dialog).findByTestId('evidence-done');
  expect(await amiss(dialog)).toEqual([]);
});

test('nothing is amiss in a text to a contact, read and changed', async () => {
  await open();
  await openCard(1);
  await keys.click(screen.getByTestId('card-letter'));
  const dialog = await asked('letter-dialog');
  const field = within(dialog).getByTestId<HTMLTextAreaElement>('letter-text');
  await waitFor(() => expect(field.value).not.toBe(''));
  expect(await amiss()).toEqual([]);
  await keys.click(within(dialog).getByTestId('letter-edit'));
  await waitFor(() => expect(field.value).toContain('{name}'));
  expect(await amiss(dialog)).toEqual([]);
});

test('nothing is amiss in the question for a verdict', async () => {
  await open();
  await openCard(7);
  await keys.keyboard('n');
  await asked('verdict-dialog');
  expect(await amiss()).toEqual([]);
});

test('nothing is amiss in the question for an exception that ends on a day', async () => {
  await open();
  await openCard(7);
  await keys.keyboard('c');
  const dialog = await asked('exception-dialog');
  await keys.selectOptions(within(dialog).getByTestId('exception-until'), 'day');
  await keys.clear(within(dialog).getByTestId('exception-day'));
  await keys.type(within(dialog).getByTestId('exception-day'), '2020-01-01');
  await within(dialog).findByRole('alert');
  expect(await amiss()).toEqual([]);
});

test.each([
  ['erase', 'erase-dialog'],
  ['sign-out', 'sign-out-dialog'],
  ['passphrase', 'passphrase-dialog'],
])('nothing is amiss in the question behind %s, with decisions that wait', async (button, testid) => {
  await open('many');
  await rows();
  await keys.click(screen.getByTestId('nav-settings'));
  await keys.click(await screen.findByTestId(button));
  const dialog = await asked(testid);
  if (testid === 'passphrase-dialog') await keys.type(within(dialog).getByTestId('passphrase-wanted'), 'short');
  expect(await amiss()).toEqual([]);
});

const SCREENS = ['contacts', 'violations', 'logins', 'devices', 'insights', 'school', 'sync', 'settings'];
const OTHERS = LANGUAGES.filter(([language]) => language !== 'en');

test.each(OTHERS)('nothing is amiss on the screens in another language (%s)', async (language) => {
  await speak(language);
  await open('decided');
  await rows();
  const found: string[] = [];
  for (const name of SCREENS) {
    await keys.click(screen.getByTestId(`nav-${name}`));
    await screen.findByRole('heading', { level: 1 });
    await settled();
    found.push(...(await amiss()).map((one) => `${name}: ${one}`));
  }
  await keys.click(screen.getByTestId('nav-contacts'));
  await openCard(1);
  await screen.findByTestId('strip-drawing');
  await settled();
  found.push(...(await amiss()).map((one) => `card: ${one}`));
  expect(document.documentElement.lang).toBe(language);
  expect(found).toEqual([]);
});

test.each(OTHERS)('nothing is amiss at the first start in another language (%s)', async (language) => {
  await speak(language);
  await open('first');
  await screen.findByTestId('first-start');
  expect(await amiss()).toEqual([]);
});
