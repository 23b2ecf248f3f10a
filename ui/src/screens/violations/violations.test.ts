// Every violation of the school by contact, in the window over the invented school.

import { screen, waitFor, within } from '@testing-library/svelte';
import axe from 'axe-core';
import { expect, test } from 'vitest';

import { isViolation, keys, open, openViolations, rows, selected } from '../../../dev/opened';
import { violations as review } from '../../state/violations.svelte';

const shown = () => screen.findAllByTestId('violation-row');
/** The rows that are violations, not heads. */
const violations = async () => (await shown()).filter(isViolation);
const heads = async () => (await shown()).filter((row) => row.dataset.id?.startsWith('head-'));
const toast = async () => (await screen.findByTestId('toast')).textContent ?? '';

test('what nobody has viewed comes first, by contact, with counts', async () => {
  await openViolations();
  expect(screen.getByTestId('violations-total').textContent).toMatch(/^7 not viewed · [\d,]+ in the last 30 days/);
  const head = (await heads())[0] as HTMLElement;
  const badge = within(head).getByTitle(/violations? not viewed/);
  const after = (await shown()).slice(1, 1 + Number(badge.textContent));
  for (const row of after) expect(within(row).getByText('not viewed')).toBeDefined();
  expect(screen.getByTestId('nav-violations').textContent).toContain('7');
});

test('V marks the selected violation viewed, it leaves the inbox, and Undo brings it back', async () => {
  const fake = await openViolations();
  await keys.keyboard('jj');
  const id = Number(selected()?.dataset.id);
  await keys.keyboard('v');
  const whose = fake.outbox.known('restriction_status', id)?.who.name ?? '?';
  expect((await toast()).replace(/[\u2068\u2069]/g, '')).toContain(`1 violation of ${whose} marked viewed`);
  expect(fake.outbox.seen('restriction_status', id).value).toBe('viewed');
  await waitFor(async () => expect((await shown()).some((row) => row.dataset.id === String(id))).toBe(false));
  expect(selected()).not.toBeNull();
  await keys.keyboard('{Control>}z{/Control}');
  await waitFor(async () => expect((await shown()).some((row) => row.dataset.id === String(id))).toBe(true));
});

test('X on a contact marks all of its violations, and one undo takes the whole decision back', async () => {
  const fake = await openViolations();
  const head = (await heads())[0] as HTMLElement;
  const count = Number(within(head).getByTitle(/not viewed/).textContent);
  const [, ...members] = (await shown()).slice(0, count + 1).map((row) => Number(row.dataset.id));
  await keys.keyboard('jx');
  await waitFor(() => expect(screen.getByTestId('bulk-bar').textContent).toContain(`${count} selected`));
  await keys.click(screen.getByTestId('bulk-viewed'));
  await waitFor(() => expect(screen.queryByTestId('bulk-bar')).toBeNull());
  for (const id of members) expect(fake.outbox.seen('restriction_status', id).value).toBe('viewed');
  await keys.keyboard('{Control>}z{/Control}');
  await waitFor(() => {
    for (const id of members) expect(fake.outbox.seen('restriction_status', id).value).toBe('not_viewed');
  });
});

test('B asks before it blocks the device of the selected violation', async () => {
  const fake = await openViolations();
  // The first violation whose device is known.
  for (let at = 0; at < 20; at++) {
    await keys.keyboard('j');
    if (selected()?.querySelector('[aria-label^="Device #"]') && !selected()?.dataset.id?.startsWith('head')) break;
  }
  const device = Number(/#(\d+)/.exec(selected()?.querySelector('[aria-label^="Device #"]')?.textContent ?? '')?.[1]);
  await keys.keyboard('b');
  const dialog = await screen.findByTestId('block-dialog');
  await waitFor(() => expect(dialog.hasAttribute('open')).toBe(true));
  const whose = fake.outbox.known('device_access', device)?.who.name ?? '';
  expect(within(dialog).getByTestId('block-whose').textContent).toContain(whose);
  await keys.click(within(dialog).getByTestId('confirm'));
  await waitFor(() => expect(fake.outbox.seen('device_access', device).value).toBe('blocked'));

  // The row says what has become of that, and offers no second block.
  const cell = () => within(within(selected() as HTMLElement).getByTestId('violation-device'));
  const standing = () => cell().queryByTestId('standing')?.dataset.standing;
  await waitFor(() => expect(standing()).toBe('pending'));
  expect(cell().getByTestId('device-blocked').textContent).toContain('Blocked');
  expect(within(selected() as HTMLElement).queryByTestId('block')).toBeNull();
  Object.assign(fake.outbox.of('device_access', device) ?? {}, { state: 'conflict', attempts: 1 });
  fake.tell('changed', fake.status());
  await waitFor(() => expect(standing()).toBe('conflict'));
  fake.outbox.entries = [];
  fake.outbox.told.set(`device_access ${device}`, 'blocked');
  fake.tell('changed', fake.status());
  await waitFor(() => expect(standing()).toBeUndefined());
  await waitFor(() => expect(cell().getByTestId('device-blocked').textContent).toContain('Blocked'));
});

test('Enter opens the card at the violation, and Escape leads back to it', async () => {
  await openViolations();
  await keys.keyboard('jj');
  const id = selected()?.dataset.id;
  await keys.keyboard('{Enter}');
  await screen.findAllByTestId('restriction-row');
  await waitFor(() => expect(selected()?.dataset.id).toBe(id));
  await keys.keyboard('{Escape}');
  await shown();
  expect(selected()?.dataset.id).toBe(id);
});

test('a verdict with a note is kept here, stands at the contact and narrows the list', async () => {
  const fake = await openViolations();
  await keys.keyboard('jn');
  const dialog = await screen.findByTestId('verdict-dialog');
  await waitFor(() => expect(dialog.hasAttribute('open')).toBe(true));
  expect(dialog.textContent).toContain('never sent to the school');
  await keys.click(within(dialog).getByRole('radio', { name: /^Watch/ }));
  await keys.type(within(dialog).getByTestId('verdict-note'), 'asked by phone');
  await keys.click(within(dialog).getByTestId('confirm'));
  await waitFor(() =>
    expect([...fake.review.verdicts.values()].map((noted) => noted.note)).toEqual(['asked by phone']),
  );
  await waitFor(async () => expect((await heads())[0]?.textContent).toContain('Watch'));
  await keys.selectOptions(screen.getByTestId('filter-verdict'), 'watch');
  await waitFor(async () => expect(await heads()).toHaveLength(1));
});

test('filters narrow the list, an empty answer says so, and Escape leads back to the inbox', async () => {
  await openViolations();
  await keys.selectOptions(screen.getByTestId('filter-verdict'), 'watch');
  await screen.findByText('No violation matches.');
  screen.getByTestId('filter-verdict').blur();
  await keys.keyboard('{Escape}');
  await shown();
  await keys.click(screen.getByRole('button', { name: 'Not viewed' }));
  await keys.selectOptions(screen.getByTestId('filter-rule'), 'device_limit');
  await waitFor(async () => {
    const all = await violations();
    expect(all.length).toBeGreaterThan(0);
    for (const row of all) expect(row.textContent).toContain('Devices: 6, allowed 5');
  });
});

test('the rest of a contact’s violations is unfolded in its place', async () => {
  await openViolations();
  await keys.click(screen.getByRole('button', { name: 'Not viewed' }));
  await keys.type(screen.getByTestId('violations-search'), 'Katarzyna');
  // A part of the word that was typed slowly may have been asked for, too, and finds the same.
  await waitFor(() => expect([review.question.search, review.list.asking]).toEqual(['Katarzyna', false]));
  await waitFor(async () => {
    const all = await heads();
    expect(all.length).toBeGreaterThan(0);
    for (const head of all) expect(head.textContent).toContain('Katarzyna');
  });
  const more = (await screen.findAllByTestId('unfold'))[0] as HTMLElement;
  const count = () => Number(screen.getByRole('grid').getAttribute('aria-rowcount'));
  const before = count();
  const hidden = Number(/\d+/.exec(more.textContent ?? '')?.[0]);
  await keys.click(more);
  await waitFor(() => expect(count()).toBe(before - 1 + hidden));
});

test('an inbox that is done says so, and leads to everything', async () => {
  const fake = await open('fresh', 3);
  for (const id of [1, 2, 3]) {
    const open = (await fake.answer('unviewed_restrictions', { contactId: id })) as number[];
    if (open.length > 0) await fake.answer('decide', { kind: 'restriction_status', ids: open, value: 'viewed' });
  }
  await keys.click(screen.getByTestId('nav-violations'));
  await screen.findByText(/Nothing to look at/);
  await keys.click(screen.getByRole('button', { name: 'Show all violations' }));
  await waitFor(async () => expect((await violations()).length).toBeGreaterThan(0));
});

test.each(['fresh', 'offline', 'contacts-only'])('a screen reader finds nothing amiss: %s', async (state) => {
  await open(state);
  await rows();
  await keys.click(screen.getByTestId('nav-violations'));
  if (state !== 'contacts-only') {
    await shown();
    await keys.keyboard('jjx');
    await screen.findByTestId('bulk-bar');
  }
  await waitFor(() => expect(document.querySelector('[aria-busy=true]')).toBeNull());
  const { violations: found } = await axe.run(document.body, { rules: { 'color-contrast': { enabled: false } } });
  expect(found.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join('\n')}`)).toEqual([]);
});

test('only rules and countries that some violation has are offered', async () => {
  const fake = await open();
  await keys.click(screen.getByTestId('nav-violations'));
  const rules = await screen.findByTestId<HTMLSelectElement>('filter-rule');
  const offered = (fake.review.answer('violation_choices', {}) as { rules: string[] }).rules;
  await waitFor(() => expect([...rules.options].map((option) => option.value)).toEqual(['', ...offered]));
  expect(offered.length).toBeGreaterThan(0);
});
