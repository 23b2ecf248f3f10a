// What the school's server has dropped and this computer keeps: said in the same words in every list of the log.

import { screen, waitFor, within } from '@testing-library/svelte';
import { beforeEach, expect, test } from 'vitest';

import { keys, open, openCard, openViolations } from '../../dev/opened';
import type { FakeSchool } from '../../dev/school';
import type { Page } from '../generated/Page';
import { everyViolation, violations } from '../state/violations.svelte';

beforeEach(() => violations.reset());

const saysSo = (row: HTMLElement) => {
  expect(within(row).getByTestId('only-here').textContent).toBe('only here');
  expect(row.classList.contains('quiet')).toBe(true);
};

/** Lets the server have dropped the second row of a list. */
function drop(fake: FakeSchool, list: string) {
  const answer = fake.answer.bind(fake);
  fake.answer = async (command, args) => {
    const said = await answer(command, args);
    if (command !== list) return said;
    const page = said as Page<{ only_here: boolean }>;
    return { ...page, rows: page.rows.map((row, at) => ({ ...row, only_here: at === 1 })) };
  };
}

async function secondSaysSo(testid: string) {
  const [first, second] = await screen.findAllByTestId(testid);
  saysSo(second as HTMLElement);
  expect(within(first as HTMLElement).queryByTestId('only-here')).toBeNull();
}

test('a login that only this computer has says so in the card', async () => {
  drop(await open(), 'sessions');
  await openCard(7);
  await secondSaysSo('session-row');
});

test('a restriction that only this computer has says so in the card', async () => {
  drop(await open(), 'restrictions');
  await openCard(7);
  await keys.keyboard('3');
  await screen.findAllByTestId('restriction-row');
  await secondSaysSo('restriction-row');
  // There is little room: what leads to the login is short beside that, and whole to a screen reader.
  const second = screen.getAllByTestId('restriction-row')[1] as HTMLElement;
  expect(within(second).getByRole('button', { name: /^Login #/ }).textContent).toMatch(/^#\d+$/);
  await keys.keyboard('jj');
  await waitFor(() => expect(screen.getByTestId('detail').textContent).toContain('only here'));
});

test('a login that only this computer has says so among those of the school', async () => {
  drop(await open(), 'logins');
  await keys.click(screen.getByTestId('nav-logins'));
  await screen.findAllByTestId('login-row');
  await secondSaysSo('login-row');
});

test('a violation that only this computer has says so', async () => {
  await openViolations();
  await keys.click(screen.getByRole('button', { name: 'Not viewed' }));
  await waitFor(() => expect(violations.question).toEqual(everyViolation));
  await keys.click((await screen.findAllByTestId('unfold'))[0] as HTMLElement);
  const chip = await screen.findByTestId('only-here');
  saysSo(chip.closest('[role=row]') as HTMLElement);
});
