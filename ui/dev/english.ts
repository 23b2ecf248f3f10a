// The tests read English.

import { beforeEach } from 'vitest';

import { speak } from '../src/language.svelte';

beforeEach(() => speak('en'));
