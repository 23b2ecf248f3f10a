import { mockIPC } from '@tauri-apps/api/mocks';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { looks } from './looks';

const given = { language: 'ru', theme: 'light', times: 'local', still: true, dark: true };
const asked: string[] = [];

/** How these pages came into their window. */
const came = (type: string) =>
  vi.spyOn(performance, 'getEntriesByType').mockReturnValue([{ type } as PerformanceNavigationTiming]);

beforeEach(() => {
  asked.length = 0;
  vi.stubGlobal('hallmonitorLooks', given);
  mockIPC((command) => {
    asked.push(command);
    return command === 'settings' ? { theme: 'dark', times: 'utc' } : 'uk';
  });
});
afterEach(() => (vi.unstubAllGlobals(), vi.restoreAllMocks()));

test('a new window asks nobody how it looks', async () => {
  came('navigate');
  expect(await looks()).toEqual(given);
  expect(asked).toEqual([]);
});

test('pages that come after others ask how the window looks by now', async () => {
  came('reload');
  expect(await looks()).toEqual({ language: 'uk', theme: 'dark', times: 'utc', still: true, dark: true });
});
