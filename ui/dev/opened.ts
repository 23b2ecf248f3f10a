// The whole window over an invented school, for its tests.

import { emit } from '@tauri-apps/api/event';
import { mockIPC } from '@tauri-apps/api/mocks';
import { configure, render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { expect } from 'vitest';

import type { CalledPlace } from '../src/bridge';
import App from '../src/App.svelte';
import { nav } from '../src/state/nav.svelte';
import { follow } from '../src/state/called.svelte';
import { school } from '../src/state/school.svelte';
import { screens } from '../src/state/screens.svelte';
import { FakeSchool } from './school';

// A busy machine is no failure: what is waited for may take its time.
configure({ asyncUtilTimeout: 60_000 });

/** A person at the keyboard and the mouse. */
export const keys = userEvent.setup();

/** Opens the window in one of the states that `main.ts` lists. */
export async function open(state = 'fresh', contacts = 300, place: CalledPlace | null = null): Promise<FakeSchool> {
  // Before the school, which is as old as the data on the screen: the first time this may take long.
  await screens.load();
  const fake = new FakeSchool(state, contacts);
  fake.wanted = place;
  mockIPC((command, args) => fake.answer(command, (args ?? {}) as Record<string, unknown>), { shouldMockEvents: true });
  fake.tell = (event, payload) => void emit(event, payload);
  Object.assign(school, { status: null, problem: null, starting: true });
  delete document.documentElement.dataset.painted;
  delete document.documentElement.dataset.keyed;
  const started = school.start(Promise.resolve(), () => void follow());
  render(App, { started });
  await started;
  return fake;
}

/** What a screen reader would stumble over, there or anywhere in the window; colours are looked at where there are some. */
export async function amiss(where: Element = document.body): Promise<string[]> {
  const { violations } = await axe.run(where, { rules: { 'color-contrast': { enabled: false } } });
  return violations.map((found) => `${found.id}: ${found.nodes.map((node) => node.html).join('\n')}`);
}

/** Waits for the contact list. */
export const rows = () => screen.findAllByTestId('contact-row');

/** The selected row of the list on the screen. */
export const selected = () => document.querySelector<HTMLElement>('[role=row][aria-selected=true]');

/** Opens the violations and waits for some. */
export async function openViolations(state = 'fresh', contacts = 300): Promise<FakeSchool> {
  const fake = await open(state, contacts);
  await keys.click(screen.getByTestId('nav-violations'));
  await waitFor(async () => {
    const shown = await screen.findAllByTestId('violation-row');
    expect(shown.some((row) => isViolation(row))).toBe(true);
  });
  return fake;
}

/** Whether a row is a violation, not the head of a contact. */
export const isViolation = (row: HTMLElement) => /^\d+$/.test(row.dataset.id ?? '');

/** Opens a contact's card. */
export async function openCard(id: number): Promise<void> {
  await rows();
  nav.go({ screen: 'contact', id, tab: 'history', focus: null });
  await screen.findAllByTestId('session-row');
}
