// Text of another size in the open window: the columns of its lists are measured anew.

import { screen, waitFor } from '@testing-library/svelte';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { open, rows } from '../../dev/opened';

let letter = 0;

/** Lays out each line with letters of one width, as nothing is laid out here. */
beforeEach(() => {
  letter = 20;
  vi.spyOn(HTMLElement.prototype, 'getBoundingClientRect').mockImplementation(function (this: HTMLElement) {
    return new DOMRect(0, 0, letter * Math.max(0, ...[...this.children].map((line) => line.textContent.length)), 0);
  });
});

afterEach(() => vi.restoreAllMocks());

const columns = () => screen.getByRole('grid').style.getPropertyValue('--columns');

/** Pixels of the columns that are as wide as their words. */
const wordsOf = (tracks: string) => [...tracks.matchAll(/(?:^| )(\d+)px(?= |$)/g)].map(([, width]) => Number(width));

test('a list that is open when letters get wider or narrower has the room for them, without another start', async () => {
  await open();
  await rows();
  const before = columns();
  window.dispatchEvent(new Event('resize'));
  await new Promise((done) => setTimeout(done, 20));
  expect(columns()).toBe(before);

  const widest = Math.max(...wordsOf(before));
  for (const now of [22, 18]) {
    letter = now;
    window.dispatchEvent(new Event('resize'));
    await waitFor(() => expect(Math.abs(Math.max(...wordsOf(columns())) - (widest * now) / 20)).toBeLessThan(40));
    expect(columns()).not.toBe(before);
  }
});
