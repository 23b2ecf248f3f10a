// What somebody wrote and a narrow window may cut off is whole on hover; what only a number or a sign says is said in words.

import { screen, waitFor, within } from '@testing-library/svelte';
import { expect, test } from 'vitest';

import { keys, open, openCard, openViolations, rows } from '../dev/opened';
import { nav, type Place } from './state/nav.svelte';

/**
 * Texts of others that hovering does not say whole, neither where they stand nor around them. A button's open menu says
 * the button's: a title would lie over it.
 */
const cut = () =>
  [...document.querySelectorAll('bdi.clip')]
    .filter((text) => !text.closest('[title], [aria-expanded=true]'))
    .map((text) => text.outerHTML);

const SCREENS: [string, Place][] = [
  ['contacts', { screen: 'contacts' }],
  ['violations', { screen: 'violations' }],
  ['logins', { screen: 'logins' }],
  ['devices', { screen: 'devices' }],
  ['insights', { screen: 'insights' }],
  ['decisions', { screen: 'sync', tab: 'decisions' }],
  ['exceptions', { screen: 'sync', tab: 'exceptions' }],
  ['settings', { screen: 'settings' }],
];

test.each(SCREENS)('no text of others is cut off for good: %s', async (_, place) => {
  await open('decided');
  await rows();
  nav.go(place);
  await waitFor(() => expect(document.querySelectorAll('main h1').length).toBe(1));
  await waitFor(() => expect(document.querySelector('main [aria-busy=true]')).toBeNull());
  await keys.keyboard('jj');
  await keys.click(screen.getByTestId('school-menu'));
  expect(cut()).toEqual([]);
});

test('no text of others is cut off for good on a card, and in what is found', async () => {
  await open('hostile');
  await openCard(2);
  for (const tab of ['devices', 'restrictions'] as const) {
    await keys.click(screen.getByTestId(`tab-${tab}`));
    await screen.findAllByTestId(`${tab.slice(0, -1)}-row`);
    expect(cut()).toEqual([]);
  }
  await keys.keyboard('{Control>}k{/Control}');
  await keys.type(screen.getByTestId('palette-field'), 'a');
  await waitFor(() => expect(screen.getAllByTestId('palette-entry').length).toBeGreaterThan(5));
  expect(cut()).toEqual([]);
});

test('no name of a school is cut off for good where one is chosen', async () => {
  await open('locked');
  await screen.findByTestId('unlock');
  expect(cut()).toEqual([]);
});

test('how many of a contact’s violations nobody has viewed is said in words', async () => {
  await openViolations();
  const [head] = screen.getAllByTestId('violation-row');
  expect(head?.querySelector('.badge')?.getAttribute('aria-hidden')).toBe('true');
  expect(head?.textContent).toMatch(/\d violations? not viewed/);
});

test('what a button does to one of several contacts names the contact', async () => {
  await open('decided');
  await rows();
  nav.go({ screen: 'sync', tab: 'exceptions' });
  const [row] = await screen.findAllByTestId('exception-row');
  const name = row?.querySelector('.name')?.textContent?.trim();
  expect(name).toBeTruthy();
  within(row!).getByRole('button', { name: `Switch on: ${name}` });
  within(row!).getByRole('button', { name: `Change… ${name}` });
});

test('what narrows the contacts by words says that it can be taken away', async () => {
  await open();
  await rows();
  await keys.type(screen.getByTestId('contact-search'), 'student7');
  await keys.click(await screen.findByRole('button', { name: 'Remove the filter: “student7”' }));
  await waitFor(() => expect(screen.getByTestId<HTMLInputElement>('contact-search').value).toBe(''));
});
