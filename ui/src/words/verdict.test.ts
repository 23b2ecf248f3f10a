// The owner's verdicts have one set of words, wherever they are read.

import { expect, test } from 'vitest';

import { LANGUAGES, speak } from '../language.svelte';
import { VERDICTS, verdictWords } from './verdict';

type Words = { verdict: Record<string, string> };

const exports = import.meta.glob<Words>('../../../src-tauri/crates/language/messages/*/export.json', {
  eager: true,
  import: 'default',
});

test.each(LANGUAGES)('exports and notifications call a verdict what the window calls it: %s', async (language) => {
  await speak(language);
  const [, exported] = Object.entries(exports).find(([path]) => path.includes(`/${language}/`)) ?? [];
  const window = VERDICTS.map((verdict) => [verdict, verdictWords(verdict).toLocaleLowerCase(language)]);
  expect(exported?.verdict).toEqual(Object.fromEntries(window));
});
