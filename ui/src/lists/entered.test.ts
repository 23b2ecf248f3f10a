// How the focus comes into a list, and which row it is on then.

import { fireEvent, screen, waitFor } from '@testing-library/svelte';
import { expect, test } from 'vitest';

import { keys, open, openViolations, rows, selected } from '../../dev/opened';
import { nav } from '../state/nav.svelte';

const grid = () => screen.getByRole('grid');

/** What a screen reader hears of the list: its active row. */
const heard = () => document.getElementById(grid().getAttribute('aria-activedescendant') ?? '');

/** Goes on with the Tab key from what stands before the list. */
async function tabIn() {
  const before = [...document.querySelectorAll<HTMLElement>('.chips :is(button, input, select)')].at(-1);
  before?.focus();
  await keys.tab();
  expect(document.activeElement).toBe(grid());
}

test('who comes into a list by Tab is on its first row, which is seen and heard, and may act on it at once', async () => {
  await open();
  const first = (await rows())[0];
  await tabIn();
  await waitFor(() => expect(selected()).toBe(first));
  expect(heard()).toBe(first);
  await keys.keyboard('{Enter}');
  await waitFor(() => expect(nav.here).toMatchObject({ screen: 'contact', id: Number(first?.dataset.id) }));
});

test('who comes back into a list by Tab is on the row that was selected last', async () => {
  await open();
  await rows();
  await keys.keyboard('jjj');
  const third = selected();
  await tabIn();
  expect(selected()).toBe(third);
  expect(heard()).toBe(third);
});

test('a violation is marked viewed right after Tab', async () => {
  const school = await openViolations();
  await tabIn();
  await keys.keyboard('jv');
  await waitFor(() => expect(school.status().outbox.queued).toBe(1));
});

test('a click where no row is selects none', async () => {
  await open('fresh', 2);
  await rows();
  const before = [...document.querySelectorAll<HTMLElement>('.chips button')].at(-1);
  before?.focus();
  await fireEvent.keyDown(before ?? document.body, { key: 'Tab' });
  await keys.click(grid());
  expect(document.activeElement).toBe(grid());
  expect(selected()).toBeNull();
  expect(heard()).toBeNull();
});

test('a window that comes back to the front selects nothing by itself', async () => {
  await open();
  await rows();
  await keys.keyboard('{Shift}');
  grid().blur();
  grid().focus();
  expect(document.activeElement).toBe(grid());
  expect(selected()).toBeNull();
});

test('whoever is in a list by keys is on its first row again when it shows something else', async () => {
  await open();
  await rows();
  await keys.keyboard('/');
  await keys.keyboard('student7@{Enter}');
  await waitFor(() => expect(screen.getAllByTestId('contact-row')).toHaveLength(1));
  await waitFor(() => expect(selected()?.dataset.id).toBe('7'));
  await keys.keyboard('{Escape}');
  await waitFor(() => expect(screen.getAllByTestId('contact-row').length).toBeGreaterThan(5));
  await waitFor(async () => expect(selected()).toBe((await rows())[0]));
});
