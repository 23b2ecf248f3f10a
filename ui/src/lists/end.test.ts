// The end of a list: while a panel below it takes room away, and before anybody has counted the rows; over the invented
// school.

import { screen, waitFor } from '@testing-library/svelte';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { keys, open, selected } from '../../dev/opened';

/** Pixels of the head. */
const HEAD = 30;

let height = 0;
const told = new Set<ResizeObserverCallback>();

beforeEach(() => {
  height = HEAD + 10 * 40;
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockImplementation(() => height);
  vi.stubGlobal(
    'ResizeObserver',
    class {
      constructor(tell: ResizeObserverCallback) {
        told.add(tell);
      }
      observe() {}
      unobserve() {}
      disconnect() {}
    },
  );
});

afterEach(() => vi.restoreAllMocks());

const grid = () => screen.getByRole('grid');

/** As a panel does that comes below the list. */
function takesRoom(left: number) {
  height = left;
  for (const tell of told) tell([{ target: grid() } as unknown as ResizeObserverEntry], {} as ResizeObserver);
}

/** How far the end of the selected row is below the top of the list's rows, pixels. */
const bottom = () => (Number(selected()?.getAttribute('aria-rowindex')) - 1) * 40 - grid().scrollTop;

test.each(['End', 'PageDown'])(
  'after %s the last row is in sight above what comes below the list then',
  async (key) => {
    await open('fresh', 30);
    await keys.click(screen.getByTestId('nav-devices'));
    await screen.findAllByTestId('school-device-row');
    const last = () => Number(grid().getAttribute('aria-rowcount'));
    await waitFor(() => {
      expect(grid().getAttribute('aria-busy')).toBe('false');
      expect(last()).toBeGreaterThan(20);
    });
    await keys.keyboard(`{${key}}`.repeat(key === 'End' ? 1 : Math.ceil(last() / 9)));
    await waitFor(() => expect(Number(selected()?.getAttribute('aria-rowindex'))).toBe(last()));
    takesRoom(HEAD + 5 * 40);
    await waitFor(() => expect(bottom()).toBeLessThanOrEqual(5 * 40));
    expect(bottom()).toBeGreaterThan(0);
  },
);

/** The logins, counted only when the answer is called. */
async function uncounted(): Promise<() => void> {
  const fake = await open('fresh', 300);
  let count = () => {};
  const held = new Promise<void>((resolve) => (count = resolve));
  const answer = fake.answer.bind(fake);
  fake.answer = (command, args) =>
    command === 'login_summary' ? held.then(() => answer(command, args)) : answer(command, args);
  await keys.click(screen.getByTestId('nav-logins'));
  await screen.findAllByTestId('login-row');
  await keys.keyboard('j');
  return count;
}

const place = () => Number(selected()?.getAttribute('aria-rowindex')) - 2;
const total = () => Number(grid().getAttribute('aria-rowcount')) - 1;

test('one End is enough, also where it is pressed before the logins are counted', async () => {
  const count = await uncounted();
  const guess = total();
  await keys.keyboard('{End}');
  await waitFor(() => expect(place()).toBe(guess - 1));
  count();
  await waitFor(() => expect(total()).toBeGreaterThan(guess + 100));
  await waitFor(() => expect(place()).toBe(total() - 1));
});

test.each([
  ['a key', () => keys.keyboard('k')],
  ['the wheel', () => Promise.resolve(void grid().dispatchEvent(new WheelEvent('wheel')))],
  ['a click', () => keys.click(selected() as HTMLElement)],
])('%s after it leaves the list where it is when the count comes', async (_, moves) => {
  const count = await uncounted();
  const guess = total();
  await keys.keyboard('{End}');
  await waitFor(() => expect(place()).toBe(guess - 1));
  await moves();
  const left = place();
  count();
  await waitFor(() => expect(total()).toBeGreaterThan(guess + 100));
  await screen.findByTestId('histogram');
  expect(place()).toBe(left);
});
