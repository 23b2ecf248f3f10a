// Deciding on many violations at once, and the way back.

import { screen, waitFor, within } from '@testing-library/svelte';
import { beforeEach, expect, test } from 'vitest';

import { keys, openViolations } from '../../../dev/opened';
import { decisions } from '../../state/decisions.svelte';
import { everyViolation, violations } from '../../state/violations.svelte';

beforeEach(() => {
  violations.reset();
  decisions.reset();
});

/** Shows all violations and marks every one of them, most of them out of sight. */
async function markAll() {
  violations.show(everyViolation);
  await waitFor(() => expect(violations.list.asking).toBe(false));
  await keys.keyboard('j{Control>}a{/Control}');
  await waitFor(() => expect(screen.getByTestId('bulk-bar').textContent).toMatch(/\d{3} selected/));
}

/** The question about checks, once it stands there. */
async function asked() {
  const dialog = await screen.findByTestId<HTMLDialogElement>('exception-dialog');
  await waitFor(() => expect(dialog.open).toBe(true));
  return dialog;
}

test('the checks of all that are marked go off after a question only, and its reason and day are noted for each', async () => {
  const fake = await openViolations('fresh', 30);
  await markAll();
  const marked = (await fake.answer('violation_groups', {
    query: { ...everyViolation, page: { after: null, skip: 0, limit: 0, count: false } },
  })) as { rows: { contact_id: number; checks_enabled: boolean }[] };
  const on = marked.rows.filter((group) => group.checks_enabled).map((group) => group.contact_id);
  expect(on.length).toBeGreaterThan(10);
  await keys.keyboard('c');
  const dialog = await asked();
  expect(dialog.textContent).toContain(`${on.length} contacts`);
  expect(fake.outbox.counts().queued).toBe(0);
  await keys.click(within(dialog).getByTestId('cancel'));
  expect(fake.outbox.counts().queued).toBe(0);
  expect(screen.getByTestId('bulk-bar')).toBeDefined();

  await keys.keyboard('c');
  await asked();
  await keys.type(screen.getByTestId('exception-reason'), 'Exam week');
  await keys.selectOptions(screen.getByTestId('exception-until'), '7');
  await keys.click(within(dialog).getByTestId('confirm'));
  await waitFor(() => expect(fake.outbox.counts().queued).toBe(on.length));
  for (const id of on) {
    expect(fake.outbox.seen('contact_checks', id).value).toBe('off');
    expect(fake.exceptions.get(id)).toMatchObject({ reason: 'Exam week', until: expect.any(String) as string });
  }
  await waitFor(() => expect(screen.queryByTestId('bulk-bar')).toBeNull());
});

test('where checks of many cannot be switched off, that is told, nothing is noted and all stay marked', async () => {
  const fake = await openViolations('fresh', 30);
  await markAll();
  await keys.keyboard('c');
  const dialog = await asked();
  await keys.type(screen.getByTestId('exception-reason'), 'Exam week');
  const noted = fake.exceptions.size;
  fake.state = 'full';
  await keys.click(within(dialog).getByTestId('confirm'));
  await waitFor(() => expect(decisions.toast?.text).toContain('The disk is full.'));
  expect(fake.exceptions.size).toBe(noted);
  expect(screen.getByTestId('bulk-bar')).toBeDefined();
});

test('checks that are off already out of sight stay off with their note, and Undo does not switch them on', async () => {
  const fake = await openViolations('fresh', 30);
  const groups = fake.review.answer('violation_groups', {
    query: { ...everyViolation, page: { after: null, skip: 0, limit: 0, count: false } },
  }) as { rows: { contact_id: number; checks_enabled: boolean }[] };
  const all = groups.rows.map((group) => group.contact_id);
  // The last of them is far below.
  const off = all[all.length - 1] as number;
  fake.outbox.told.set(`contact_checks ${off}`, 'off');
  fake.note(off, 'Two computers at home', null);
  const before = new Map(all.map((id) => [id, fake.outbox.seen('contact_checks', id).value]));

  await markAll();
  expect(document.querySelector(`[data-id="head-${off}"]`)).toBeNull();
  await keys.click(screen.getByTestId('bulk-checks'));
  await keys.click(within(await asked()).getByTestId('confirm'));
  await waitFor(() => expect(decisions.toast?.undo).toBe(true));
  const changed = [...before.values()].filter((value) => value === 'on').length;
  expect(decisions.toast?.text).toContain(`${changed} contacts`);
  for (const id of all) expect(fake.outbox.seen('contact_checks', id).value).toBe('off');

  await keys.keyboard('{Control>}z{/Control}');
  await waitFor(() => expect(fake.outbox.counts().queued).toBe(0));
  for (const [id, value] of before) expect(fake.outbox.seen('contact_checks', id).value).toBe(value);
  expect(fake.exceptions.get(off)?.reason).toBe('Two computers at home');
});

test('when marked violations leave the inbox, the first of those behind the cursor is selected', async () => {
  await openViolations();
  const listed = () =>
    [...document.querySelectorAll<HTMLElement>('[data-testid=violation-row]')].filter((row) =>
      /^\d+$/.test(row.dataset.id ?? ''),
    );
  const ids = listed().map((row) => row.dataset.id);
  expect(ids.length).toBeGreaterThan(4);
  violations.selected = Number(ids[0]);
  await keys.keyboard('x');
  violations.selected = Number(ids[1]);
  await keys.keyboard('x');
  violations.selected = Number(ids[2]);
  await keys.keyboard('xv');
  await waitFor(() => expect(listed().map((row) => row.dataset.id)).not.toContain(ids[2]));
  await waitFor(() => expect(String(violations.selected)).toBe(ids[3]));
});

test('the devices of all that are marked are blocked after one question, and one undo allows them again', async () => {
  const fake = await openViolations('fresh', 30);
  const { rows } = fake.review.answer('violations', {
    query: { ...everyViolation, page: { after: null, skip: 0, limit: 0, count: false } },
  }) as { rows: { device_id: number | null }[] };
  const devices = [...new Set(rows.flatMap((row) => (row.device_id === null ? [] : [row.device_id])))];
  const before = new Map(devices.map((id) => [id, fake.outbox.seen('device_access', id).value]));
  const allowed = [...before.values()].filter((value) => value === 'allowed').length;
  expect(allowed).toBeGreaterThan(10);

  await markAll();
  await keys.click(screen.getByTestId('bulk-block'));
  const dialog = await screen.findByTestId<HTMLDialogElement>('block-dialog');
  await waitFor(() => expect(dialog.open).toBe(true));
  expect(fake.outbox.counts().queued).toBe(0);
  await keys.click(within(dialog).getByTestId('confirm'));
  await waitFor(() => expect(fake.outbox.counts().queued).toBe(allowed));
  for (const id of devices) expect(fake.outbox.seen('device_access', id).value).toBe('blocked');
  await waitFor(() => expect(screen.queryByTestId('bulk-bar')).toBeNull());

  await keys.keyboard('{Control>}z{/Control}');
  await waitFor(() => expect(fake.outbox.counts().queued).toBe(0));
  for (const [id, value] of before) expect(fake.outbox.seen('device_access', id).value).toBe(value);
});

test('where a block of a few devices locks students out, the question names them and one Enter does nothing', async () => {
  const fake = await openViolations('fresh', 30);
  violations.show(everyViolation);
  await waitFor(() => expect(violations.list.asking).toBe(false));
  const answer = fake.answer.bind(fake);
  const locksOut = (device_id: number) => ({ device_id, only_recent_device: true, active_sessions: 0 });
  fake.answer = (command, args) =>
    command === 'block_effects' ? Promise.resolve((args.ids as number[]).map(locksOut)) : answer(command, args);
  const names = new Map<number, string>();
  for (let at = 0; at < 60 && names.size < 2; at++) {
    await keys.keyboard('j');
    const row = violations.list.row(violations.list.indexOf(violations.selected));
    if (row?.kind !== 'violation' || names.has(row.group.contact_id) || row.violation.device_id === null) continue;
    if (fake.outbox.seen('device_access', row.violation.device_id).value === 'blocked') continue;
    names.set(row.group.contact_id, row.group.name);
    await keys.keyboard('x');
  }
  expect(names.size).toBe(2);
  await keys.keyboard('b');
  const dialog = await screen.findByTestId<HTMLDialogElement>('block-dialog');
  await waitFor(() => expect(dialog.open).toBe(true));
  expect(dialog.textContent).toContain('2 students would lose every device used in the last 30 days');
  for (const name of names.values()) {
    expect(within(dialog).getByTestId('block-whose').textContent).toContain(`${name} · `);
  }
  expect(document.activeElement).toBe(within(dialog).getByTestId('cancel'));
  await keys.keyboard('{Enter}');
  expect(dialog.open).toBe(false);
  expect(fake.outbox.counts().queued).toBe(0);
});
