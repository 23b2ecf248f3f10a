import { expect, test } from 'vitest';

import { nextQuarter, readTime } from './hours';

test.each([
  ['7', '07:00'],
  ['19', '19:00'],
  ['7:30', '07:30'],
  [' 7.30 ', '07:30'],
  ['730', '07:30'],
  ['0730', '07:30'],
  ['22:05', '22:05'],
  ['0', '00:00'],
  ['24:00', '00:00'],
  ['24:01', null],
  ['25', null],
  ['7:60', null],
  ['073', null],
  ['7:5', null],
  ['7:', null],
  ['-7', null],
  ['seven', null],
  ['', null],
])('a time of day is read as it is written: %s', (written, time) => {
  expect(readTime(written)).toBe(time);
});

test.each([
  ['07:00', '07:15', '06:45'],
  ['07:10', '07:15', '07:00'],
  ['23:50', '00:00', '23:45'],
  ['00:00', '00:15', '23:45'],
])('an arrow goes to the next quarter of an hour, through midnight: %s', (time, later, earlier) => {
  expect(nextQuarter(time, 1)).toBe(later);
  expect(nextQuarter(time, -1)).toBe(earlier);
});
