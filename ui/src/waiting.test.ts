// The Sync screen: everything that the school has not confirmed, and what can be done with it.

import { screen, waitFor, within } from '@testing-library/svelte';
import axe from 'axe-core';
import { expect, test } from 'vitest';

import { keys, open, rows, selected } from '../dev/opened';

async function atSync(state = 'decided') {
  const fake = await open(state, state === 'many' ? 20_000 : 300);
  await rows();
  await keys.keyboard('g');
  await screen.findAllByTestId('waiting-row');
  return fake;
}

const first = () => screen.getAllByTestId('waiting-row')[0] as HTMLElement;
const detail = () => screen.findByTestId('waiting-detail');

test('the header and the sidebar say what waits and what wants an answer, on every screen', async () => {
  await open('decided');
  await rows();
  const unsent = screen.getByTestId('unsent');
  expect(unsent.textContent).toContain('2 conflicts');
  expect(unsent.textContent).toContain('2 refused');
  expect(unsent.textContent).toContain('5 not sent');
  // In a narrow window numbers are seen in place of the words, which are heard, and stand there on hover.
  expect(unsent.title).toMatch(/^2 conflicts; 2 refused; 5 not sent\n/);
  const numbers = [...unsent.querySelectorAll('.number[aria-hidden=true]')].map((one) => one.textContent);
  expect(numbers).toEqual(['2', '2', '5']);
  expect(screen.getByTestId('nav-sync').querySelector('.badge')?.textContent).toBe('9');
  await keys.click(unsent);
  await screen.findAllByTestId('waiting-row');
});

test('in a narrow window what was decided on has more than half as much room as the state', async () => {
  await open('decided');
  await rows();
  await keys.click(screen.getByTestId('nav-sync'));
  await screen.findAllByTestId('waiting-row');
  const columns = screen.getByRole('grid').style.getPropertyValue('--columns');
  const [decision, state] = [...columns.matchAll(/minmax\(\d+px, ([\d.]+)fr\)/g)].map(([, share]) => Number(share));
  expect(decision! / state!).toBeGreaterThan(0.6);
});

test('where both sides of a conflict take two lines, the second one begins with its own words', async () => {
  await atSync();
  const state = screen.getAllByTestId('waiting-state')[0] as HTMLElement;
  const sides = [...state.querySelectorAll('.values > span')].map((side) => side.textContent.trim());
  expect(sides).toEqual(['Yours Blocked ·', expect.stringMatching(/^theirs /)]);
});

test('every entry stands there with its state and a plain reason, what wants an answer first', async () => {
  await atSync();
  const said = screen.getAllByTestId('waiting-state').map((state) => state.textContent?.replace(/\s+/g, ' ').trim());
  expect(said).toEqual([
    expect.stringMatching(/^conflict Yours Blocked · theirs Allowed/),
    expect.stringMatching(/^conflict Yours Checks off · theirs Checks on/),
    'refused the token does not have the right',
    'refused the school does not know it any more',
    'not sent yet goes out at the next sync',
    expect.stringMatching(/^not sent yet waits until the school can be reached; next try in \d+ s/),
    'on its way has left; the school has not answered yet',
    'not sent yet made by a later version of Hallmonitor; update to send it',
    'not sent yet goes out at the next sync',
  ]);
});

test('a conflict shows both sides with by whom and when, and M keeps mine', async () => {
  const fake = await atSync();
  const sides = await detail();
  expect(sides.textContent).toMatch(/Yours,.*Blocked/s);
  expect(sides.textContent?.replace(/[\u2068\u2069]/g, '')).toMatch(/On the server,.*by Олена Коваленко.*Allowed/s);
  const id = first().dataset.id;
  await keys.keyboard('m');
  await waitFor(() => expect(first().dataset.id).not.toBe(id));
  expect(fake.outbox.of('device_access', 10)).toMatchObject({ state: 'queued', value: 'blocked' });
  await waitFor(() => expect(document.activeElement?.getAttribute('role')).toBe('grid'));
  await waitFor(() => expect(selected()?.dataset.id).toBe(first().dataset.id));
});

test('T takes theirs, and the entry is gone', async () => {
  const fake = await atSync();
  await detail();
  await keys.keyboard('t');
  await waitFor(() => expect(fake.outbox.of('device_access', 10)).toBeUndefined());
});

test('a refused one is sent again by R or let go by Delete, with the school’s own words', async () => {
  const fake = await atSync();
  await keys.keyboard('jj');
  await waitFor(async () => expect((await detail()).textContent).toContain('This token may not change checks.'));
  await keys.keyboard('r');
  await waitFor(() => expect(fake.outbox.of('contact_checks', 5)?.state).toBe('queued'));
  await waitFor(() => expect(selected()?.textContent).toContain('Mark viewed'));
  await keys.keyboard('{Delete}');
  await waitFor(() => expect(fake.outbox.of('restriction_status', 699)).toBeUndefined());
});

test('only what has not left can be cancelled', async () => {
  const fake = await atSync();
  const all = screen.getAllByTestId('waiting-row');
  const sending = all.find((row) => row.textContent?.includes('on its way')) as HTMLElement;
  expect(within(sending).queryByTestId('way-cancel')).toBeNull();
  const queued = all.find((row) => row.textContent?.includes('goes out at the next sync')) as HTMLElement;
  await keys.click(within(queued).getByTestId('way-cancel'));
  await waitFor(() => expect(fake.outbox.of('device_access', 70)).toBeUndefined());
});

test('all conflicts and all refused ones are settled at once', async () => {
  const fake = await atSync('many');
  await keys.click(screen.getByTestId('all-take_theirs'));
  await waitFor(() => expect(fake.outbox.counts().conflict).toBe(0));
  await keys.click(await screen.findByTestId('all-dismiss'));
  await waitFor(() => expect(fake.outbox.counts()).toEqual({ queued: 9940, conflict: 0, rejected: 0 }));
});

test('of ten thousand entries only those in sight stand in the document', async () => {
  await atSync('many');
  expect(screen.getAllByTestId('waiting-row').length).toBeLessThan(60);
  expect(screen.getByRole('grid').getAttribute('aria-rowcount')).toBe('10001');
  await keys.keyboard('{End}');
  await waitFor(() => expect(selected()?.getAttribute('aria-rowindex')).toBe('10001'));
});

test('selected entries are settled each in the way that it knows', async () => {
  const fake = await atSync();
  await keys.keyboard('x');
  await keys.keyboard('{Shift>}{ArrowDown}{/Shift}');
  await waitFor(() => expect(screen.getByTestId('bulk-bar').textContent).toContain('2 selected'));
  await keys.click(screen.getByTestId('bulk-keep_mine'));
  await waitFor(() => expect(fake.outbox.counts().conflict).toBe(0));
  expect(fake.outbox.counts().queued).toBe(7);
});

test('of several selected entries those that are settled elsewhere stand in nobody’s way', async () => {
  const fake = await atSync();
  await keys.keyboard('x');
  await keys.keyboard('{Shift>}{ArrowDown}{/Shift}');
  await waitFor(() => expect(screen.getByTestId('bulk-bar').textContent).toContain('2 selected'));
  fake.outbox.entries = fake.outbox.entries.slice(1);
  await keys.click(screen.getByTestId('bulk-keep_mine'));
  await waitFor(() => expect(fake.outbox.counts().conflict).toBe(0));
  await waitFor(() => expect(screen.queryByTestId('bulk-bar')).toBeNull());
});

test('an entry that is settled elsewhere meanwhile is said, and the list is asked again', async () => {
  const fake = await atSync();
  const entry = fake.outbox.entries[0];
  fake.outbox.entries = fake.outbox.entries.slice(1);
  await keys.keyboard('m');
  await waitFor(() => expect(screen.getByTestId('toast').textContent).toContain(`Nothing waits under ${entry?.id}`));
  await waitFor(() => expect(screen.getAllByTestId('waiting-row')).toHaveLength(8));
});

test('nothing to confirm is a sentence', async () => {
  await open();
  await rows();
  await keys.keyboard('g');
  await screen.findByText('Every decision has reached the school.');
});

test.each(['decided', 'hostile', 'many', 'offline'])('a screen reader finds nothing amiss: %s', async (state) => {
  await open(state);
  await rows();
  await keys.keyboard('g');
  await waitFor(() => expect(document.querySelector('[aria-busy=true]')).toBeNull());
  for (const tab of ['2', '3', '4', '1']) {
    await keys.keyboard(tab);
    await waitFor(() => expect(document.querySelector('[aria-busy=true]')).toBeNull());
    const { violations } = await axe.run(document.body, { rules: { 'color-contrast': { enabled: false } } });
    expect(violations.map((found) => `${found.id}: ${found.nodes.map((node) => node.html).join('\n')}`)).toEqual([]);
  }
});

test('the mark of the Sync screen says for what it stands, to eyes and ears', async () => {
  await open('offline');
  await rows();
  const mark = screen.getByTestId('nav-sync').querySelector('.badge');
  expect(mark?.textContent).toBe('!');
  await waitFor(() => expect(mark?.getAttribute('title')).toContain('2 entries of the server could not be read'));
  expect(screen.getByRole('button', { name: /^Sync .*2 entries of the server could not be read/ })).toBeDefined();
});
