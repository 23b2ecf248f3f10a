import { expect, test } from 'vitest';

import type { Session } from '../generated/Session';
import {
  accessWords,
  actionWords,
  endedWords,
  endWords,
  isRunning,
  outcomeWords,
  ruleWords,
  statusWords,
} from './rule';

const rule = (code: string, limit: number | null = null, observed: number | null = null) => ({
  code,
  text: 'what the server says',
  limit,
  observed,
});

test.each([
  [rule('concurrent_sessions', 2, 3), 'Active sessions: 3, allowed 2'],
  [rule('concurrent_sessions', 2), 'More active sessions than the allowed 2'],
  [rule('concurrent_sessions'), 'Too many active sessions'],
  [rule('device_limit', 5, 6), 'Devices: 6, allowed 5'],
  [rule('device_limit', 5), 'More devices than the allowed 5'],
  [rule('ip_blocked'), 'Address is blocked by the school'],
  [rule('ip_not_listed'), 'Address is not on the school’s list'],
  [rule('device_blocked'), 'This device is blocked'],
  [rule('moon_phase', 1, 2), 'what the server says'],
  [{ ...rule('moon_phase'), text: '' }, 'moon_phase'],
  [{ ...rule('constructor'), text: '' }, 'constructor'],
])('the rule %o is told in words', (value, words) => {
  expect(ruleWords(value)).toBe(words);
});

test('words that are new stay as the server wrote them', () => {
  expect(actionWords('login_denied')).toBe('login refused');
  expect(actionWords('account_frozen')).toBe('account_frozen');
  expect(actionWords('toString')).toBe('toString');
  expect(outcomeWords('challenged')).toBe('challenged');
  expect(statusWords('archived')).toBe('archived');
  expect(accessWords('limited')).toBe('limited');
});

const session = (part: Partial<Session>) =>
  ({ outcome: 'allowed', ended_at: null, end_reason: null, ...part }) as Session;

test('only a session that was let in and has not ended is running', () => {
  expect(isRunning(session({}))).toBe(true);
  expect(isRunning(session({ outcome: 'denied' }))).toBe(false);
  expect(isRunning(session({ ended_at: '2026-11-23T12:00:00Z' }))).toBe(false);
});

test.each([
  [session({}), 'running'],
  [session({ ended_at: 'x', end_reason: 'expired' }), 'timed out'],
  [session({ ended_at: 'x', end_reason: 'power_cut' }), 'power_cut'],
  [session({ outcome: 'denied' }), ''],
])('%o ended so', (value, words) => {
  expect(endWords(value)).toBe(words);
});

test('the end of a login is said with its reason where there is one, and with no comma where there is none', () => {
  const at = '2026-11-23T12:00:00Z';
  expect(endedWords(session({ outcome: 'denied', ended_at: at }))).toMatch(/^Mon, 23 November 2026, [^,]+$/);
  expect(endedWords(session({ ended_at: at, end_reason: 'expired' }))).toMatch(/[^,]+, timed out$/);
  expect(endedWords(session({}))).toBe('running');
  expect(endedWords(session({ outcome: 'denied' }))).toBe('');
});
