// What narrows the violations by place and time.

import { fireEvent, screen, waitFor } from '@testing-library/svelte';
import { beforeEach, expect, test } from 'vitest';

import { isViolation, keys, openViolations } from '../../../dev/opened';
import type { FakeSchool } from '../../../dev/school';
import type { Violation } from '../../generated/Violation';
import { everyViolation, violations } from '../../state/violations.svelte';
import { beginOfDay, dayBehind } from '../../words/typed';
import { dayOf } from '../../words/until';

beforeEach(() => violations.reset());

const DAY_MS = 864e5;

/** Every violation, as the program would answer. */
const all = (fake: FakeSchool) =>
  (
    fake.review.answer('violations', {
      query: { ...everyViolation, page: { after: null, skip: 0, limit: 0, count: false } },
    }) as { rows: Violation[] }
  ).rows;

async function openAll() {
  const fake = await openViolations('fresh', 30);
  violations.show(everyViolation);
  // What is offered comes with an answer of its own.
  await waitFor(() => expect(violations.choices.countries).toContain('PL'));
  return fake;
}

test('beside a number of what is listed it is said that the others are the whole school’s', async () => {
  await openAll();
  const total = screen.getByTestId('violations-total');
  await waitFor(() =>
    expect(total.textContent).toMatch(/^\d+ contacts? here · whole school: 7 not viewed · [\d,]+ in the last 30 days$/),
  );
});

/** Waits until these are shown, as far as they are in sight, and nothing else. */
async function only(wanted: Violation[]) {
  const ids = new Set(wanted.map((row) => String(row.id)));
  const contacts = new Set(wanted.map((row) => row.contact_id)).size;
  expect(ids.size).toBeGreaterThan(0);
  await waitFor(() => {
    const shown = screen.getAllByTestId('violation-row').filter(isViolation);
    expect(shown.length).toBeGreaterThan(0);
    expect(shown.filter((row) => !ids.has(row.dataset.id ?? ''))).toEqual([]);
    expect(violations.list.contacts).toBe(contacts);
  });
}

test('a country narrows the violations, and so does none that is known', async () => {
  const fake = await openAll();
  await keys.selectOptions(screen.getByTestId('filter-country'), 'PL');
  await only(all(fake).filter((row) => row.country === 'PL'));
  await keys.selectOptions(screen.getByTestId('filter-country'), '-');
  await only(all(fake).filter((row) => row.country === null));
  await keys.selectOptions(screen.getByTestId('filter-country'), '');
  await waitFor(() => expect(violations.question).toEqual(everyViolation));
});

test('the last days narrow the violations from the beginning of a day', async () => {
  const fake = await openAll();
  const weekBefore = (now: number) => Date.parse(beginOfDay(dayOf(new Date(now - 7 * DAY_MS).toISOString())) ?? '');
  const begun = Date.now();
  await keys.selectOptions(screen.getByTestId('filter-time'), '7');
  const from = Date.parse(violations.question.from ?? '');
  // Midnight may have passed since the window's clock was read last, which is within two seconds.
  expect([weekBefore(begun - 2_000), weekBefore(Date.now())]).toContain(from);
  await only(all(fake).filter((row) => Date.parse(row.occurred_at) >= from));
});

test('from day to day narrows the violations to these days, the last one included', async () => {
  const fake = await openAll();
  const [first, last] = [25, 12].map((days) => dayOf(new Date(Date.now() - days * DAY_MS).toISOString())) as [
    string,
    string,
  ];
  await keys.selectOptions(screen.getByTestId('filter-time'), 'days');
  await fireEvent.input(screen.getByLabelText('First day'), { target: { value: first } });
  await fireEvent.change(screen.getByLabelText('First day'));
  await fireEvent.input(screen.getByLabelText('Last day'), { target: { value: last } });
  await fireEvent.change(screen.getByLabelText('Last day'));
  const [from, until] = [Date.parse(beginOfDay(first) ?? ''), Date.parse(dayBehind(last) ?? '')];
  await only(all(fake).filter((row) => Date.parse(row.occurred_at) >= from && Date.parse(row.occurred_at) < until));
  await keys.selectOptions(screen.getByTestId('filter-time'), '');
  await waitFor(() => expect(violations.question).toEqual(everyViolation));
});

test('days that are taken back elsewhere, or can’t be meant, do not stand there as if they were in force', async () => {
  await openAll();
  await keys.selectOptions(screen.getByTestId('filter-time'), 'days');
  const field = (label: string) => screen.getByLabelText<HTMLInputElement>(label);
  const types = (label: string, day: string) =>
    keys.clear(field(label)).then(() => keys.type(field(label), `${day}{Tab}`));
  await types('First day', '2026-11-10');
  // As the window's language writes it, whatever the system's is.
  await waitFor(() => expect(field('First day').value).toBe('10/11/2026'));
  const before = violations.question;
  await types('Last day', '1.11.2026');
  expect(field('Last day').getAttribute('aria-invalid')).toBe('true');
  expect(screen.getByRole('alert').textContent).toBe('The last day lies before the first one.');
  await types('Last day', '31.11.2026');
  expect(field('Last day').value).toBe('31.11.2026');
  expect(screen.getByRole('alert').textContent).toContain('There is no such day.');
  expect(violations.question).toEqual(before);

  violations.show(everyViolation);
  await waitFor(() => expect(screen.queryByLabelText('First day')).toBeNull());
});

test('marks do not outlive the question that they were set under', async () => {
  const fake = await openAll();
  (await screen.findAllByRole('grid'))[0]?.focus();
  await keys.keyboard('{Control>}a{/Control}');
  await waitFor(() => expect(screen.getByTestId('bulk-bar').textContent).toContain(`${all(fake).length} selected`));
  violations.narrow({ rule: 'device_limit' });
  await waitFor(() => expect(screen.queryByTestId('bulk-bar')).toBeNull());
});
