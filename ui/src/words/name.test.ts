import { expect, test } from 'vitest';

import { isSeen, nameOr, nameWords } from './name';

const EMAIL = 'student1@mail.example';

test.each([
  ['nothing', ''],
  ['blanks', ' \t\u00a0\u3000'],
  ['characters of no width', '\u200b\u200c\u200d\u2060\ufeff'],
  ['marks of direction', '\u200e\u202e\u2066\u2069\u061c'],
  ['fillers that look like nothing', '\u115f\u3164\u2800'],
  ['controls and a mark without a letter', '\u0000\u0085\u0301'],
])('a person whose name is %s is called by the e-mail address, or in words', (_, name) => {
  expect(nameWords({ name, email: EMAIL })).toBe(EMAIL);
  expect(nameWords({ name, email: name })).toBe('No name');
  expect(nameWords({ name })).toBe('No name');
  expect(nameOr(name, 7)).toBe('#7');
});

test.each(['Олена', '李', '🙂', '—', '\u202eAnna', 'e\u0301'])('a name that is seen stays as it is: %s', (name) => {
  expect(isSeen(name)).toBe(true);
  expect(nameWords({ name, email: EMAIL })).toBe(name);
  expect(nameOr(name, 7)).toBe(name);
});

test('a person who is not here is called by number', () => {
  expect(nameOr(null, 7)).toBe('#7');
});
