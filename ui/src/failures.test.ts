// What fails says so, with what to do, wherever it was begun; and what is not known yet is not said to be none.

import { screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, expect, test, vi } from 'vitest';

import { isViolation, keys, open, openCard, openViolations, rows } from '../dev/opened';
import { broken } from '../dev/problems';
import { logins } from './state/logins.svelte';
import { nav } from './state/nav.svelte';
import { school } from './state/school.svelte';
import { preferences } from './state/settings.svelte';
import { violations } from './state/violations.svelte';

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

test.each([
  ['history', 'The first logins are on their way.'],
  ['devices', 'The first logins are on their way.'],
  ['restrictions', 'The first violations are on their way.'],
] as const)('a card says of no list that it is empty while the first sync still reads: %s', async (tab, said) => {
  const fake = await open('pulling');
  await rows();
  for (const command of ['sessions', 'devices', 'restrictions']) fake.empty.add(command);
  nav.go({ screen: 'contact', id: 7, tab, focus: null });
  await screen.findByText(said);
  expect(screen.getByText('The first sync is not finished: this is a part of what the school has.')).toBeDefined();
});

test('a device without logins leads back to all logins of the card', async () => {
  const fake = await open();
  await openCard(7);
  await keys.keyboard('2');
  await screen.findAllByTestId('device-row');
  fake.empty.add('sessions');
  await keys.keyboard('j{Enter}');
  await screen.findByText('No logins from this device are kept here.');
  fake.empty.clear();
  await keys.click(screen.getByRole('button', { name: 'Show all logins' }));
  await screen.findAllByTestId('session-row');
});

test('saved views are not said to be none before they are here, nor where they cannot be read', async () => {
  const fake = await openViolations();
  let here = () => {};
  fake.held.set('saved_views', new Promise<void>((done) => (here = done)));
  await keys.click(screen.getByTestId('views'));
  expect(screen.queryByText(/No view is saved yet/)).toBeNull();
  fake.failing.add('saved_views');
  here();
  await told();
  expect(screen.queryByText(/No view is saved yet/)).toBeNull();
  fake.failing.clear();
  await keys.click(screen.getByTestId('views'));
  await screen.findByText(/No view is saved yet/);
});

test.each([
  ['school', 'access_control', 'access-control'],
  ['settings', 'settings', 'test-notification'],
])('what could not be read is asked for again from where that is said: %s', async (at, command, shown) => {
  const fake = await open();
  await rows();
  fake.failing.add(command);
  preferences.now = null;
  await keys.click(screen.getByTestId(`nav-${at}`));
  const problem = await screen.findByTestId('problem');
  fake.failing.clear();
  await keys.click(within(problem).getByRole('button', { name: 'Try again' }));
  await screen.findByTestId(shown);
  expect(screen.queryByTestId('problem')).toBeNull();
});

test('logins that could not be counted are counted again on demand', async () => {
  const fake = await open();
  await rows();
  fake.failing.add('login_summary');
  await keys.click(screen.getByTestId('nav-logins'));
  const again = await screen.findByRole('button', { name: 'Try again' });
  fake.failing.clear();
  await keys.click(again);
  await screen.findByTestId('histogram');
});

test('a card that could not be read is read again on demand', async () => {
  const fake = await open();
  await rows();
  fake.failing.add('contact');
  nav.go({ screen: 'contact', id: 7, tab: 'history', focus: null });
  const again = await screen.findByRole('button', { name: 'Try again' });
  fake.failing.clear();
  await keys.click(again);
  await screen.findByTestId('card-email');
});

test('all violations of a card are marked viewed once, however often the button is pressed', async () => {
  const fake = await open();
  await openCard(26);
  await keys.keyboard('3');
  let decided = () => {};
  fake.held.set('unviewed_restrictions', new Promise<void>((done) => (decided = done)));
  const button = await screen.findByTestId<HTMLButtonElement>('view-all');
  await keys.click(button);
  expect(button.disabled).toBe(true);
  await keys.click(button);
  decided();
  expect((await screen.findByTestId('toast')).textContent).toContain('marked viewed');
  await screen.findByTestId('undo');
});

test('a refused decision is sent again once, however often that is asked for', async () => {
  const fake = await open('decided');
  await rows();
  nav.go({ screen: 'sync', tab: 'decisions' });
  await screen.findAllByTestId('waiting-row');
  const asked = vi.spyOn(fake, 'answer');
  const [way] = await screen.findAllByTestId('way-keep_mine');
  await Promise.all([keys.click(way!), keys.click(way!)]);
  await waitFor(() => expect(asked.mock.calls.some(([command]) => command === 'resolve')).toBe(true));
  await waitFor(() => expect(document.querySelector('[aria-busy=true]')).toBeNull());
  expect(asked.mock.calls.filter(([command]) => command === 'resolve')).toHaveLength(1);
  expect(screen.queryByTestId('toast')).toBeNull();
});

test('a time to keep that cannot be kept is not what the field says', async () => {
  const fake = await open();
  await rows();
  await keys.click(screen.getByTestId('nav-settings'));
  const field = await screen.findByTestId<HTMLSelectElement>('kept-months');
  const before = field.value;
  fake.failing.add('keep_months');
  await keys.selectOptions(field, '3');
  await screen.findByText(broken.message);
  await waitFor(() => expect(field.value).toBe(before));
  expect(field.disabled).toBe(false);
});

test('a text that is not here yet is not copied in the words of another', async () => {
  const fake = await open();
  await openCard(1);
  await keys.click(screen.getByTestId('card-letter'));
  const copy = await screen.findByTestId<HTMLButtonElement>('letter-copy');
  await waitFor(() => expect(copy.disabled).toBe(false));
  let here = () => {};
  fake.held.set('warning', new Promise<void>((done) => (here = done)));
  await keys.selectOptions(screen.getByTestId('letter-kind'), 'blocked');
  expect(copy.disabled).toBe(true);
  here();
  await waitFor(() => expect(copy.disabled).toBe(false));
});

test('words that were half typed narrow nothing once their screen is left', async () => {
  await openViolations();
  await keys.type(screen.getByTestId('violations-search'), 'x');
  nav.go({ screen: 'settings' });
  await screen.findByTestId('test-notification');
  await new Promise((done) => setTimeout(done, 300));
  expect(violations.question.search).toBe('');
});

test('where the school has no violation at all, nobody in particular is said to have none', async () => {
  const fake = await openViolations();
  fake.empty.add('violation_groups');
  await keys.click(screen.getByRole('button', { name: 'Not viewed' }));
  await waitFor(() => expect(violations.narrowed).toBe(false));
  await screen.findByText('Nothing to look at: every violation has been viewed.');
  expect(screen.queryByText('Access control has never acted on this contact.')).toBeNull();
});

test('a school that has never had a violation is not said to have viewed them all, however it is asked', async () => {
  const fake = await open('fresh', 0);
  await waitFor(() => expect(school.starting).toBe(false));
  await keys.click(screen.getByTestId('nav-violations'));
  await screen.findByText('No rule has been broken so far.');
  await keys.click(screen.getByRole('button', { name: 'Viewed' }));
  await waitFor(() => expect(violations.question.status).toBe('viewed'));
  screen.getByText('No rule has been broken so far.');
  expect(screen.getByTestId('violations-total').textContent).toBe('');
  // Of a first sync that is not at its end it is not known.
  fake.state = 'pulling';
  fake.tell('changed', fake.status());
  await screen.findByText('Nothing is here yet: the first sync has not brought any violations.');
  expect(screen.queryByText('No rule has been broken so far.')).toBeNull();
});

test('what could not be counted in one school is not said of another', async () => {
  const fake = await open();
  await rows();
  fake.failing.add('login_summary');
  await keys.click(screen.getByTestId('nav-logins'));
  await screen.findByRole('button', { name: 'Try again' });
  logins.reset();
  expect(logins.uncounted).toBeNull();
});
