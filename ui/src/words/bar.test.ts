import { afterEach, expect, test } from 'vitest';

import { LANGUAGES, speak } from '../language.svelte';
import { headWords } from './bar';

const NOW = Date.parse('2026-11-23T12:51:00Z');
const whole = { span: 'week', counted_from: null, counting: false } as const;
const bar = (logins: number) => ({ at: NOW - 7 * 864e5, end: NOW, logins, counted: 'whole' as const });

afterEach(() => speak('en'));

test('where nothing is counted no peak is said', () => {
  expect(headWords(whole, [bar(0), bar(0)], NOW)).toBe('');
  expect(headWords(whole, [], NOW)).toBe('');
  expect(headWords({ ...whole, counting: true }, [bar(0)], NOW)).toBe('still counting');
  expect(headWords(whole, [bar(0), bar(1)], NOW)).toMatch(/^peak: 1 a week/);
});

test.each(LANGUAGES)('what is said beside the peak stands apart from it: %s', async (language) => {
  await speak(language);
  const parts = headWords({ ...whole, counting: true }, [bar(1111)], NOW).split('·');
  expect(parts).toHaveLength(2);
  expect(parts[0]).toMatch(/\S $/);
  expect(parts[1]).toMatch(/^ \S/);
});
