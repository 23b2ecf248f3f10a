// What access control did, in the window's own words; the server's text serves the codes that are new to it.

import type { Restriction } from '../generated/Restriction';
import type { Session } from '../generated/Session';
import { texts } from '../texts';

function limited(
  rule: Restriction['rule'],
  words: { both: (observed: number, limit: number) => string; over: (limit: number) => string; plain: string },
): string {
  if (rule.limit === null) return words.plain;
  return rule.observed === null ? words.over(rule.limit) : words.both(rule.observed, rule.limit);
}

/** Why: `Active sessions: 3, allowed 2`. */
export function ruleWords(rule: Restriction['rule']): string {
  const t = texts.rule;
  switch (rule.code) {
    case 'concurrent_sessions':
      return limited(rule, { both: t.sessions, over: t.sessionsOver, plain: t.sessionsPlain });
    case 'device_limit':
      return limited(rule, { both: t.devices, over: t.devicesOver, plain: t.devicesPlain });
    case 'ip_blocked':
      return t.ipBlocked;
    case 'ip_not_listed':
      return t.ipNotListed;
    case 'device_blocked':
      return t.deviceBlocked;
    default:
      return rule.text || rule.code;
  }
}

/** A rule by its code alone, where no figures are known: `Too many active sessions`. */
export function ruleName(code: string): string {
  return ruleWords({ code, text: '', limit: null, observed: null });
}

/** Looks a word up in a table of own properties only, so that `constructor` is no known word. */
function known(table: Record<string, string>, word: string): string {
  return Object.hasOwn(table, word) ? (table[word] ?? word) : word;
}

/** What happened: `login refused`. */
export function actionWords(action: string): string {
  return known(texts.action, action);
}

/** Let in or refused. */
export function outcomeWords(outcome: string): string {
  if (outcome === 'allowed') return texts.history.allowed;
  if (outcome === 'denied') return texts.history.denied;
  return outcome;
}

/** Whether somebody is in this session now. */
export function isRunning(session: Session): boolean {
  return session.outcome === 'allowed' && session.ended_at === null;
}

/** Why it ended; `running` where it has not; nothing where no reason was given or it never began. */
export function endWords(session: Session): string {
  if (isRunning(session)) return texts.history.running;
  return session.end_reason === null ? '' : known(texts.end, session.end_reason);
}

/** Log status in words. */
export function statusWords(status: string): string {
  if (status === 'viewed') return texts.restrictions.viewed;
  if (status === 'not_viewed') return texts.restrictions.notViewed;
  return status;
}

/** Access to the platform in words. */
export function accessWords(access: string): string {
  if (access === 'allowed') return texts.devices.allowed;
  if (access === 'blocked') return texts.devices.blocked;
  return access;
}
