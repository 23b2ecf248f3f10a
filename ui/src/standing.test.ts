// What the lists and the Sync screen say beside the rows: how a decision stands, what the server still takes.

import { screen, waitFor, within } from '@testing-library/svelte';
import { expect, test } from 'vitest';

import { isViolation, open, openViolations, rows } from '../dev/opened';
import { nav } from './state/nav.svelte';

test('the head of a contact’s violations says how the decision about the checks stands', async () => {
  const fake = await openViolations();
  const answer = fake.answer.bind(fake);
  const standing = { pending: false, conflict: true, rejected: false };
  fake.answer = async (command, args) => {
    const answered = await answer(command, args);
    if (command !== 'violation_groups') return answered;
    const page = answered as { rows: object[] };
    return { ...page, rows: page.rows.map((row) => ({ ...row, ...standing })) };
  };
  fake.tell('changed', fake.status());
  const head = () => screen.getAllByTestId('violation-row').find((row) => !isViolation(row)) as HTMLElement;
  await waitFor(() => expect(within(head()).getByTestId('standing').dataset.standing).toBe('conflict'));
});

test('the Sync screen says how many calls the server still takes, where it says so', async () => {
  const fake = await open();
  await rows();
  nav.go({ screen: 'sync', tab: 'facts' });
  await screen.findByTestId('sync-line');
  const facts = () => document.querySelector('dl')?.textContent?.replace(/\s+/g, ' ') ?? '';
  expect(facts()).not.toContain('Calls left');
  fake.tell('sync', { ...fake.sync(), budget: { left: 1180, limit: 1200 } });
  await waitFor(() => expect(facts()).toContain('Calls left this minute 1,180 of 1,200'));
});
