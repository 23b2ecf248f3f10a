// Decisions that the school has not confirmed, in words.

import type { EntryState } from '../generated/EntryState';
import type { EntryReason } from '../generated/EntryReason';
import type { ProblemCode } from '../generated/ProblemCode';
import type { Waiting } from '../generated/Waiting';
import { known, t, type PlainKey } from '../language.svelte';
import { agentWords } from './place';
import { ruleName } from './rule';
import { exact, span } from './time';

/** The newest value of a conflict's target on the server, with who set it and when, as far as the answer says so. */
export interface Theirs {
  value: string;
  by: string;
  at: string;
}

const VERBS: Record<string, PlainKey> = {
  blocked: 'waiting.verb.blocked',
  allowed: 'waiting.verb.allowed',
  viewed: 'waiting.verb.viewed',
  not_viewed: 'waiting.verb.not_viewed',
  on: 'waiting.verb.on',
  off: 'waiting.verb.off',
};

const VALUES: Record<string, PlainKey> = {
  blocked: 'waiting.value.blocked',
  allowed: 'waiting.value.allowed',
  viewed: 'waiting.value.viewed',
  not_viewed: 'waiting.value.not_viewed',
  on: 'waiting.value.on',
  off: 'waiting.value.off',
};

/** What to do: `Block`. A later version's word stays as it is. */
export function verbWords(value: string): string {
  return known(VERBS, value);
}

/** How it stands: `Blocked`. */
export function valueWords(value: string): string {
  return known(VALUES, value);
}

/** How bad a value is for the student: what is blocked is red. */
export function valueTone(value: string): string {
  if (value === 'blocked') return 'red';
  return value === 'allowed' || value === 'on' ? 'green' : '';
}

/** What it was decided on: `Chrome 131 · Windows 10 #3`; empty where the contact says it all. */
export function targetWords(entry: Waiting): string {
  switch (entry.type) {
    case 'device_access':
      return t('waiting.device', { device: agentWords(entry), id: entry.target_id });
    case 'restriction_status':
      return entry.rule_code === null ? t('waiting.restriction', { id: entry.target_id }) : ruleName(entry.rule_code);
    case 'contact_checks':
      return entry.contact_name === null ? t('waiting.contact', { id: entry.target_id }) : '';
    default:
      return `${entry.type} #${entry.target_id}`;
  }
}

/** All of a decision in one line: `Block Chrome 131 · Windows 10 #3`. */
export function decisionWords(entry: Waiting): string {
  const [verb, target] = [verbWords(entry.value), targetWords(entry)];
  return target ? t('waiting.verb.with', { verb, target }) : verb;
}

function text(of: unknown): string {
  return typeof of === 'string' ? of : '';
}

/** What the server has, read from the entity that it answered with; null where that does not say. */
export function theirs(entry: Waiting): Theirs | null {
  const current = entry.current;
  if (!current) return null;
  const said = (value: unknown, changed: unknown): Theirs | null => {
    if (typeof value !== 'string') return null;
    const who = typeof changed === 'object' && changed !== null ? (changed as Record<string, unknown>) : {};
    return { value, by: text(who.by), at: text(who.at) };
  };
  switch (entry.type) {
    case 'device_access':
      return said(current.access, current.access_changed);
    case 'restriction_status':
      return said(current.status, current.status_changed);
    case 'contact_checks': {
      // The contract's default: a contact that does not say is checked.
      const on = current.checks_enabled ?? true;
      return said(on === true ? 'on' : on === false ? 'off' : null, current.checks_changed);
    }
    default:
      return null;
  }
}

/** Milliseconds of undo before a decision leaves by itself; so long it is said, too. */
export const UNDO_MS = 6000;

const STATES: Record<EntryState, PlainKey> = {
  queued: 'waiting.state.queued',
  sending: 'waiting.state.sending',
  conflict: 'waiting.state.conflict',
  rejected: 'waiting.state.rejected',
};

/** Where it stands on its way to the school. */
export function stateWords(state: EntryState): string {
  return t(STATES[state]);
}

const REASONS: Record<EntryReason, PlainKey> = {
  unreachable: 'waiting.reason.unreachable',
  token_refused: 'waiting.reason.token_refused',
  later: 'waiting.reason.later',
  conflict: 'waiting.reason.conflict',
  not_found: 'waiting.reason.not_found',
  invalid: 'waiting.reason.invalid',
  forbidden: 'waiting.reason.forbidden',
  newer: 'waiting.reason.newer',
};

/** Why it is still here, in plain words. `now` is milliseconds since 1970, `trouble` what the last sync failed with. */
export function whyWaiting(entry: Waiting, now: number, trouble: ProblemCode | null): string {
  if (entry.state === 'sending') return t('waiting.on_its_way');
  const why = entry.reason === null ? '' : REASONS[entry.reason] ? t(REASONS[entry.reason]) : '';
  if (entry.state !== 'queued') return why || entry.last_error || '';
  const next = entry.next_attempt_at === null ? 0 : Date.parse(entry.next_attempt_at) - now;
  const again = entry.attempts > 0 && next > 0 ? t('waiting.next_try', { left: span(next) }) : '';
  if (why) return [why, again].filter(Boolean).join('; ');
  if (entry.attempts > 0) return [t('waiting.resent'), again].filter(Boolean).join('; ');
  if (trouble === 'may_not_decide' || trouble === 'signed_out') return t(REASONS.token_refused);
  if (trouble === 'unreachable' || trouble === 'token_refused') return t(REASONS[trouble]);
  return now - Date.parse(entry.decided_at) < UNDO_MS ? t('waiting.soon') : t('waiting.at_next_sync');
}

/** Who set the value that is shown, and when: a decision made here has nobody on the server yet. */
export function whoSet(of: { pending: boolean }, changed: { at: string; by: string } | null): string {
  if (of.pending) return t('standing.pending');
  return changed ? `${changed.by}, ${exact(changed.at)}` : '';
}
