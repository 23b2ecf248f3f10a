// What unfolds under a button is gone through with the keys alone, whichever it is.

import { screen, waitFor } from '@testing-library/svelte';
import { expect, test } from 'vitest';

import { amiss, keys, open, openViolations, rows } from '../../dev/opened';
import type { SavedView } from '../generated/SavedView';

const focused = () => document.activeElement?.textContent?.trim() ?? '';

test.each(['school-menu', 'views'])(
  'the keys go round in a menu, and leave it where it was opened: %s',
  async (menu) => {
    if (menu === 'views') {
      const fake = await openViolations();
      fake.review.views = [{ name: 'Mine', view: { list: 'violations', query: {} } } as unknown as SavedView];
    } else {
      await open('several');
      await rows();
    }
    const opener = screen.getByTestId(menu);
    opener.focus();
    await keys.keyboard('{Enter}');
    const first = menu === 'views' ? 'Mine' : 'Akademia';
    await waitFor(() => expect(focused()).toContain(first));
    expect(await amiss()).toEqual([]);
    await keys.keyboard('{ArrowUp}');
    await waitFor(() => expect(focused()).toContain(menu === 'views' ? 'Save this view' : 'Quit'));
    await keys.keyboard('{ArrowDown}');
    await waitFor(() => expect(focused()).toContain(first));
    await keys.keyboard('{End}');
    await waitFor(() => expect(focused()).not.toContain(first));
    await keys.keyboard('{Home}');
    await waitFor(() => expect(focused()).toContain(first));
    // A letter of the list's is not the list's here.
    await keys.keyboard('j');
    expect(focused()).toContain(first);
    await keys.keyboard('{Escape}');
    expect(document.activeElement).toBe(opener);
    expect(opener.getAttribute('aria-expanded')).toBe('false');
  },
);

test('what hovering the school’s button shows does not lie over the menu that is open', async () => {
  await open('several');
  await rows();
  const title = () => screen.getByTestId('school-menu').querySelector('bdi')?.getAttribute('title');
  const before = title();
  expect(before).toBeTruthy();
  await keys.click(screen.getByTestId('school-menu'));
  await waitFor(() => expect(title()).toBeNull());
  await keys.keyboard('{Escape}');
  await waitFor(() => expect(title()).toBe(before));
});
