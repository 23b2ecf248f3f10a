// Reports, texts and days to look again, in the window over the invented school.

import { screen, waitFor, within } from '@testing-library/svelte';
import { expect, test } from 'vitest';

import { keys, open, openCard, rows } from '../../../dev/opened';
import { decisions } from '../../state/decisions.svelte';

/** A contact with violations. */
const WHO = 1;

const opened = async (testid: string) => {
  const dialog = await screen.findByTestId(testid);
  await waitFor(() => expect(dialog.hasAttribute('open')).toBe(true));
  return dialog;
};

async function onCard() {
  const fake = await open();
  await openCard(WHO);
  return fake;
}

/** The local day so many days from now, `2026-11-20`. */
function dayFromNow(days: number): string {
  const date = new Date();
  date.setDate(date.getDate() + days);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

test('a report is asked for with a period and a language, and shown where it lies', async () => {
  const fake = await onCard();
  await keys.click(screen.getByTestId('card-report'));
  const dialog = await opened('evidence-dialog');
  await keys.click(await within(dialog).findByTestId('evidence-first'));
  await keys.selectOptions(within(dialog).getByTestId('evidence-language'), 'uk');
  await keys.click(within(dialog).getByTestId('evidence-begin'));
  expect((await within(dialog).findByTestId('evidence-done')).textContent).toContain('12 logins');
  expect(within(dialog).getByTestId('evidence-report').textContent).toMatch(/\.html$/);
  expect(within(dialog).getByTestId('evidence-table').textContent).toMatch(/\.csv$/);
  const [asked] = fake.cases.reports;
  expect(asked?.contact_id).toBe(WHO);
  await keys.click(within(dialog).getByTestId('written-folder'));
  await waitFor(() => expect(fake.cases.shown).toBe('folder'));
});

test('days that make no period cannot be reported, and days that do can', async () => {
  const fake = await onCard();
  await keys.click(screen.getByTestId('card-report'));
  const dialog = await opened('evidence-dialog');
  await keys.click(within(dialog).getByTestId('evidence-own'));
  const begin = () => within(dialog).getByTestId<HTMLButtonElement>('evidence-begin');
  expect(begin().disabled).toBe(true);
  await keys.type(within(dialog).getByTestId('evidence-from'), '30.6.2026');
  await keys.type(within(dialog).getByTestId('evidence-until'), '1.6.2026');
  expect(begin().disabled).toBe(true);
  await within(dialog).findByRole('alert');
  await keys.clear(within(dialog).getByTestId('evidence-until'));
  await keys.type(within(dialog).getByTestId('evidence-until'), '2026-06-30');
  await keys.click(begin());
  await within(dialog).findByTestId('evidence-done');
  const [asked] = fake.cases.reports;
  expect(Date.parse(asked?.until ?? '') - Date.parse(asked?.from ?? '')).toBe(864e5);
});

test('a text is filled in, changed for one copy, and copied', async () => {
  const fake = await onCard();
  await keys.click(screen.getByTestId('card-letter'));
  const dialog = await opened('letter-dialog');
  const field = within(dialog).getByTestId<HTMLTextAreaElement>('letter-text');
  const name = fake.review.log.contacts()[0]?.name ?? '?';
  await waitFor(() => expect(field.value).toContain(`Hello ${name}`));
  await keys.type(field, ' PS: call me.');
  await keys.click(within(dialog).getByTestId('letter-copy'));
  await waitFor(() => expect(within(dialog).getByTestId('letter-copied').textContent).toContain('Copied'));
  expect(await navigator.clipboard.readText()).toContain('PS: call me.');
  expect(fake.cases.texts.size).toBe(0);
});

/** Opens the text for everybody. */
async function editing() {
  const fake = await onCard();
  await keys.click(screen.getByTestId('card-letter'));
  const dialog = await opened('letter-dialog');
  const field = within(dialog).getByTestId<HTMLTextAreaElement>('letter-text');
  await waitFor(() => expect(field.value).not.toBe(''));
  await keys.click(within(dialog).getByTestId('letter-edit'));
  await waitFor(() => expect(field.value).toContain('{name}'));
  return { fake, dialog, field };
}

test('the text for everybody is kept, says what nothing is known for, and is brought back', async () => {
  const { fake, dialog, field } = await editing();
  await keys.clear(field);
  await keys.type(field, 'Dear {{name}, {{nome}');
  await keys.click(within(dialog).getByTestId('letter-save'));
  await waitFor(() => expect(fake.cases.texts.get('first_word/en')).toBe('Dear {name}, {nome}'));
  await waitFor(() => expect(field.value).toMatch(/^Dear [^{]/));
  expect(dialog.textContent).toContain('Nothing is known for {nome}');
  await keys.click(within(dialog).getByTestId('letter-edit'));
  await keys.click(within(dialog).getByTestId('letter-original'));
  await waitFor(() => expect(fake.cases.texts.size).toBe(0));
  await waitFor(() => expect(field.value).toContain('Hello '));
});

test('a changed text for everybody is dropped only when that was said', async () => {
  const { fake, dialog, field } = await editing();
  await keys.type(field, ' And so on');
  const [leave, inDialog] = [within(dialog).getByTestId('cancel'), within(dialog)];
  await keys.click(leave);
  expect(field.value).toContain('And so on');
  expect(inDialog.getByTestId('letter-unsaved').textContent).toContain('Not saved yet');
  // Whoever goes on writing is asked again.
  await keys.type(field, '!');
  expect(inDialog.queryByTestId('letter-unsaved')).toBeNull();
  await keys.click(leave);
  await keys.click(leave);
  await waitFor(() => expect(field.value).toContain('Hello '));
  expect(fake.cases.texts.size).toBe(0);
});

test('whom to look at again stands above the violations until it is done', async () => {
  const fake = await open();
  await rows();
  const note = { verdict: 'watch', note: 'asked by phone' } as const;
  await fake.answer('set_verdict', {
    contactId: WHO,
    ...note,
    followUpAt: new Date(`${dayFromNow(0)}T00:00`).toISOString(),
  });
  await fake.answer('set_verdict', {
    contactId: 2,
    ...note,
    followUpAt: new Date(`${dayFromNow(2)}T00:00`).toISOString(),
  });
  await keys.click(screen.getByTestId('nav-violations'));
  const due = await screen.findByTestId('follow-ups');
  expect(due.textContent).toContain('1 student to look at again');
  await keys.click(within(due).getByTestId('follow-ups-show'));
  expect(within(due).getByTestId('follow-up').textContent).toContain('asked by phone');
  await keys.click(within(due).getByTestId('follow-up-done'));
  await waitFor(() => expect(screen.queryByTestId('follow-ups')).toBeNull());
  expect(fake.review.verdicts.get(WHO)).toMatchObject({ ...note, follow_up_at: null });
  // It is said, and Undo brings the day back.
  expect((await screen.findByTestId('toast')).textContent).toMatch(/^Looked at again: /);
  await waitFor(() => expect(document.activeElement?.getAttribute('role')).toBe('grid'));
  await keys.keyboard('{Control>}z{/Control}');
  await screen.findByTestId('follow-ups');
  expect(fake.review.verdicts.get(WHO)?.follow_up_at).not.toBeNull();
  decisions.reset();
});

test('a reminder leads to whom to look at again, and one of a contact to the card', async () => {
  const fake = await open('fresh', 300, { screen: 'follow_ups' });
  await screen.findAllByTestId('violation-row');
  await fake.answer('set_verdict', {
    contactId: WHO,
    verdict: 'watch',
    note: '',
    followUpAt: new Date(`${dayFromNow(-3)}T00:00`).toISOString(),
  });
  fake.tell('changed', fake.status());
  await screen.findByTestId('follow-up');
});
