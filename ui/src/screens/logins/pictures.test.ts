// What a mouse does with the pictures over the logins: the circles of the map and the bars of time.

import { fireEvent, screen, waitFor } from '@testing-library/svelte';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { keys, open } from '../../../dev/opened';
import { logins } from '../../state/logins.svelte';
import { barsOf } from './bars';

/** Pixels from end to end. */
const WIDTH = 1000;

beforeEach(() => {
  logins.reset();
  // Nothing is laid out here.
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(WIDTH);
});
afterEach(() => vi.restoreAllMocks());

async function openPictures() {
  await open();
  await keys.click(screen.getByTestId('nav-logins'));
  const histogram = await screen.findByTestId('histogram');
  if (!screen.queryByTestId('map')) await keys.click(screen.getByTestId('map-fold'));
  await waitFor(() => expect(document.querySelector('circle')).not.toBeNull());
  return histogram;
}

const circle = (country: string) => document.querySelector(`circle[data-country=${country}]`) as Element;

test('a click on a circle of the map narrows the logins to its country, and another takes it back', async () => {
  await openPictures();
  await fireEvent.click(circle('PL'));
  await screen.findByRole('button', { name: 'Remove the filter: Poland' });
  await waitFor(() => {
    for (const row of screen.getAllByTestId('login-row')) expect(row.textContent).toContain('Poland');
  });
  expect(circle('PL').classList.contains('chosen')).toBe(true);
  await fireEvent.click(circle('PL'));
  await waitFor(() => expect(logins.question.country).toBeNull());
});

test('dragging over bars shows their time alone, in whichever direction', async () => {
  const histogram = await openPictures();
  histogram.setPointerCapture = () => {};
  const drag = async (from: number, to: number) => {
    const bars = logins.summary ? barsOf(logins.summary) : [];
    const middle = (place: number) => ({ button: 0, clientX: ((place + 0.5) * WIDTH) / bars.length });
    await fireEvent.pointerDown(histogram, middle(from));
    await fireEvent.pointerMove(histogram, middle(to));
    await fireEvent.pointerUp(histogram, middle(to));
    return bars;
  };
  const bars = await drag(9, 4);
  const ends = { from: new Date(bars[4]?.at ?? 0).toISOString(), until: new Date(bars[9]?.end ?? 0).toISOString() };
  expect(logins.question).toMatchObject(ends);
  await waitFor(() => expect(logins.summary).toMatchObject(ends));
  await screen.findByTestId('histogram-reset');

  // A click is no drag.
  await drag(2, 2);
  expect(logins.question).toMatchObject(ends);
});
