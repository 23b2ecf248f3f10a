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
  expect(facts()).toMatch(/^Last 30 days: \d+ logins, 1 restriction/);
  drawing.focus();
  await keys.keyboard('{ArrowLeft}');
  const newest = facts();
  expect(newest).toMatch(/\d\d:\d\d/);
  await keys.keyboard('{ArrowLeft}');
  expect(facts()).not.toBe(newest);
  await keys.keyboard('{ArrowLeft}{Enter}');
  await waitFor(() =>
    expect(document.querySelector<HTMLElement>('[role=row][aria-selected=true]')?.dataset.testid).toBe('session-row'),
  );
});

test('arrow keys reach restrictions, say what each is, and Enter opens it', async () => {
  await open();
  await openCard(7);
  const drawing = await screen.findByTestId('strip-drawing');
  drawing.focus();
  await keys.keyboard('{ArrowLeft}{ArrowLeft}');
  expect(facts()).toContain('Devices: 6, allowed 5');
  expect(facts()).toMatch(/\d\d:\d\d.*viewed/);
  await keys.keyboard('{ArrowLeft}');
  expect(facts()).not.toContain('allowed 5');
  await keys.keyboard('{ArrowRight}{Enter}');
  await screen.findAllByTestId('restriction-row');
});

test('devices that the owner says are one stand on one line with the numbers of both, under their name', async () => {
  const fake = await open();
  fake.devices.joined = [170, 171];
  fake.devices.names.set(170, 'Lab laptop');
  await openCard(17);
  await waitFor(() => expect(screen.getByTestId('strip').textContent).toMatch(/Lab laptop\s*#170, #171/));
});

test('every place that was visited is unfolded with its first and last day', async () => {
  const fake = await open();
  fake.insights.been.push(
    ...['Lviv', 'Odesa', 'Berlin', 'Paris', 'Oslo'].map((city) => ({ ...fake.insights.been[0]!, city })),
  );
  await openCard(7);
  const unfold = await screen.findByTestId('places-unfold');
  expect(unfold.textContent).toBe('2 more places, with dates');
  expect(screen.getByTestId('strip-places').textContent).toMatch(/^Places, all time:/);
  expect(screen.getByTestId('strip-places').textContent).not.toContain('Oslo');
  await keys.click(unfold);
  const all = screen.getAllByTestId('visited-place');
  expect(all).toHaveLength(7);
  expect(all[6]?.textContent).toMatch(/Oslo.*3 Jan.*21 Nov.*312 logins/);
  await keys.click(unfold);
  expect(screen.queryByTestId('visited-place')).toBeNull();
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
  await waitFor(() => expect(screen.getByTestId('strip-none').textContent).toBe('No logins in the last 30 days.'));
  expect(screen.getByTestId('strip-places').textContent).toContain('Kyiv, Ukraine');
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

test('in a low window it is a line that unfolds, on the next card too', async () => {
  const { innerHeight } = window;
  window.innerHeight = 640;
  try {
    await open();
    await openCard(7);
    const fold = await screen.findByTestId('strip-fold');
    expect(screen.queryByTestId('strip-drawing')).toBeNull();
    expect(screen.getByTestId('strip').textContent).toMatch(/Timeline.*Last 30 days: \d+ logins, 1 restriction/);
    fold.focus();
    await keys.keyboard('{Enter}');
    await screen.findByTestId('strip-drawing');
    expect(screen.getByTestId('strip-places').textContent).toContain('Kyiv');
    await keys.keyboard('{Escape}');
    await openCard(8);
    await screen.findByTestId('strip-drawing');
    await keys.click(screen.getByTestId('strip-fold'));
    expect(screen.queryByTestId('strip-drawing')).toBeNull();
    await keys.click(screen.getByTestId('strip-fold'));
    await screen.findByTestId('strip-drawing');
  } finally {
    window.innerHeight = innerHeight;
  }
});

test('a screen reader finds nothing amiss in the card with its drawing', async () => {
  await open();
  await openCard(7);
  await screen.findByTestId('strip-drawing');
  await waitFor(() => expect(document.querySelector('[aria-busy=true]')).toBeNull());
  const { violations } = await axe.run(document.body, { rules: { 'color-contrast': { enabled: false } } });
  expect(violations.map((found) => `${found.id}: ${found.nodes.map((node) => node.html).join('\n')}`)).toEqual([]);
});

test('logins without a device are counted as none of the further devices', async () => {
  const fake = await open();
  const at = new Date(Date.now() - 36e5).toISOString();
  const laneOf = (device_id: number | null, place: number) => ({
    ...{ device_id, own_name: null, access: 'allowed', browser: null, os: null, device_type: 'unknown' },
    bars: [{ session_id: place + 1, from: at, until: at, sessions: 1, denied: 0 }],
  });
  fake.insights.lanes = [1, 2, 3, 4, null].map(laneOf);
  await openCard(7);
  await screen.findByRole('button', { name: 'and 1 more device' });
  await keys.keyboard('{Escape}');
  fake.insights.lanes = [1, 2, 3, null].map(laneOf);
  await openCard(8);
  await keys.click(await screen.findByRole('button', { name: 'and logins without a device' }));
  expect(screen.getByTestId('strip').textContent).toContain('no device');
});
