// What the log suggests, in the window over the invented school.

import { screen, waitFor, within } from '@testing-library/svelte';
import axe from 'axe-core';
import { beforeEach, expect, test } from 'vitest';

import { keys, open, rows } from '../../../dev/opened';
import { insights } from '../../state/insights.svelte';

beforeEach(() => insights.reset());

const ranked = () => screen.findAllByTestId('insight-row');
const points = (row: HTMLElement) => Number(within(row).getAllByRole('gridcell')[1]?.textContent);

async function openInsights(state = 'fresh') {
  const fake = await open(state);
  await keys.click(screen.getByTestId('nav-insights'));
  return fake;
}

test('contacts stand by their points, with the reasons and never the word proof of them', async () => {
  await openInsights();
  const shown = await ranked();
  const figures = shown.map(points);
  expect(figures).toEqual(figures.toSorted((a, b) => b - a));
  expect(figures.every((figure) => figure >= 40)).toBe(true);
  expect(shown[0]?.textContent).toContain('×');
  expect(document.body.textContent).toContain('Hints, never proof');
});

test('in the smallest window a contact has the room of a usual e-mail address, and the list is not wider than its half', async () => {
  await openInsights();
  await ranked();
  const least = [
    ...screen
      .getByRole('grid')
      .style.getPropertyValue('--columns')
      .matchAll(/(\d+)px/g),
  ].map(([, px]) => Number(px));
  // Beside the sidebar and what is behind the points; without a scroll bar, the edges and the gaps.
  const room = ((1024 - 214) * 12) / 22 - 17 - 2 * 20 - 2 * 11;
  expect(least[0]).toBeGreaterThanOrEqual(160);
  expect(least.reduce((sum, px) => sum + px, 0)).toBeLessThanOrEqual(room);
});

test('the first contact’s points are explained, and a row leads to the login in the card', async () => {
  await openInsights();
  await ranked();
  const found = await screen.findByTestId('found');
  const link = (await within(found).findAllByRole('button', { name: /^Login #/ }))[0] as HTMLElement;
  const login = link.textContent?.replace('Login #', '');
  await keys.click(link);
  await waitFor(() => {
    const row = document.querySelector<HTMLElement>('[role=row][aria-selected=true]');
    expect(row?.dataset.testid).toBe('session-row');
    expect(row?.dataset.id).toBe(login);
  });
});

test('arrows move through the contacts and what is behind them follows', async () => {
  await openInsights();
  const second = within((await ranked())[1] as HTMLElement).getAllByRole('gridcell')[0]?.textContent ?? '';
  await screen.findByTestId('found');
  await keys.keyboard('j');
  await waitFor(() => {
    const name = within(screen.getByTestId('found')).getByRole('heading', { level: 2 }).textContent ?? '-';
    expect(second).toContain(name);
  });
});

test('what is not known is named beside what was found', async () => {
  await openInsights();
  await ranked();
  await screen.findByText('Network of a hosting company: the location database knows no owners of networks');
});

test('who was called harmless is left out until that filter is taken away', async () => {
  const fake = await openInsights();
  const first = (await ranked())[0] as HTMLElement;
  const id = Number(first.dataset.id);
  fake.review.verdicts.set(id, {
    verdict: 'harmless',
    note: '',
    follow_up_at: null,
    decided_at: '2026-11-01T00:00:00Z',
  });
  fake.tell('changed', fake.status());
  await waitFor(async () => expect((await ranked())[0]?.dataset.id).not.toBe(String(id)));
  await keys.click(screen.getByRole('button', { name: 'Not marked harmless' }));
  await waitFor(async () => expect((await ranked())[0]?.dataset.id).toBe(String(id)));
});

test('a filter that fits nobody says so, and the way back shows all that was found', async () => {
  await openInsights();
  await ranked();
  await keys.type(screen.getByTestId('insights-search'), 'nobody of that name');
  await screen.findByText('Nobody fits these filters.');
  // Where nobody is, nothing is kept free for what is behind them.
  expect(document.querySelector('.both')?.classList).toContain('alone');
  await keys.click(screen.getByRole('button', { name: 'Show all that was found' }));
  expect((await ranked()).length).toBeGreaterThan(0);
  expect(document.querySelector('.both')?.classList).not.toContain('alone');
});

test('another limit says whom it would have hit, and leads to them', async () => {
  await openInsights();
  await ranked();
  await keys.keyboard('2');
  await waitFor(() =>
    expect(screen.getByTestId('what-if-answer').textContent).toContain(
      '“at most 4 devices” instead of 5 would have hit',
    ),
  );
  const list = await screen.findByRole('list', { name: 'Contacts that the limit would have hit' });
  const hit = Number(/hit ([\d,]+) contact/.exec(screen.getByTestId('what-if-answer').textContent ?? '')?.[1]);
  expect(within(list).getAllByRole('listitem')).toHaveLength(hit);
  await keys.click(within(list).getAllByRole('button')[0] as HTMLElement);
  await screen.findAllByTestId('device-row');
});

test('what speaks for a shared account is whole on hover, however much it is', async () => {
  await openInsights();
  const [first] = await ranked();
  const why = (first as HTMLElement).querySelector('.why');
  expect(why?.textContent).toMatch(/\s×\d+, /);
  expect(why?.getAttribute('title')).toBe(why?.textContent);
});

test('contacts that wait to be looked at are said', async () => {
  const fake = await open();
  fake.insights.waiting = 120;
  await rows();
  await keys.click(screen.getByTestId('nav-insights'));
  await waitFor(() => expect(screen.getByTestId('insights-total').textContent).toContain('120 still to be looked at'));
});

test.each([
  ['fresh', '', 'finding'],
  ['fresh', '2', 'what-if-answer'],
  ['empty', '', 'insights-total'],
  ['error', '', 'problem'],
  ['contacts-only', '', 'insights-total'],
])('a screen reader finds nothing amiss: %s, after %s', async (state, pressed, landmark) => {
  await openInsights(state);
  if (pressed) await keys.keyboard(pressed);
  await screen.findAllByTestId(landmark);
  await waitFor(() => expect(document.querySelector('[aria-busy=true]')).toBeNull());
  const { violations } = await axe.run(document.body, { rules: { 'color-contrast': { enabled: false } } });
  expect(violations.map((found) => `${found.id}: ${found.nodes.map((node) => node.html).join('\n')}`)).toEqual([]);
});

test('other thresholds say whom they would flag before they are saved', async () => {
  const fake = await open();
  await rows();
  await keys.click(screen.getByTestId('nav-settings'));
  await keys.click(await screen.findByTestId('insight-settings'));
  const would = () => screen.getByTestId('would-flag').textContent ?? '';
  await waitFor(() => expect(would()).toMatch(/^\d+ contacts stand out with the current numbers\.$/));
  const before = would().split(' ')[0];
  const field = screen.getByTestId('insight-flag_points');
  await keys.clear(field);
  await keys.type(field, '70');
  await waitFor(() => expect(would()).toMatch(new RegExp(`This would flag \\d+ contacts?; ${before} stand out now`)));
  expect(fake.insights.settings.flag_points).toBe(40);
  await keys.click(screen.getByTestId('insight-save'));
  await waitFor(() => expect(fake.insights.settings.flag_points).toBe(70));
  await screen.findByText('Saved. All contacts are looked at again in the background.');
});

test('the thresholds are one step away: in sight, open, and with the focus', async () => {
  await openInsights();
  await ranked();
  await keys.click(screen.getByRole('button', { name: 'Thresholds and weights…' }));
  const head = await waitFor(() => {
    const found = document.getElementById('settings-insights');
    expect(document.activeElement).toBe(found);
    return found;
  });
  expect(head?.textContent).toBe('Insights');
  await screen.findByTestId('insight-flag_points');
});
