// When a contact was at work, in the card over the invented school.

import { screen, waitFor, within } from '@testing-library/svelte';
import axe from 'axe-core';
import { expect, test } from 'vitest';

import { keys, open, openCard } from '../../../dev/opened';

const facts = () => screen.getByTestId('strip-facts').textContent ?? '';

test('arrow keys move from login to login, say what each is, and Enter opens it', async () => {
  await open();
  await openCard(7);
  const drawing = await screen.findByTestId('strip-drawing');
  await waitFor(() => expect(facts()).toContain('Kyiv, Ukraine'));
  drawing.focus();
  await keys.keyboard('{ArrowLeft}');
  const newest = facts();
  expect(newest).toMatch(/\d\d:\d\d/);
  await keys.keyboard('{ArrowLeft}');
  expect(facts()).not.toBe(newest);
  await keys.keyboard('{Enter}');
  await waitFor(() =>
    expect(document.querySelector<HTMLElement>('[role=row][aria-selected=true]')?.dataset.testid).toBe('session-row'),
  );
});

test('the drawing zooms to two years by keyboard', async () => {
  await open();
  await openCard(7);
  (await screen.findByTestId('strip-drawing')).focus();
  await keys.keyboard('---');
  await waitFor(() => expect(screen.getByTestId<HTMLSelectElement>('strip-zoom').value).toBe('730'));
  await keys.keyboard('+');
  await waitFor(() => expect(screen.getByTestId<HTMLSelectElement>('strip-zoom').value).toBe('365'));
});

test('who has not logged in for a month keeps zoom and places, and it is said in words', async () => {
  const fake = await open();
  fake.insights.away.add(7);
  await openCard(7);
  await waitFor(() => expect(screen.getByTestId('strip-none').textContent).toBe('No logins in these 30 days.'));
  expect(facts()).toContain('Kyiv, Ukraine');
  await keys.selectOptions(screen.getByTestId('strip-zoom'), '90');
  await waitFor(() => expect(screen.queryByTestId('strip-none')).toBeNull());
  expect(screen.getByTestId('strip').textContent).toMatch(/#\d/);
});

test('a login says who else was at its address', async () => {
  await open();
  await openCard(7);
  await keys.keyboard('j');
  const others = await screen.findByTestId('others');
  expect(others.getAttribute('aria-label')).toMatch(/^Others at /);
  expect((await within(others).findAllByRole('button')).length).toBeGreaterThan(0);
});

test('a screen reader finds nothing amiss in the card with its drawing', async () => {
  await open();
  await openCard(7);
  await screen.findByTestId('strip-drawing');
  await waitFor(() => expect(document.querySelector('[aria-busy=true]')).toBeNull());
  const { violations } = await axe.run(document.body, { rules: { 'color-contrast': { enabled: false } } });
  expect(violations.map((found) => `${found.id}: ${found.nodes.map((node) => node.html).join('\n')}`)).toEqual([]);
});
