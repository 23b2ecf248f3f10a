// Every login of the school, in the window over the invented school.

import { screen, waitFor, within } from '@testing-library/svelte';
import axe from 'axe-core';
import { expect, test, vi } from 'vitest';

import { keys, open, rows, selected } from '../../../dev/opened';
import type { Login } from '../../generated/Login';
import type { Page } from '../../generated/Page';
import type { SavedView } from '../../generated/SavedView';
import { logins } from '../../state/logins.svelte';
import { preferences } from '../../state/settings.svelte';

const shown = () => screen.findAllByTestId('login-row');
const total = () => screen.getByTestId('logins-total').textContent ?? '';

async function openLogins(state = 'fresh') {
  const fake = await open(state);
  await keys.click(screen.getByTestId('nav-logins'));
  return fake;
}

test('every login of the school stands in one list, counted', async () => {
  await openLogins();
  await shown();
  await waitFor(() => expect(total()).toBe('12,360 logins'));
  await waitFor(() => expect(screen.getByRole('grid').getAttribute('aria-rowcount')).toBe('12361'));
  expect((await shown()).length).toBeLessThan(60);
});

test('a click on a cell narrows the list to its value, and its chip is taken away by keyboard', async () => {
  await openLogins();
  const row = (await shown())[0] as HTMLElement;
  await keys.click(within(row).getByRole('button', { name: 'Only computer' }));
  const chip = await screen.findByRole('button', { name: 'Remove the filter: computer' });
  await waitFor(() => expect(total()).not.toBe('12,360 logins'));
  chip.focus();
  await keys.keyboard('{Enter}');
  await waitFor(() => expect(total()).toBe('12,360 logins'));
  expect(screen.queryByRole('button', { name: 'Remove the filter: computer' })).toBeNull();
  expect(document.activeElement).toBe(screen.getByTestId('logins-filter'));
});

test('an address, a range and words are typed; each becomes a chip', async () => {
  await openLogins();
  await shown();
  const field = screen.getByTestId('logins-filter');
  await keys.type(field, '185.21.4.0/24{Enter}');
  await screen.findByRole('button', { name: 'Remove the filter: 185.21.4.0/24' });
  await waitFor(async () => {
    for (const row of await shown()) expect(row.textContent).toContain('185.21.4.');
  });
  await keys.type(field, 'safari{Enter}');
  await screen.findByRole('button', { name: 'Remove the filter: “safari”' });
  await waitFor(async () => {
    for (const row of await shown()) expect(row.textContent).toContain('Safari');
  });
  await keys.click(screen.getByRole('button', { name: 'Clear all' }));
  await waitFor(() => expect(total()).toBe('12,360 logins'));
});

test('what finds nothing says so and leads back, by Escape too', async () => {
  await openLogins();
  await shown();
  await keys.type(screen.getByTestId('logins-filter'), '10.11.12.13{Enter}');
  await screen.findByText('No login matches.');
  await keys.click(screen.getByRole('button', { name: 'Show all logins' }));
  await shown();
  await keys.type(screen.getByTestId('logins-filter'), 'nobody at all{Enter}');
  await screen.findByText('No login matches.');
  screen.getByTestId('logins-filter').blur();
  await keys.keyboard('{Escape}');
  await shown();
  await waitFor(() => expect(total()).toBe('12,360 logins'));
});

test('an address that is none is told in the school’s words, and narrows nothing', async () => {
  await openLogins();
  await shown();
  await keys.type(screen.getByTestId('logins-filter'), '999.1.1.1{Enter}');
  await waitFor(() => expect(screen.getAllByTestId('problem')[0]?.textContent).toContain('no IP address'));
  expect(screen.getByTestId<HTMLInputElement>('logins-filter').value).toBe('999.1.1.1');
  expect(logins.question.address).toBe('');
  await keys.clear(screen.getByTestId('logins-filter'));
  expect(screen.queryAllByTestId('problem')).toEqual([]);
});

test('a login opens the card of its student at itself, and Escape leads back to the same filter', async () => {
  await openLogins();
  await shown();
  await keys.click(screen.getByRole('button', { name: 'Running now' }));
  await waitFor(() => expect(total()).toBe('30 logins'));
  await keys.keyboard('jj');
  const login = selected()?.dataset.id;
  await keys.keyboard('{Enter}');
  await screen.findAllByTestId('session-row');
  await waitFor(() => expect(selected()?.dataset.id).toBe(login));
  await keys.keyboard('{Escape}');
  await shown();
  await waitFor(() => expect(total()).toBe('30 logins'));
});

test('a login says what the owner calls its device', async () => {
  const fake = await openLogins();
  const answer = fake.answer.bind(fake);
  fake.answer = async (command, args) => {
    const answered = await answer(command, args);
    if (command !== 'logins') return answered;
    const page = answered as Page<Login>;
    return { ...page, rows: page.rows.map((row) => ({ ...row, own_name: 'Lab laptop' })) };
  };
  await shown();
  fake.tell('changed', fake.status());
  await keys.keyboard('j');
  await waitFor(() => expect(screen.getByTestId('detail').textContent).toContain('Lab laptop'));
});

test('a school without a login log says why nothing is here', async () => {
  await openLogins('contacts-only');
  await screen.findByText(/This server has no login log\. Logins, devices/);
});

test('rows that cannot be read are a sentence with a way to try again', async () => {
  await openLogins('error');
  const problem = (await screen.findAllByTestId('problem'))[0] as HTMLElement;
  expect(problem.textContent).toContain('damaged');
});

test.each(['fresh', 'empty', 'offline', 'hostile'])('a screen reader finds nothing amiss: %s', async (state) => {
  await open(state);
  if (state !== 'empty') await rows();
  await keys.click(screen.getByTestId('nav-logins'));
  if (state === 'empty') await screen.findByText(/Nothing is here yet|Nobody has logged in/);
  else await shown();
  await keys.keyboard('j');
  await waitFor(() => expect(document.querySelector('[aria-busy=true]')).toBeNull());
  const { violations } = await axe.run(document.body, { rules: { 'color-contrast': { enabled: false } } });
  expect(violations.map((found) => `${found.id}: ${found.nodes.map((node) => node.html).join('\n')}`)).toEqual([]);
});

test('a view is kept under a name, shown again and let go', async () => {
  const fake = await openLogins();
  await shown();
  await keys.click(screen.getByRole('button', { name: 'Running now' }));
  await waitFor(() => expect(total()).toBe('30 logins'));
  await keys.click(screen.getByTestId('views'));
  await keys.click(await screen.findByTestId('save-view'));
  await keys.type(screen.getByTestId('view-name'), 'Now{Enter}');
  await waitFor(() => expect(fake.review.views.map((view) => view.name)).toEqual(['Now']));
  // Where the way to it was; whoever goes on by keys starts from there.
  expect(document.activeElement).toBe(screen.getByTestId('views'));
  await keys.click(screen.getByRole('button', { name: 'Running now' }));
  await waitFor(() => expect(total()).toBe('12,360 logins'));
  await keys.click(screen.getByTestId('views'));
  await keys.click(await screen.findByTestId('saved-view'));
  await waitFor(() => expect(total()).toBe('30 logins'));
  await keys.click(screen.getByTestId('views'));
  await keys.click(await screen.findByRole('button', { name: 'Delete the view: Now' }));
  await waitFor(() => expect(fake.review.views).toEqual([]));
});

test('a view that was deleted or replaced comes back as it was with Undo', async () => {
  const fake = await openLogins();
  await shown();
  const [mine, other] = ['Mine', 'Other'].map((name) => ({ name, view: { list: 'logins', query: { search: name } } }));
  fake.review.views = [mine, other] as unknown as SavedView[];
  await keys.click(screen.getByTestId('views'));
  await keys.click(await screen.findByRole('button', { name: 'Delete the view: Mine' }));
  await waitFor(() => expect(screen.getAllByTestId('saved-view').map((one) => one.textContent)).toEqual(['Other']));
  expect(document.activeElement?.textContent).toBe('Other');
  expect((await screen.findByTestId('toast')).textContent).toMatch(/View deleted: .Mine/);
  await keys.keyboard('{Control>}z{/Control}');
  await waitFor(() => expect(fake.review.views).toEqual([other, mine]));
  await waitFor(() => expect(screen.getAllByTestId('saved-view')).toHaveLength(2));

  await keys.click(screen.getByTestId('save-view'));
  await keys.type(screen.getByTestId('view-name'), 'Mine{Enter}');
  await waitFor(() => expect(fake.review.views).not.toContainEqual(mine));
  await keys.click(await screen.findByTestId('undo'));
  await waitFor(() => expect(fake.review.views).toContainEqual(mine));
  expect(fake.review.views).toHaveLength(2);
});

test('what is shown is exported whole, and it says where the file is', async () => {
  const fake = await openLogins();
  await shown();
  await keys.click(screen.getByRole('button', { name: 'Running now' }));
  await keys.click(screen.getByTestId('export'));
  await keys.click(screen.getByRole('radio', { name: /^CSV/ }));
  await keys.click(screen.getByTestId('export-begin'));
  expect((await screen.findByTestId('exported')).textContent).toContain('30 rows written');
  expect(screen.getByTestId('export-dialog').textContent).toContain('Logins.csv');
  // The button that wrote it is gone; the keys go on at the way out.
  const dialog = screen.getByTestId('export-dialog');
  await waitFor(() => expect(document.activeElement).toBe(within(dialog).getByTestId('cancel')));
  await keys.click(screen.getByTestId('written-folder'));
  await waitFor(() => expect(fake.cases.shown).toBe('folder'));
});

test('the histogram is zoomed, moved and reset by keyboard', async () => {
  await openLogins();
  const bars = await screen.findByTestId('histogram');
  const before = bars.getAttribute('aria-valuemax');
  bars.focus();
  await keys.keyboard('{ArrowLeft}{ArrowLeft}');
  expect(bars.getAttribute('aria-valuetext')).toMatch(/: \d+ logins$/);
  await keys.keyboard('+');
  const reset = await screen.findByTestId('histogram-reset');
  await waitFor(() => expect(total()).not.toBe('12,360 logins'));
  await keys.click(reset);
  await waitFor(() => expect(total()).toBe('12,360 logins'));
  await waitFor(() => expect(bars.getAttribute('aria-valuemax')).toBe(before));
});

test('bars are days of the clock that times are read off, and cut anew when that changes', async () => {
  const fake = await openLogins();
  await screen.findByTestId('histogram');
  const asked = vi.spyOn(fake, 'answer');
  const counts = () => asked.mock.calls.filter(([command]) => command === 'login_summary').length;
  const before = counts();
  await preferences.load();
  await preferences.change({ times: 'utc' });
  await waitFor(() => expect(counts()).toBe(before + 1));
  await preferences.change({ times: 'local' });
  await waitFor(() => expect(counts()).toBe(before + 2));
});

test('time that was not counted has no number, in the bars, on the map and in its list', async () => {
  const fake = await openLogins();
  fake.review.looksAt = 40;
  await shown();
  logins.narrow({ os: 'Windows 10' });
  await waitFor(() => expect(total()).toMatch(/^40 logins since .+ listed, not counted$/));
  const bars = screen.getByTestId('histogram');
  bars.focus();
  await keys.keyboard('{Home}');
  expect(bars.getAttribute('aria-valuetext')).toMatch(/: not counted; zoom in to count it$/);
  expect(screen.getByTestId('histogram-uncounted')).toBeTruthy();
  if (!screen.queryByTestId('map')) await keys.click(screen.getByTestId('map-fold'));
  expect((await screen.findByTestId('map-part')).textContent).toMatch(/^counted since /);
  expect((await screen.findAllByTestId('map-country'))[0]?.getAttribute('aria-label')).toMatch(/, counted since /);
});

test('moving again and again keeps how much time is shown', async () => {
  await openLogins();
  const bars = await screen.findByTestId('histogram');
  const asked = () => [logins.question.from, logins.question.until].map((end) => Date.parse(end ?? ''));
  const width = () => (asked()[1] ?? 0) - (asked()[0] ?? 0);
  const settled = () => waitFor(() => expect(logins.summary).toMatchObject(ends(logins.question)));
  const ends = ({ from, until }: { from: string | null; until: string | null }) => ({ from, until });
  bars.focus();
  await keys.keyboard('{ArrowLeft}{ArrowLeft}+');
  await screen.findByTestId('histogram-reset');
  await settled();
  await keys.keyboard('+');
  await settled();
  const [first, before] = [asked()[0] ?? 0, width()];
  for (const step of [1, 2, 3, 4]) {
    await keys.keyboard('{Shift>}{ArrowLeft}{/Shift}');
    expect([step, width()]).toEqual([step, before]);
    expect(Math.abs(first - (asked()[0] ?? 0) - (step * before) / 4)).toBeLessThan(4);
    await settled();
  }
});

test('a country on the map’s list narrows the logins to it, and takes it back', async () => {
  await openLogins();
  await screen.findByTestId('histogram');
  if (!screen.queryByTestId('map')) await keys.click(screen.getByTestId('map-fold'));
  const poland = await screen.findByRole('button', { name: /^Poland: / });
  await keys.click(poland);
  await screen.findByRole('button', { name: 'Remove the filter: Poland' });
  await waitFor(async () => {
    for (const row of await shown()) expect(row.textContent).toContain('Poland');
  });
  await keys.click(await screen.findByRole('button', { name: /^Poland: / }));
  await waitFor(() => expect(total()).toBe('12,360 logins'));
});
