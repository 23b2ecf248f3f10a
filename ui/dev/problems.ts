// What goes wrong in the invented school.

import type { Problem } from '../src/generated/Problem';

export const refused: Problem = {
  code: 'token_refused',
  message: 'The server refuses the token: it was re-issued or does not belong to this cabinet.',
  hint: 'Copy the current token from the school’s settings and connect again.',
};
export const offline: Problem = {
  code: 'unreachable',
  message: 'api.school.example does not answer: the connection was refused.',
  hint: 'Check the network. The next try comes by itself.',
};
export const broken: Problem = {
  code: 'cache',
  message: 'The data of this school is damaged: the file does not begin as it should.',
  hint: 'Restore it from a backup, or connect the school again to load everything anew.',
};
