// What the owner says of a device, wherever the card leads to it.

import { screen, waitFor, within } from '@testing-library/svelte';
import { expect, test } from 'vitest';

import { amiss, isViolation, keys, open, openCard, openViolations } from '../../../dev/opened';

async function openNoted() {
  const fake = await open();
  fake.devices.joined = [170, 171];
  fake.devices.names.set(170, 'Lab laptop');
  await openCard(17);
}

/** The ways to a device in the rows on the screen, as they read. */
const ways = (testid: string, id: number) =>
  screen
    .getAllByTestId(testid)
    .flatMap((row) => within(row).queryAllByRole('button', { name: new RegExp(`^Device #${id}(,|$)`) }))
    .map((way) => way.textContent);

test('a login leads to its device by the owner’s name, and says which is the same', async () => {
  await openNoted();
  await waitFor(() => expect(ways('session-row', 170)).toContain('#170 · Lab laptop · same as #171'));
  expect(new Set(ways('session-row', 170)).size).toBe(1);
  expect(screen.getAllByRole('button', { name: 'Device #170, Lab laptop, same as #171' })).not.toEqual([]);
  expect(await amiss()).toEqual([]);
});

test('so does a restriction', async () => {
  await openNoted();
  await keys.keyboard('3');
  await screen.findAllByTestId('restriction-row');
  await waitFor(() => expect(ways('restriction-row', 170)).toContain('#170 · Lab laptop · same as #171'));
});

test('a device of which nothing is said goes by its number', async () => {
  await open();
  await openCard(17);
  expect(new Set(ways('session-row', 170))).toEqual(new Set(['#170']));
});

test('a name that is given elsewhere is said once something has changed', async () => {
  const fake = await open();
  await openCard(17);
  fake.devices.names.set(170, 'Lab laptop');
  fake.touch(17);
  await waitFor(() => expect(ways('session-row', 170)).toContain('#170 · Lab laptop'));
});

test('a violation says what the owner calls its device', async () => {
  const fake = await openViolations();
  const link = () => screen.getAllByTestId('violation-row').filter(isViolation)[1]?.querySelector('.device .link');
  const id = Number(link()?.textContent?.slice(1));
  fake.devices.names.set(id, 'Lab laptop');
  fake.tell('changed', fake.status());
  await waitFor(() => expect(link()?.textContent).toBe(`#${id} · Lab laptop`));
});
