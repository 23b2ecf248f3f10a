// Addresses in the lists of the window: long ones are cut in the middle, and said whole.

import { screen, waitFor } from '@testing-library/svelte';
import { expect, test } from 'vitest';

import { keys, open, openCard, openViolations } from '../../dev/opened';

const LONG = /^2001:db8:85a3:8d3:1319:8a2e:370:\d{4}$/;

/** The long addresses on the screen. */
const long = () =>
  [...document.querySelectorAll<HTMLElement>('[role=gridcell] bdi[dir=ltr]')].filter((cell) =>
    LONG.test(cell.textContent),
  );

/** Their ends cannot be cut off, and hovering says them whole. */
async function endsAreSeen() {
  await waitFor(() => expect(long().length).toBeGreaterThan(0));
  for (const cell of long()) {
    const head = cell.querySelector<HTMLElement>('.head');
    expect(head?.textContent).toBe('2001:db8:85a3:8d3:1319:8a2e:370');
    expect(head?.style.maxWidth).toBe('calc(100% - 5.0ch)');
    expect(cell.closest('[title]')?.getAttribute('title')).toContain(cell.textContent);
  }
}

test('in the logins, where the way to only this one is called by the whole of it', async () => {
  await open();
  await keys.click(screen.getByTestId('nav-logins'));
  await screen.findAllByTestId('login-row');
  await endsAreSeen();
  const [first] = long();
  expect(screen.getAllByRole('button', { name: `Only ${first?.textContent}` }).length).toBeGreaterThan(0);
});

test('in the violations', async () => {
  await openViolations();
  await endsAreSeen();
});

test('in the card', async () => {
  await open();
  await openCard(1);
  await endsAreSeen();
  await keys.keyboard('3');
  await screen.findAllByTestId('restriction-row');
  await endsAreSeen();
});
