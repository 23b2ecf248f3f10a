// Locking and quitting. Where it fails the person is told: else they would go away and believe it done.

import { bridge, problemOf } from '../bridge';
import { decisions } from './decisions.svelte';

const told = (thrown: unknown) => decisions.fail(problemOf(thrown));

export function lockAll(): void {
  bridge.lock().catch(told);
}

export function quit(): void {
  bridge.quit().catch(told);
}
