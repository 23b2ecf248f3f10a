// What the owner thinks of a contact, given and seen outside of the violations.

import { screen, waitFor, within } from '@testing-library/svelte';
import { beforeEach, expect, test } from 'vitest';

import { keys, open, openCard } from '../../../dev/opened';
import { insights } from '../../state/insights.svelte';

beforeEach(() => insights.reset());

/** Answers the question for a verdict. */
async function say(word: RegExp, note = '') {
  const dialog = await screen.findByTestId<HTMLDialogElement>('verdict-dialog');
  await waitFor(() => expect(dialog.open).toBe(true));
  await keys.click(within(dialog).getByRole('radio', { name: word }));
  if (note) await keys.type(within(dialog).getByTestId('verdict-note'), note);
  await keys.click(within(dialog).getByTestId('confirm'));
}

test('N on the card gives a verdict, which stands in its head', async () => {
  const fake = await open();
  await openCard(7);
  expect(screen.getByTestId('verdict').textContent).toContain('Verdict');
  await keys.keyboard('n');
  await say(/^Watch/, 'asked by phone');
  await waitFor(() => expect(fake.review.verdicts.get(7)).toMatchObject({ verdict: 'watch', note: 'asked by phone' }));
  await waitFor(() => expect(screen.getByTestId('verdict').textContent).toContain('Watch'));
  expect(screen.getByTestId('verdict').title).toContain('asked by phone');
  expect((await screen.findByTestId('toast')).textContent).toMatch(/^Verdict on .*: Watch/);
  await keys.click(screen.getByTestId('verdict'));
  await say(/^No verdict/);
  await waitFor(() => expect(fake.review.verdicts.has(7)).toBe(false));
  await waitFor(() => expect(screen.getByTestId('toast').textContent).toMatch(/^Verdict on .* removed/));
  await waitFor(() => expect(screen.getByTestId('verdict').textContent).toContain('Verdict'));
});

test('a verdict from elsewhere stands in the head of the card', async () => {
  const fake = await open();
  fake.review.verdicts.set(7, {
    verdict: 'sharing',
    note: '',
    follow_up_at: null,
    decided_at: '2026-11-01T00:00:00Z',
  });
  await openCard(7);
  expect(screen.getByTestId('verdict').textContent).toContain('Sharing');
});

test('N on what the log suggests gives a verdict, and who is harmless gives way to the next', async () => {
  const fake = await open();
  await keys.click(screen.getByTestId('nav-insights'));
  const [first, second] = (await screen.findAllByTestId('insight-row')).map((row) => Number(row.dataset.id));
  const found = await screen.findByTestId('found');
  await keys.click(within(found).getByTestId('verdict'));
  await say(/^Watch/, 'two cities');
  await waitFor(() => expect(fake.review.verdicts.get(first as number)?.note).toBe('two cities'));
  await waitFor(() => expect(screen.getByTestId('found').textContent).toContain('two cities'));
  await keys.keyboard('n');
  await say(/^Harmless/);
  await waitFor(() => expect(fake.review.verdicts.get(first as number)?.verdict).toBe('harmless'));
  await waitFor(() =>
    expect(document.querySelector<HTMLElement>('[role=row][aria-selected=true]')?.dataset.id).toBe(String(second)),
  );
});

test('a verdict is taken back by Undo, to the one before and to none', async () => {
  const fake = await open();
  await openCard(7);
  await keys.keyboard('n');
  await say(/^Watch/, 'asked by phone');
  await waitFor(() => expect(screen.getByTestId('verdict').textContent).toContain('Watch'));
  await keys.click(screen.getByTestId('verdict'));
  await say(/^Sharing/);
  await waitFor(() => expect(screen.getByTestId('verdict').textContent).toContain('Sharing'));
  await keys.keyboard('{Control>}z{/Control}');
  await waitFor(() => expect(fake.review.verdicts.get(7)).toMatchObject({ verdict: 'watch', note: 'asked by phone' }));
  await waitFor(() => expect(screen.getByTestId('verdict').textContent).toContain('Watch'));
  await keys.click(await screen.findByTestId('verdict'));
  await say(/^No verdict/);
  await waitFor(() => expect(fake.review.verdicts.has(7)).toBe(false));
  await keys.click(await screen.findByTestId('undo'));
  await waitFor(() => expect(fake.review.verdicts.get(7)).toMatchObject({ verdict: 'watch', note: 'asked by phone' }));
  await keys.keyboard('{Control>}z{/Control}');
  await waitFor(() => expect(fake.review.verdicts.has(7)).toBe(false));
  expect(screen.getByTestId('toast').textContent).toMatch(/^Undone: Verdict on .*Nothing was sent/);
});

test('the day to look again is read as the language writes it, and none that has passed is taken', async () => {
  const fake = await open();
  await openCard(7);
  await keys.keyboard('n');
  const dialog = await screen.findByTestId<HTMLDialogElement>('verdict-dialog');
  await waitFor(() => expect(dialog.open).toBe(true));
  // The keys go where the answer stands.
  expect(document.activeElement).toBe(within(dialog).getByRole('radio', { name: /^Watch/ }));
  const day = within(dialog).getByTestId<HTMLInputElement>('verdict-again');
  const confirm = within(dialog).getByTestId<HTMLButtonElement>('confirm');
  await keys.type(day, '31.11.2040');
  // Half typed it may still become one.
  expect(within(dialog).queryByRole('alert')).toBeNull();
  expect(confirm.disabled).toBe(true);
  await keys.tab();
  expect((await within(dialog).findByRole('alert')).textContent).toMatch(
    /^There is no such day. Write it like \d\d\/\d\d\/\d{4}/,
  );
  await keys.clear(day);
  await keys.type(day, '1.1.2020');
  await within(dialog).findByText('This day has passed.');
  await keys.clear(day);
  await keys.type(day, '30/11/2040{Tab}');
  expect(day.value).toBe('30/11/2040');
  await keys.click(day);
  await keys.keyboard('{ArrowUp}');
  expect(day.value).toBe('01/12/2040');
  await keys.click(confirm);
  await waitFor(() => expect(fake.review.verdicts.get(7)?.follow_up_at).toMatch(/^2040-12-01/));
});
