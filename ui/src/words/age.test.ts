import { expect, test } from 'vitest';

import type { ProblemCode } from '../generated/ProblemCode';
import type { Status } from '../generated/Status';
import type { SyncState } from '../generated/SyncState';
import { dataAge } from './age';

const now = Date.parse('2026-11-23T12:10:00Z');
const synced = '2026-11-23T12:08:00Z';

const status = (part: Partial<Status> = {}): Status => ({
  profile: 'p',
  server: 's',
  cabinet_name: 'c',
  login_log: true,
  last_sync_at: synced,
  contacts: 1,
  devices: 1,
  sessions: 1,
  restrictions: 1,
  unviewed: 0,
  outbox: { queued: 0, conflict: 0, rejected: 0 },
  unreadable: 0,
  ...part,
});

const nothing = status({ last_sync_at: null, contacts: 0, devices: 0, sessions: 0, restrictions: 0 });

const sync = (phase: SyncState['phase'], code: ProblemCode | null = null): SyncState => ({
  phase,
  problem: code && { code, message: 'What happened.', hint: 'What to do.' },
  next_at: null,
  failing_since: null,
});

const idle = { phase: 'idle' } as const;
const pulling = (done: number, remaining: number | null) => ({ phase: 'pulling', done, remaining }) as const;

test.each([
  [status(), sync(idle), 'good', 'Synced 2 min ago'],
  [status(), sync({ phase: 'connecting' }), 'good', 'Synced 2 min ago'],
  [status(), sync(pulling(3, 2)), 'good', 'Synced 2 min ago'],
  [status({ last_sync_at: '2026-11-20T12:00:00Z' }), sync(idle), 'warn', 'Synced 20 Nov'],
  [status(), sync(idle, 'unreachable'), 'warn', 'Offline · data as of 14:08'],
  [status(), sync({ phase: 'connecting' }, 'unreachable'), 'warn', 'Offline · data as of 14:08'],
  [
    status({ last_sync_at: '2026-11-22T12:02:00Z' }),
    sync(idle, 'unreachable'),
    'warn',
    'Offline · data as of yesterday 14:02',
  ],
  [status(), sync(idle, 'token_refused'), 'bad', 'The server refuses the token · data as of 14:08'],
  [status(), sync(idle, 'signed_out'), 'warn', 'Signed out · data as of 14:08'],
  [status(), sync(idle, 'may_not_decide'), 'bad', 'The token may not decide · data as of 14:08'],
  [status(), sync(idle, 'cache'), 'bad', 'Sync failed · data as of 14:08'],
  [nothing, sync(idle, 'unreachable'), 'warn', 'Offline · no data yet'],
  [nothing, sync(idle), 'warn', 'Not synced yet'],
  [status({ last_sync_at: null }), sync(idle, 'unreachable'), 'warn', 'Offline · the first sync is not finished'],
  [status({ last_sync_at: null }), sync(idle), 'warn', 'The first sync is not finished'],
  [status({ last_sync_at: null }), sync({ phase: 'connecting' }), 'busy', 'Asking the server…'],
  [status({ last_sync_at: null }), sync(pulling(5, null)), 'busy', 'Syncing · 5 read'],
  [status(), sync(pulling(12_400, 87_600)), 'busy', 'Syncing · 12,400 read, 87,600 to go'],
  [status(), sync({ phase: 'pushing', done: 3, remaining: 2 }), 'good', 'Synced 2 min ago'],
  [
    status(),
    sync({ phase: 'pushing', done: 200, remaining: 9800 }),
    'busy',
    'Sending decisions · 200 answered, 9,800 to go',
  ],
  [status(), sync({ phase: 'indexing' }), 'busy', 'Syncing · sorting what was read…'],
  [status({ login_log: false }), sync(idle), 'warn', 'This server has no login log: contacts only · synced 2 min ago'],
])('case %#: the header says how old the data is', (state, exchange, tone, text) => {
  expect(dataAge(state, exchange, now, now)).toMatchObject({ tone, text });
});

test('a wait asked for by the server counts down from when it was heard', () => {
  const said = now - 15_000;
  expect(dataAge(status(), sync({ phase: 'waiting', seconds: 40 }), said, now).text).toContain('25 s');
  expect(dataAge(status(), sync({ phase: 'waiting', seconds: 10 }), said, now).text).toContain('0 s');
});

test('progress is a share of what there is', () => {
  expect(dataAge(status(), sync(pulling(25_000, 75_000)), now, now).progress).toBe(0.25);
  expect(dataAge(status({ last_sync_at: null }), sync(pulling(0, 0)), now, now).progress).toBeNull();
});

test('the hover tells what happened and what to do', () => {
  const { title } = dataAge(status(), sync(idle, 'unreachable'), now, now);
  expect(title).toContain('What happened.\nWhat to do.');
  expect(title).toContain('14:08:00');
});
