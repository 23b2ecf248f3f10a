// The cursor among violations that come and go while it stands there, in the window over the invented school.

import { fireEvent, screen, waitFor } from '@testing-library/svelte';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { isViolation, keys, openViolations, selected } from '../../../dev/opened';
import { decisions } from '../../state/decisions.svelte';
import { everyViolation, violations } from '../../state/violations.svelte';

/** Pixels of the list, the head among them: four rows. */
const HEIGHT = 30 + 4 * 40;

beforeEach(() => {
  violations.reset();
  decisions.reset();
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(HEIGHT);
});

afterEach(() => vi.restoreAllMocks());

const grid = () => screen.getByRole('grid');

/** How far below the top of the list's rows the selected one is, pixels; null where none is drawn. */
function below(): number | null {
  const row = selected();
  return row && (Number(row.getAttribute('aria-rowindex')) - 2) * 40 - grid().scrollTop;
}

/** A school whose newest unviewed violations are not here yet: what brings them, and how many rows they are. */
async function beforeNews() {
  const fake = await openViolations('fresh', 30);
  const heads = () => [...document.querySelectorAll<HTMLElement>('[data-testid=violation-row][data-id^=head]')];
  const first = Number(heads()[0]?.dataset.id?.slice('head-'.length));
  const ids = (await fake.answer('unviewed_restrictions', { contactId: first })) as number[];
  const { total } = violations.list;
  for (const id of ids) fake.outbox.told.set(`restriction_status ${id}`, 'viewed');
  fake.tell('changed', fake.status());
  await waitFor(() => expect(violations.list.total).toBeLessThan(total ?? 0));
  const bring = async () => {
    for (const id of ids) fake.outbox.told.delete(`restriction_status ${id}`);
    fake.tell('changed', fake.status());
    await waitFor(() => expect(violations.list.total).toBe(total));
  };
  return { fake, bring };
}

test('when violations come in above it, the row at the cursor stays where it is on the screen', async () => {
  const { bring } = await beforeNews();
  await keys.keyboard('jjj');
  const [id, place] = [violations.selected, below()];
  const before = grid().scrollTop;
  await bring();
  await waitFor(() => expect(grid().scrollTop).toBeGreaterThan(before));
  expect(selected()?.dataset.id).toBe(String(id));
  expect(below()).toBe(place);
});

test('the row at the cursor stays the selected one however many rows come in above it at once', async () => {
  const fake = await openViolations('fresh', 30);
  violations.show(everyViolation);
  await waitFor(() => expect(violations.list.asking).toBe(false));
  await keys.keyboard('j'.repeat(45));
  await waitFor(() => expect(isViolation(selected() as HTMLElement)).toBe(true));
  const [id, place, before] = [violations.selected, below(), grid().scrollTop];
  const { rows } = fake.review.answer('violations', {
    query: { ...everyViolation, status: 'viewed', page: { after: null, skip: 0, limit: 0, count: false } },
  }) as { rows: { id: number; contact_id: number }[] };
  const { group } = violations.list.row(violations.list.indexOf(id)) ?? {};
  const behind = rows.filter((row) => row.contact_id !== group?.contact_id);
  for (const row of behind) fake.outbox.told.set(`restriction_status ${row.id}`, 'not_viewed');
  fake.tell('changed', fake.status());
  await waitFor(() => expect(grid().scrollTop).toBeGreaterThan(before + 20 * 40));
  expect(violations.selected).toBe(id);
  expect(below()).toBe(place);
});

test('a list that stands at its top shows what comes in there while no row is selected', async () => {
  const { bring } = await beforeNews();
  await bring();
  expect(grid().scrollTop).toBe(0);
});

test.each(['v', 'b', 'c', 'x', 'n', '{Enter}'])(
  'where the row at the cursor is out of sight, %s only brings it back there',
  async (key) => {
    const fake = await openViolations('fresh', 30);
    violations.show(everyViolation);
    await waitFor(() => expect(violations.list.asking).toBe(false));
    await keys.keyboard('jj');
    const id = violations.selected;
    expect(isViolation(selected() as HTMLElement)).toBe(true);
    grid().scrollTop = 800;
    await fireEvent.scroll(grid());
    await waitFor(() => expect(below() ?? -40).toBeLessThan(0));

    await keys.keyboard(key);
    await waitFor(() => expect(below()).toBe(0));
    expect(violations.selected).toBe(id);
    expect(fake.outbox.counts().queued).toBe(0);
    expect(document.querySelector('dialog[open]')).toBeNull();
    expect(screen.queryByTestId('bulk-bar')).toBeNull();
    expect(screen.queryByTestId('restriction-row')).toBeNull();
  },
);
