// Decisions that the school has not confirmed, in words.

import type { EntryReason } from '../generated/EntryReason';
import type { ProblemCode } from '../generated/ProblemCode';
import type { Waiting } from '../generated/Waiting';
import { texts } from '../texts';
import { agentWords } from './place';
import { ruleName } from './rule';
import { exact, span } from './time';

/** The newest value of a conflict's target on the server, with who set it and when, as far as the answer says so. */
export interface Theirs {
  value: string;
  by: string;
  at: string;
}

/** Looks a word up among a table's own, so that `constructor` is none. */
function known(table: Record<string, string>, word: string): string {
  return Object.hasOwn(table, word) ? (table[word] ?? word) : word;
}

/** What to do: `Block`. A later version's word stays as it is. */
export function verbWords(value: string): string {
  return known(texts.waiting.verb, value);
}

/** How it stands: `Blocked`. */
export function valueWords(value: string): string {
  return known(texts.waiting.value, value);
}

/** How bad a value is for the student: what is blocked is red. */
export function valueTone(value: string): string {
  if (value === 'blocked') return 'red';
  return value === 'allowed' || value === 'on' ? 'green' : '';
}

/** What it was decided on: `Chrome 131 · Windows 10 #3`; empty where the contact says it all. */
export function targetWords(entry: Waiting): string {
  const t = texts.waiting;
  switch (entry.type) {
    case 'device_access':
      return t.device(agentWords(entry), entry.target_id);
    case 'restriction_status':
      return entry.rule_code === null ? t.restriction(entry.target_id) : ruleName(entry.rule_code);
    case 'contact_checks':
      return entry.contact_name === null ? t.contact(entry.target_id) : '';
    default:
      return `${entry.type} #${entry.target_id}`;
  }
}

/** All of a decision in one line: `Block Chrome 131 · Windows 10 #3`. */
export function decisionWords(entry: Waiting): string {
  return [verbWords(entry.value), targetWords(entry)].filter(Boolean).join(' ');
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

/** Milliseconds of undo before a decision leaves by itself. */
const UNDO_MS = 6000;

const reasons: Record<EntryReason, string> = texts.waiting.reason;

/** Why it is still here, in plain words. `now` is milliseconds since 1970, `trouble` what the last sync failed with. */
export function whyWaiting(entry: Waiting, now: number, trouble: ProblemCode | null): string {
  const t = texts.waiting;
  if (entry.state === 'sending') return t.onItsWay;
  const why = entry.reason === null ? '' : (reasons[entry.reason] ?? '');
  if (entry.state !== 'queued') return why || entry.last_error || '';
  const next = entry.next_attempt_at === null ? 0 : Date.parse(entry.next_attempt_at) - now;
  const again = entry.attempts > 0 && next > 0 ? t.nextTry(span(next)) : '';
  if (why) return [why, again].filter(Boolean).join('; ');
  if (entry.attempts > 0) return [t.resent, again].filter(Boolean).join('; ');
  if (trouble === 'unreachable' || trouble === 'token_refused') return t.reason[trouble];
  return now - Date.parse(entry.decided_at) < UNDO_MS ? t.soon : t.atNextSync;
}

/** Who set the value that is shown, and when: a decision made here has nobody on the server yet. */
export function whoSet(of: { pending: boolean }, changed: { at: string; by: string } | null): string {
  if (of.pending) return texts.standing.pending;
  return changed ? `${changed.by}, ${exact(changed.at)}` : '';
}
