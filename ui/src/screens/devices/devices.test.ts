// Every device of the school, in the window over the invented school.

import { screen, waitFor, within } from '@testing-library/svelte';
import axe from 'axe-core';
import { beforeEach, expect, test } from 'vitest';

import { keys, open, openCard } from '../../../dev/opened';
import type { FakeSchool } from '../../../dev/school';
import { decisions } from '../../state/decisions.svelte';
import { devices } from '../../state/devices.svelte';

beforeEach(() => {
  devices.reset();
  decisions.reset();
});

const shown = () => screen.findAllByTestId('school-device-row');
const idOf = (row: HTMLElement | undefined) => Number(row?.dataset.id);

async function openDevices(state = 'fresh') {
  const fake = await open(state);
  await keys.click(screen.getByTestId('nav-devices'));
  return fake;
}

test('devices that several people use stand first', async () => {
  await openDevices();
  const first = (await shown())[0] as HTMLElement;
  expect(first.textContent).toMatch(/\d other contact/);
  await keys.keyboard('j');
  const others = await screen.findByTestId('others');
  await within(others).findAllByRole('button');
});

test('what is long unused is suggested, blocked at once and comes back with one undo', async () => {
  const fake = await openDevices();
  await shown();
  await keys.click(screen.getByTestId('tidy'));
  await waitFor(() => expect(screen.getByTestId<HTMLSelectElement>('devices-unused').value).toBe('90'));
  await keys.click(await screen.findByTestId('tidy-all'));
  const dialog = await screen.findByTestId('block-dialog');
  await waitFor(() => expect(dialog.hasAttribute('open')).toBe(true));
  await keys.click(within(dialog).getByTestId('confirm'));
  await waitFor(() => expect(fake.outbox.counts().queued).toBeGreaterThan(1));
  await waitFor(() => expect(decisions.toast?.undo).toBe(true));
  await keys.keyboard('{Control>}z{/Control}');
  await waitFor(() => expect(fake.outbox.counts().queued).toBe(0));
});

test('a device gets a name of the owner’s own by keyboard and is found by it', async () => {
  const fake = await openDevices();
  await shown();
  await keys.keyboard('jn');
  const id = devices.selected as number;
  await keys.type(await screen.findByTestId('device-name'), 'Lab laptop{Enter}');
  await waitFor(() => expect(fake.devices.names.get(id)).toBe('Lab laptop'));
  expect((await screen.findByTestId('toast')).textContent).toContain(`Device #${id} is now called`);
  await keys.keyboard('{Control>}z{/Control}');
  await waitFor(() => expect(fake.devices.names.has(id)).toBe(false));
  await waitFor(async () => expect((await shown()).some((row) => row.textContent.includes('Lab laptop'))).toBe(false));
  await keys.keyboard('n');
  await keys.type(await screen.findByTestId('device-name'), 'Lab laptop{Enter}');
  await waitFor(() => expect(fake.devices.names.get(id)).toBe('Lab laptop'));
  await keys.type(screen.getByTestId('devices-search'), 'lab laptop');
  await waitFor(async () => expect((await shown()).map(idOf)).toEqual([id]));
});

test('two devices that are one are said to be so, and parted again', async () => {
  const fake = await openDevices();
  await shown();
  await keys.keyboard('jxjx');
  await keys.click(await screen.findByTestId('join'));
  await waitFor(() => expect(fake.devices.joined).toHaveLength(2));
  expect((await screen.findByTestId('toast')).textContent).toContain('Counted as one from now on: 2 devices');
  await screen.findByTestId('same-as');
  // Each of them says so in the list.
  const [one, other] = fake.devices.joined;
  const rowOf = async (id = 0) => (await shown()).find((row) => idOf(row) === id)?.textContent;
  await waitFor(async () => expect(await rowOf(one)).toContain(`same as #${other}`));
  expect(await rowOf(other)).toContain(`same as #${one}`);
  await keys.click(screen.getByTestId('part'));
  await waitFor(() => expect(fake.devices.joined).toEqual([]));
  await waitFor(() => expect(screen.queryByTestId('same-as')).toBeNull());
  await waitFor(() => expect(screen.getByTestId('toast').textContent).toMatch(/^Device #\d+ is separate again/));
  // Parting is undone, and joining.
  await keys.keyboard('{Control>}z{/Control}');
  await waitFor(() => expect(fake.devices.joined.toSorted()).toEqual([one, other].toSorted()));
  await keys.keyboard('{Control>}z{/Control}');
  await waitFor(() => expect(fake.devices.joined).toEqual([]));
});

/** Marks the first rows and says that they are one. */
async function join(fake: FakeSchool, count: number) {
  await shown();
  await keys.keyboard('jx'.repeat(count));
  await keys.click(await screen.findByTestId('join'));
  await waitFor(() => expect(fake.devices.joined).toHaveLength(count));
  await waitFor(() => expect(decisions.toast?.undo).toBe(true));
}

test('joining that could not be taken back stays whole, and the next undo takes it back', async () => {
  const fake = await openDevices();
  await join(fake, 4);
  const answer = fake.answer.bind(fake);
  fake.answer = (command, args) =>
    command === 'regroup_devices'
      ? Promise.reject({ code: 'cache', message: 'The disk is full.', hint: 'Make room.' })
      : answer(command, args);
  await keys.keyboard('{Control>}z{/Control}');
  const told = async (words: string) =>
    waitFor(() => expect(screen.getByTestId('toast').textContent.replace(/\s+/g, ' ')).toContain(words));
  await told('The disk is full. Make room.');
  expect(fake.devices.joined).toHaveLength(4);
  fake.answer = answer;
  await keys.keyboard('{Control>}z{/Control}');
  await told('Undone: Counted as one from now on: 4 devices');
  expect(fake.devices.joined).toEqual([]);
});

test('what is not here any more does not keep undo from what was noted before it', async () => {
  const fake = await openDevices();
  await join(fake, 2);
  await keys.keyboard('n');
  await keys.type(await screen.findByTestId('device-name'), 'Lab laptop{Enter}');
  await waitFor(() => expect(fake.devices.names.size).toBe(1));
  const answer = fake.answer.bind(fake);
  fake.answer = (command, args) =>
    command === 'name_device'
      ? Promise.reject({ code: 'not_found', message: 'There is no such device.', hint: '' })
      : answer(command, args);
  await keys.keyboard('{Control>}z{/Control}');
  await waitFor(() => expect(screen.getByTestId('toast').textContent).toContain('There is no such device.'));
  await keys.keyboard('{Control>}z{/Control}');
  await waitFor(() => expect(fake.devices.joined).toEqual([]));
});

test('two devices that are one say who else has them, though no browser is the same', async () => {
  const fake = await openDevices();
  await shown();
  const alone = fake.devices.seen
    .contacts()
    .slice(0, 60)
    .flatMap((who) => fake.devices.seen.devices(who))
    .filter((device) => device.also_used_by === 0);
  const [one, other] = [alone[0], alone.find((device) => device.contact_id !== alone[0]?.contact_id)];
  if (!one || !other) throw new Error('too few devices');
  fake.devices.joined = [one.id, other.id];
  devices.showOne(one.id);
  await waitFor(async () => expect((await shown()).map(idOf)).toEqual([one.id]));
  await keys.keyboard('j');
  expect((await screen.findByTestId('same-as')).textContent).toContain(`#${other.id}`);
  await within(await screen.findByTestId('others')).findAllByRole('button');

  // And so in the card.
  await keys.keyboard('{Enter}');
  const inCard = (await screen.findAllByTestId('device-row')).find((row) => idOf(row) === one.id);
  await waitFor(() => expect(inCard?.textContent).toContain(`same as #${other.id}`));
  await waitFor(() => expect(screen.getByTestId('same-as').textContent).toContain(`#${other.id}`));
  await within(await screen.findByTestId('others')).findAllByRole('button');
});

test('Enter opens the card at the device', async () => {
  await openDevices();
  const first = idOf((await shown())[0]);
  await keys.keyboard('j{Enter}');
  await waitFor(() => {
    const row = document.querySelector<HTMLElement>('[role=row][aria-selected=true]');
    expect([row?.dataset.testid, idOf(row ?? undefined)]).toEqual(['device-row', first]);
  });
});

test('filters that no device fits say so, and Escape shows all again', async () => {
  await openDevices();
  const before = (await shown()).length;
  await keys.type(screen.getByTestId('devices-search'), 'no such browser');
  await screen.findByText('No device fits these filters.');
  await keys.keyboard('{Escape}{Escape}');
  await waitFor(async () => expect((await shown()).length).toBe(before));
});

test.each([
  ['fresh', 'j', 'others'],
  ['fresh', 'jxjx', 'join'],
  ['empty', '', 'devices-total'],
  ['error', '', 'problem'],
  ['contacts-only', '', 'devices-total'],
])('a screen reader finds nothing amiss: %s, after %s', async (state, pressed, landmark) => {
  await openDevices(state);
  if (pressed) {
    await shown();
    await keys.keyboard(pressed);
  }
  await screen.findAllByTestId(landmark);
  await waitFor(() => expect(document.querySelector('[aria-busy=true]')).toBeNull());
  const { violations } = await axe.run(document.body, { rules: { 'color-contrast': { enabled: false } } });
  expect(violations.map((found) => `${found.id}: ${found.nodes.map((node) => node.html).join('\n')}`)).toEqual([]);
});

test('N names the device that is selected in a card, too, and one undo takes that back', async () => {
  const fake = await open();
  await openCard(17);
  await keys.keyboard('2');
  await screen.findAllByTestId('device-row');
  await keys.keyboard('j');
  const id = Number(document.querySelector<HTMLElement>('[role=row][aria-selected=true]')?.dataset.id);
  await keys.keyboard('n');
  const dialog = await screen.findByTestId<HTMLDialogElement>('name-dialog');
  await waitFor(() => expect(dialog.open).toBe(true));
  expect(screen.getByTestId<HTMLDialogElement>('verdict-dialog').open).toBe(false);
  await keys.type(screen.getByTestId('device-name'), 'Her tablet{Enter}');
  await waitFor(() => expect(fake.devices.names.get(id)).toBe('Her tablet'));
  await keys.keyboard('{Control>}z{/Control}');
  await waitFor(() => expect(fake.devices.names.get(id)).toBeUndefined());
});

test('a device found by its number stands alone, until its chip is taken away', async () => {
  await open();
  await screen.findAllByTestId('contact-row');
  await keys.keyboard('{Control>}k{/Control}70');
  await waitFor(() => expect(document.querySelector('[data-key="device 70"]')).not.toBeNull());
  await keys.click(document.querySelector('[data-key="device 70"]') as HTMLElement);
  await waitFor(async () => expect((await shown()).map(idOf)).toEqual([70]));
  await keys.click(screen.getByRole('button', { name: 'Remove the filter: Device #70' }));
  await waitFor(async () => expect((await shown()).length).toBeGreaterThan(1));
});
