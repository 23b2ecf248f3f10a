// Quiet hours: times as people write them, and what cannot be meant.

import { screen, waitFor } from '@testing-library/svelte';
import { beforeEach, expect, test } from 'vitest';

import { amiss, keys, open, rows } from '../../../dev/opened';
import { preferences } from '../../state/settings.svelte';

// What another test has set.
beforeEach(() => void (preferences.now = null));

async function inQuietHours() {
  const fake = await open();
  fake.program.settings.notifications.quiet = true;
  await rows();
  await keys.click(screen.getByTestId('nav-settings'));
  await screen.findByTestId('quiet-from');
  const kept = () => fake.program.settings.notifications.quiet_hours;
  return { fake, kept };
}

const field = (end: 'from' | 'until') => screen.getByTestId<HTMLInputElement>(`quiet-${end}`);
const said = () => screen.getByTestId('quiet-said').textContent.trim();

/** Types a time in place of what stands there and goes on to the next field. */
async function write(end: 'from' | 'until', text: string) {
  await keys.clear(field(end));
  if (text) await keys.type(field(end), text);
  await keys.tab();
}

test('a time is taken as it is written, and shown in one way', async () => {
  const { kept } = await inQuietHours();
  expect(screen.getByRole('textbox', { name: 'until' })).toBe(field('until'));
  await write('until', '7');
  await waitFor(() => expect(kept()).toMatchObject({ from: '22:00', until: '07:00' }));
  expect(field('until').value).toBe('07:00');
  await write('from', '2145');
  await waitFor(() => expect(kept()).toMatchObject({ from: '21:45', until: '07:00' }));
  expect(field('from').value).toBe('21:45');
});

test('the arrows go by quarters of an hour', async () => {
  const { kept } = await inQuietHours();
  field('from').focus();
  await keys.keyboard('{ArrowUp}{ArrowUp}');
  await waitFor(() => expect(kept().from).toBe('22:30'));
  await keys.keyboard('{ArrowDown}{ArrowDown}{ArrowDown}');
  await waitFor(() => expect(kept().from).toBe('21:45'));
  expect(field('from').value).toBe('21:45');
});

test('what is no time of day stays as it was typed, with a sentence, and changes nothing', async () => {
  const { fake, kept } = await inQuietHours();
  const before = fake.program.settings;
  await write('from', '25:00');
  expect(said()).toBe('There is no such time. Write it like 22:00.');
  expect(field('from').value).toBe('25:00');
  expect(field('from').getAttribute('aria-invalid')).toBe('true');
  expect(field('from').getAttribute('aria-describedby')).toBe(screen.getByTestId('quiet-said').id);
  expect(field('until').getAttribute('aria-invalid')).toBe('false');
  expect(await amiss()).toEqual([]);
  // What is right beside it is taken, and does not make it right.
  await write('until', '6:30');
  await waitFor(() => expect(kept().until).toBe('06:30'));
  expect(kept().from).toBe(before.notifications.quiet_hours.from);
  expect(said()).toContain('no such time');
  await write('from', '');
  expect(said()).toContain('no such time');
  await write('from', '23');
  await waitFor(() => expect(kept().from).toBe('23:00'));
  expect(said()).toBe('');
});

test('hours that are none, or the whole day, are said to be so', async () => {
  const { kept } = await inQuietHours();
  expect(said()).toBe('');
  await write('until', '22:00');
  await waitFor(() => expect(kept().until).toBe('22:00'));
  expect(said()).toBe('The same time twice: quiet around the clock.');
  for (const day of ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']) {
    await keys.click(screen.getByTestId(`quiet-${day}`));
  }
  await waitFor(() => expect(kept().days).toEqual([]));
  expect(said()).toBe('No day is chosen: there are no quiet hours.');
});
