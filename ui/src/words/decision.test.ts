import { expect, test } from 'vitest';

import type { Waiting } from '../generated/Waiting';
import { LANGUAGES, speak, t } from '../language.svelte';
import { decisionWords, theirs, valueTone, whoSet, whyWaiting } from './decision';

const now = Date.parse('2026-11-23T12:00:00Z');

const entry = (part: Partial<Waiting> = {}): Waiting => ({
  id: '018f0000-0000-7000-8000-000000000001',
  type: 'device_access',
  target_id: 3,
  value: 'blocked',
  state: 'queued',
  attempts: 0,
  decided_at: '2026-11-23T11:50:00Z',
  last_error: null,
  current: null,
  reason: null,
  seen: 'allowed',
  next_attempt_at: null,
  can_cancel: true,
  contact_id: 1,
  contact_name: 'Ada',
  browser: 'Chrome 131',
  os: 'Windows 10',
  device_type: 'desktop',
  rule_code: null,
  occurred_at: null,
  ...part,
});

test.each([
  [{}, 'Block Chrome 131 · Windows 10 #3'],
  [{ value: 'allowed', browser: null, os: null }, 'Allow Unknown browser #3'],
  [
    { type: 'restriction_status', value: 'viewed', rule_code: 'ip_blocked' },
    'Mark viewed Address is blocked by the school',
  ],
  [{ type: 'restriction_status', value: 'not_viewed' }, 'Mark not viewed restriction #3'],
  [{ type: 'contact_checks', value: 'off' }, 'Checks off'],
  [{ type: 'contact_checks', value: 'on', contact_name: null }, 'Checks on contact #3'],
  [{ type: 'moon', value: 'constructor' }, 'constructor moon #3'],
])('case %#: a decision in words', (part, words) => {
  expect(decisionWords(entry(part))).toBe(words);
});

const by = { at: '2026-11-23T11:00:00Z', by: 'Olena' };

test.each([
  [{ current: { access: 'allowed', access_changed: by } }, { value: 'allowed', ...by }],
  [{ current: { access: 'allowed', access_changed: null } }, { value: 'allowed', at: '', by: '' }],
  [{ current: { access: 7 } }, null],
  [{ current: null }, null],
  [
    { type: 'restriction_status', current: { status: 'viewed', status_changed: by } },
    { value: 'viewed', ...by },
  ],
  [
    { type: 'contact_checks', current: { checks_enabled: false, checks_changed: by } },
    { value: 'off', ...by },
  ],
  [
    { type: 'contact_checks', current: {} },
    { value: 'on', at: '', by: '' },
  ],
  [{ type: 'contact_checks', current: { checks_enabled: 'no' } }, null],
  [{ type: 'moon', current: { moon: 'full' } }, null],
])('case %#: what the server has', (part, other) => {
  expect(theirs(entry(part as Partial<Waiting>))).toEqual(other);
});

test.each<[Partial<Waiting>, string]>([
  [{ decided_at: '2026-11-23T11:59:58Z' }, 'goes out within seconds'],
  [{}, 'goes out at the next sync'],
  [{ attempts: 1 }, 'has left before; the school’s answer is still to come'],
  [
    { attempts: 2, reason: 'unreachable', next_attempt_at: '2026-11-23T12:00:41Z' },
    'waits until the school can be reached; next try in 41 s',
  ],
  [{ attempts: 1, reason: 'later', next_attempt_at: '2026-11-23T11:00:00Z' }, 'the school asks to send it later'],
  [{ reason: 'token_refused' }, 'waits for a new token'],
  [{ reason: 'newer' }, 'made by a later version of Hallmonitor; update to send it'],
  [{ state: 'sending', attempts: 1 }, 'has left; the school has not answered yet'],
  [{ state: 'conflict', reason: 'conflict' }, 'somebody else decided differently'],
  [{ state: 'rejected', reason: 'not_found' }, 'the school does not know it any more'],
  [{ state: 'rejected', reason: null, last_error: 'The moon is full.' }, 'The moon is full.'],
])('case %#: why it is still here', (part, why) => {
  expect(whyWaiting(entry(part), now, null)).toBe(why);
});

test('what never left waits for what the last sync failed with', () => {
  const fresh = entry({ decided_at: '2026-11-23T11:59:58Z' });
  expect(whyWaiting(fresh, now, 'unreachable')).toBe('waits until the school can be reached');
  expect(whyWaiting(fresh, now, 'token_refused')).toBe('waits for a new token');
  expect(whyWaiting(fresh, now, 'may_not_decide')).toBe('waits for a new token');
  expect(whyWaiting(fresh, now, 'signed_out')).toBe('waits for a new token');
  expect(whyWaiting(fresh, now, 'failed')).toBe('goes out within seconds');
});

test('red is for what is blocked alone', () => {
  expect(['blocked', 'allowed', 'on', 'off', 'viewed', 'not_viewed', 'later'].map(valueTone)).toEqual([
    'red',
    'green',
    'green',
    '',
    '',
    '',
    '',
  ]);
});

test('a decision made here is not said to be somebody else’s', () => {
  expect(whoSet({ pending: true }, by)).toBe('Decided here; the school has not confirmed it yet');
  expect(whoSet({ pending: false }, by)).toMatch(/^Olena, .*13:00:00/);
  expect(whoSet({ pending: false }, null)).toBe('');
});

type Hints = { hint: Record<string, string> };

const problems = import.meta.glob<Hints>('../../../src-tauri/crates/language/messages/*/problem.json', {
  eager: true,
  import: 'default',
});

test.each(LANGUAGES)('what a failure tells to press is what stands on the button: %s', async (language) => {
  await speak(language);
  const [, said] = Object.entries(problems).find(([path]) => path.includes(`/${language}/`)) ?? [];
  for (const [hint, buttons] of Object.entries({
    settle_conflict: [t('waiting.keep_mine'), t('waiting.take_theirs')],
    settle_rejected: [t('waiting.retry'), t('waiting.dismiss')],
    erase: [t('erase.offer').replace('…', '')],
  }))
    expect([...(said?.hint[hint] ?? '').matchAll(/[“«](.+?)[”»]/g)].map(([, quoted]) => quoted)).toEqual(buttons);
});
