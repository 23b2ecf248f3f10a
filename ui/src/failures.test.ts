// What fails says so, with what to do, wherever it was begun; and what is not known yet is not said to be none.

import { screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, expect, test, vi } from 'vitest';

import { isViolation, keys, open, openCard, openViolations, rows } from '../dev/opened';
import { broken } from '../dev/problems';
import { nav } from './state/nav.svelte';
import { school } from './state/school.svelte';

const unhandled = vi.fn();
process.on('unhandledRejection', unhandled);
afterEach(() => {
  expect(unhandled).not.toHaveBeenCalled();
  unhandled.mockClear();
});

/** The toast that says what has failed, and what to do. */
async function told(): Promise<void> {
  const toast = await screen.findByTestId('toast');
  expect(toast.textContent).toContain(broken.message);
  expect(toast.textContent).toContain(broken.hint);
}

test.each(['lock', 'quit'])('whoever leaves by the menu is told where that fails: %s', async (way) => {
  const fake = await open();
  await rows();
  fake.failing.add(way);
  await keys.click(screen.getByTestId('school-menu'));
  await keys.click(await screen.findByTestId(way));
  await told();
});

test('Ctrl L that locks nothing says so', async () => {
  const fake = await open();
  await rows();
  fake.failing.add('lock');
  await keys.keyboard('{Control>}l{/Control}');
  await told();
});

test('a demo school that does not open is told on the screen of a locked one, too', async () => {
  const fake = await open('locked');
  fake.failing.add('open_demo');
  await keys.click(await screen.findByRole('button', { name: 'Demo school' }));
  await told();
  expect(screen.getByTestId('unlock')).toBeDefined();
});

test('while the demo school is made the window says that one opens', async () => {
  const fake = await open();
  await rows();
  let made = () => {};
  fake.held.set('open_demo', new Promise<void>((done) => (made = done)));
  await keys.click(screen.getByTestId('school-menu'));
  await keys.click(await screen.findByRole('menuitem', { name: 'Demo school' }));
  await screen.findByText('Opening the school…');
  made();
  await rows();
  expect(school.starting).toBe(false);
});

test('checks that cannot be switched on by a click say so', async () => {
  const fake = await openViolations('decided');
  fake.outbox.told.set('contact_checks 26', 'off');
  fake.tell('changed', fake.status());
  fake.failing.add('check_exception');
  const act = await waitFor(() => {
    const found = document.querySelector<HTMLElement>('[role=gridcell] .act');
    if (!found) throw new Error('no checks are off');
    return found;
  });
  await keys.click(act);
  await told();
});

test('all that cannot be marked at once says so, and none is marked', async () => {
  const fake = await openViolations();
  fake.failing.add('violation_groups');
  await keys.click(screen.getAllByTestId('violation-row').find(isViolation)!);
  await keys.keyboard('{Control>}a{/Control}');
  await told();
  expect(screen.queryByTestId('bulk-bar')).toBeNull();
});

test('all of a long list that cannot be marked at once says so under the list, with the way to try again', async () => {
  const fake = await open();
  await rows();
  await keys.click(screen.getByTestId('nav-devices'));
  await screen.findAllByTestId('school-device-row');
  fake.failing.add('school_devices');
  await keys.keyboard('j{Control>}a{/Control}');
  const problem = await screen.findByTestId('problem');
  expect(problem.textContent).toContain(broken.hint);
  fake.failing.clear();
  await keys.click(within(problem).getByRole('button', { name: 'Try again' }));
  await waitFor(() => expect(screen.queryByTestId('problem')).toBeNull());
});

test('an export whose progress cannot be heard is no export that never ends', async () => {
  await open();
  await rows();
  await keys.click(screen.getByTestId('export'));
  const dialog = screen.getByTestId('export-dialog');
  const listening = vi.spyOn(await import('./bridge'), 'onExport').mockRejectedValueOnce(broken);
  await keys.click(within(dialog).getByTestId('export-begin'));
  await within(dialog).findByText(broken.message);
  expect(within(dialog).getByTestId<HTMLButtonElement>('export-begin').disabled).toBe(false);
  listening.mockRestore();
});

test('exceptions that cannot be read are not said to be none', async () => {
  const fake = await open();
  await rows();
  fake.failing.add('check_exceptions');
  const { exceptions } = await import('./state/exceptions.svelte');
  exceptions.rows = null;
  nav.go({ screen: 'sync', tab: 'exceptions' });
  const problem = await screen.findByTestId('problem');
  expect(problem.textContent).toContain(broken.message);
  expect(screen.queryByText('No checks are switched off with a reason or an end.')).toBeNull();
  expect(screen.getByTestId('tab-exceptions').textContent).not.toContain('0');
});

test('the tabs of a card count nothing before it is known', async () => {
  const fake = await open();
  let known = () => {};
  fake.held.set('contact', new Promise<void>((done) => (known = done)));
  await openCard(7);
  for (const tab of ['history', 'devices', 'restrictions'])
    expect(screen.getByTestId(`tab-${tab}`).textContent).not.toMatch(/\d/);
  known();
  await waitFor(() => expect(screen.getByTestId('tab-history').textContent).toMatch(/\d/));
});
