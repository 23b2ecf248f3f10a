// Decisions in the invented school: recorded, superseded, sent and settled much as the program does it.

import type { Contact } from '../src/generated/Contact';
import type { Device } from '../src/generated/Device';
import type { Page } from '../src/generated/Page';
import type { Resolution } from '../src/generated/Resolution';
import type { Restriction } from '../src/generated/Restriction';
import type { Waiting } from '../src/generated/Waiting';

const rank = { conflict: 0, rejected: 1, queued: 2, sending: 2 };
const iso = (ms: number) => new Date(ms).toISOString();

/** What the outbox needs to know of a target. */
export interface Known {
  /** What the server has. */
  value: string;
  who: Contact;
  agent: Pick<Device, 'browser' | 'os' | 'device_type'> | null;
  restriction: Restriction | null;
}

export class FakeOutbox {
  entries: Waiting[] = [];
  /** What the server was told, by kind and id. */
  readonly told = new Map<string, string>();
  #ids = 0;

  constructor(readonly known: (kind: string, id: number) => Known | null) {}

  /** What the server has of a target. */
  #server(kind: string, id: number): string | null {
    return this.told.get(`${kind} ${id}`) ?? this.known(kind, id)?.value ?? null;
  }

  of(kind: string, id: number): Waiting | undefined {
    return this.entries.findLast((entry) => entry.type === kind && entry.target_id === id);
  }

  /** The value that is shown, and how it stands. */
  seen(kind: string, id: number) {
    const entry = this.of(kind, id);
    const pending = entry?.state === 'queued' || entry?.state === 'sending';
    return {
      value: pending ? entry.value : (this.#server(kind, id) ?? ''),
      pending,
      conflict: entry?.state === 'conflict',
      rejected: entry?.state === 'rejected',
    };
  }

  make(kind: string, id: number, value: string, part: Partial<Waiting> = {}): Waiting {
    const known = this.known(kind, id);
    const entry: Waiting = {
      id: `018f0000-0000-7000-8000-${String(++this.#ids).padStart(12, '0')}`,
      type: kind,
      target_id: id,
      value,
      state: 'queued',
      attempts: 0,
      decided_at: iso(Date.now()),
      last_error: null,
      current: null,
      reason: null,
      seen: this.#server(kind, id) ?? '',
      next_attempt_at: null,
      can_cancel: true,
      contact_id: known?.who.id ?? null,
      contact_name: known?.who.name ?? null,
      browser: known?.agent?.browser ?? null,
      os: known?.agent?.os ?? null,
      device_type: known?.agent?.device_type ?? 'unknown',
      rule_code: known?.restriction?.rule.code ?? null,
      occurred_at: known?.restriction?.occurred_at ?? null,
      ...part,
    };
    this.entries.push(entry);
    return entry;
  }

  decide(kind: string, ids: number[], value: string): Waiting[] {
    for (const id of ids) {
      if (!this.known(kind, id)) throw { code: 'not_found', message: `There is no ${kind} ${id} here.`, hint: '' };
    }
    return ids.flatMap((id) => {
      const last = this.of(kind, id);
      if (last && (last.attempts === 0 || last.state === 'conflict' || last.state === 'rejected')) this.#drop(last);
      const left = this.of(kind, id);
      const holds = left ? left.value === value : this.#server(kind, id) === value;
      return holds ? [] : [this.make(kind, id, value)];
    });
  }

  resolve(ids: string[], how: Resolution): Waiting[] {
    const found = ids.map((id) => {
      const entry = this.entries.find((one) => one.id === id);
      if (!entry) throw { code: 'not_found', message: `Nothing waits under ${id}.`, hint: 'Look at the list again.' };
      return entry;
    });
    for (const entry of found) {
      this.#drop(entry);
      if (how === 'keep_mine' || how === 'retry') {
        this.make(entry.type, entry.target_id, entry.value, { decided_at: entry.decided_at });
      }
    }
    return this.entries;
  }

  /** The server takes what waits. */
  send() {
    for (const entry of [...this.entries]) {
      if (entry.state !== 'queued') continue;
      this.told.set(`${entry.type} ${entry.target_id}`, entry.value);
      this.#drop(entry);
    }
  }

  page(skip: number, limit: number): Page<Waiting> {
    const all = this.entries.toSorted((a, b) => rank[a.state] - rank[b.state]);
    return { rows: all.slice(skip, limit === 0 ? undefined : skip + limit), next: null, total: all.length };
  }

  counts() {
    const n = (state: string) => this.entries.filter((entry) => entry.state === state).length;
    return { queued: n('queued') + n('sending'), conflict: n('conflict'), rejected: n('rejected') };
  }

  /** One of every kind that the Sync screen knows. */
  fill(now: number) {
    const at = (minutes: number) => iso(now - minutes * 60_000);
    const hers = { at: at(20), by: 'Олена Коваленко' };
    const conflict = { state: 'conflict', reason: 'conflict', attempts: 1, can_cancel: false } as const;
    const current = { access: 'allowed', access_changed: hers };
    this.make('device_access', 10, 'blocked', { ...conflict, decided_at: at(55), seen: 'allowed', current });
    this.make('contact_checks', 3, 'off', {
      ...conflict,
      decided_at: at(300),
      seen: 'off',
      current: { checks_enabled: true, checks_changed: { at: at(40), by: 'system' } },
    });
    this.make('contact_checks', 5, 'off', {
      state: 'rejected',
      reason: 'forbidden',
      attempts: 1,
      can_cancel: false,
      decided_at: at(12),
      last_error: 'This token may not change checks.',
    });
    this.make('restriction_status', 699, 'viewed', {
      state: 'rejected',
      reason: 'not_found',
      attempts: 1,
      can_cancel: false,
      decided_at: at(9),
      last_error: 'There is no such restriction.',
    });
    this.make('device_access', 70, 'blocked', { decided_at: at(3) });
    this.make('device_access', 20, 'blocked', {
      attempts: 2,
      reason: 'unreachable',
      next_attempt_at: iso(now + 59_000),
      can_cancel: false,
      decided_at: at(7),
    });
    this.make('contact_checks', 7, 'off', { state: 'sending', attempts: 1, can_cancel: false, decided_at: at(4) });
    this.make('session_note', 12, 'pinned', { reason: 'newer', decided_at: at(4000) });
    this.make('restriction_status', 799, 'viewed', { decided_at: at(2) });
  }

  /** More than anybody decides. */
  fillMany(count: number, now: number) {
    for (let at = 0; at < count; at++) {
      const state = at < 40 ? 'conflict' : at < 60 ? 'rejected' : 'queued';
      this.make('device_access', (at + 1) * 10, 'blocked', {
        state,
        reason: state === 'conflict' ? 'conflict' : state === 'rejected' ? 'invalid' : 'unreachable',
        can_cancel: state === 'queued',
        decided_at: iso(now - at * 30_000),
        current: { access: 'allowed', access_changed: { at: iso(now), by: 'Ada' } },
      });
    }
  }

  #drop(entry: Waiting) {
    this.entries = this.entries.filter((one) => one !== entry);
  }
}
