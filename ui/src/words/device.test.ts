import { expect, test } from 'vitest';

import { sameSentence, sameWords } from './device';

test.each([
  [[12], '#12'],
  [[12, 13, 14], '#12, #13, #14'],
  [Array.from({ length: 500 }, (_, at) => at + 12), '#12, #13, #14 +497'],
])('the first of the devices that are one are named, the rest is counted', (ids, said) => {
  expect(sameWords(ids)).toBe(`same as ${said}`);
  expect(sameSentence(ids)).toBe(`You marked it as the same device as ${said}`);
});

test('of a device by itself nothing is said', () => {
  expect(sameWords([])).toBe('');
});
