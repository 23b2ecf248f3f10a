// What unlocking leads back to.

import { screen, waitFor } from '@testing-library/svelte';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { keys, open, openCard, rows } from '../dev/opened';
import { nav } from './state/nav.svelte';
import { school } from './state/school.svelte';

beforeEach(() => {
  sessionStorage.clear();
  // As far as a page that begins anew: what the window remembers is gone.
  vi.spyOn(school, 'beginAnew').mockImplementation(() => {
    nav.reset();
    void school.look();
  });
});
afterEach(() => vi.restoreAllMocks());

async function lock(): Promise<void> {
  await keys.keyboard('{Control>}l{/Control}');
  await screen.findByTestId('unlock');
}

test('on the screen of a locked school with a keyring Enter unlocks', async () => {
  await open();
  await rows();
  await lock();
  await waitFor(() => expect(document.activeElement).toBe(screen.getByTestId('unlock-open')));
  await keys.keyboard('{Enter}');
  await rows();
});

test('unlocking comes back to the screen that was open', async () => {
  await open();
  await rows();
  nav.go({ screen: 'sync', tab: 'facts' });
  await screen.findByTestId('sync-line');
  await lock();
  await keys.keyboard('{Enter}');
  await screen.findByTestId('sync-line');
  expect(nav.here).toEqual({ screen: 'sync', tab: 'facts' });
});

test('nothing about anybody is kept through a lock: of a card only that the contacts were open', async () => {
  await open();
  await openCard(7);
  await lock();
  expect({ ...sessionStorage }).toEqual({ place: '{"school":"svitlo","place":{"screen":"contacts"}}' });
  await keys.keyboard('{Enter}');
  await rows();
  expect(sessionStorage.length).toBe(0);
});

test('another school begins with its contacts, whatever was open in the one that was locked', async () => {
  await open('several');
  await rows();
  nav.go({ screen: 'sync', tab: 'facts' });
  await screen.findByTestId('sync-line');
  await lock();
  await school.unlock('akademia', null);
  await rows();
  expect(nav.here).toEqual({ screen: 'contacts' });
});
