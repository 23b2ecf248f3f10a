import { fireEvent, render, screen } from '@testing-library/svelte';
import { tick } from 'svelte';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { decisions } from '../state/decisions.svelte';
import Toasts from './Toasts.svelte';

const done = { id: 1, text: 'Chrome #3 blocked', detail: '', undo: true, problem: null };

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
  decisions.reset();
});

async function show(toast: typeof decisions.toast) {
  render(Toasts);
  decisions.toast = toast;
  await tick();
}

async function pass(ms: number) {
  vi.advanceTimersByTime(ms);
  await tick();
}

test('what was done is said for six seconds', async () => {
  await show(done);
  await pass(5_900);
  expect(screen.getByTestId('toast').textContent).toContain('Chrome #3 blocked');
  await pass(200);
  expect(screen.queryByTestId('toast')).toBeNull();
});

test('it stays while the pointer is on it, and six seconds longer', async () => {
  await show(done);
  await pass(5_000);
  await fireEvent.pointerEnter(screen.getByTestId('toast'));
  await pass(60_000);
  await fireEvent.pointerLeave(screen.getByTestId('toast'));
  await pass(5_900);
  expect(screen.getByTestId('toast')).toBeDefined();
  await pass(200);
  expect(screen.queryByTestId('toast')).toBeNull();
});

test('it stays while the focus is on its button', async () => {
  await show(done);
  screen.getByTestId('undo').focus();
  await tick();
  await pass(60_000);
  expect(screen.getByTestId('toast')).toBeDefined();
});

test('a failure stays until it is dismissed', async () => {
  const problem = { code: 'cache', message: 'The disk is full.', hint: 'Make room.' } as const;
  await show({ id: 2, text: problem.message, detail: problem.hint, undo: false, problem });
  await pass(600_000);
  expect(screen.getByRole('alert').textContent).toContain('The disk is full.');
  await fireEvent.click(screen.getByRole('button', { name: 'Close' }));
  expect(screen.queryByTestId('toast')).toBeNull();
});
