// Until the first sync has come to its end, the window says of a part that it is one.

import { screen, waitFor } from '@testing-library/svelte';
import { expect, test } from 'vitest';

import { keys, open, rows } from '../dev/opened';
import { school } from './state/school.svelte';

test.each(['cut', 'pulling'])('a part of a school is called a part on every screen: %s', async (state) => {
  await open(state);
  await rows();
  expect(screen.getByTestId('foot-counts').textContent).toMatch(/^300 contacts · .+ logins so far$/);
  expect(screen.getByText(/^The first sync is not finished: this is a part/)).toBeTruthy();
  await keys.click(screen.getByTestId('nav-violations'));
  await screen.findAllByTestId('violation-row');
  expect(screen.getByTestId('violations-total').textContent).toBe('600 read so far, 7 of them not viewed');
  expect(screen.getByText(/^The first sync is not finished: this is a part/)).toBeTruthy();
  await keys.click(screen.getByTestId('nav-logins'));
  await screen.findAllByTestId('login-row');
  await waitFor(() => expect(screen.getByTestId('logins-total').textContent).toMatch(/ logins so far/));
});

test('what a filter does not find in a part is not said to be nothing at all', async () => {
  await open('cut');
  await rows();
  await keys.click(screen.getByTestId('nav-logins'));
  await keys.type(await screen.findByTestId('logins-filter'), 'nobody at all{Enter}');
  await screen.findByText('No login matches.');
  expect(screen.queryByText(/^Nothing is here yet/)).toBeNull();
});

test('rows that a first sync has brought are shown though it was cut and told nothing of them', async () => {
  const fake = await open('cut');
  await rows();
  const status = fake.status();
  fake.status = () => ({ ...status, contacts: 9_692 });
  const before = school.changes;
  fake.tell('sync', { ...fake.sync(), phase: { phase: 'pulling', done: 299_999, remaining: 1 } });
  await waitFor(() => expect(screen.getByTestId('foot-counts').textContent).toMatch(/^9,692 contacts/));
  expect(school.changes).toBeGreaterThan(before);
  expect(screen.getByTestId('data-age').textContent).not.toContain('no data yet');
});
