// What access control did, in the window's own words; the server's text serves the codes that are new to it.

import type { Restriction } from '../generated/Restriction';
import type { Session } from '../generated/Session';
import { known, t, type PlainKey } from '../language.svelte';
import { exact } from './time';

/** The codes of the rules of the School server API. */
export const RULES = ['concurrent_sessions', 'device_limit', 'ip_blocked', 'ip_not_listed', 'device_blocked'] as const;

interface Limited {
  both: 'rule.concurrent_sessions.both' | 'rule.device_limit.both';
  over: 'rule.concurrent_sessions.over' | 'rule.device_limit.over';
  plain: 'rule.concurrent_sessions.plain' | 'rule.device_limit.plain';
}

const SESSIONS: Limited = {
  both: 'rule.concurrent_sessions.both',
  over: 'rule.concurrent_sessions.over',
  plain: 'rule.concurrent_sessions.plain',
};
const DEVICES: Limited = {
  both: 'rule.device_limit.both',
  over: 'rule.device_limit.over',
  plain: 'rule.device_limit.plain',
};

function limited({ limit, observed }: Restriction['rule'], words: Limited): string {
  if (limit === null) return t(words.plain);
  return observed === null ? t(words.over, { limit }) : t(words.both, { observed, limit });
}

/** Why: `Active sessions: 3, allowed 2`. */
export function ruleWords(rule: Restriction['rule']): string {
  switch (rule.code) {
    case 'concurrent_sessions':
      return limited(rule, SESSIONS);
    case 'device_limit':
      return limited(rule, DEVICES);
    case 'ip_blocked':
      return t('rule.ip_blocked');
    case 'ip_not_listed':
      return t('rule.ip_not_listed');
    case 'device_blocked':
      return t('rule.device_blocked');
    default:
      return rule.text || rule.code;
  }
}

/** A rule by its code alone, where no figures are known: `Too many active sessions`. */
export function ruleName(code: string): string {
  return ruleWords({ code, text: '', limit: null, observed: null });
}

const ACTIONS: Record<string, PlainKey> = {
  login_denied: 'rule.action.login_denied',
  session_ended: 'rule.action.session_ended',
  reported: 'rule.action.reported',
};

const ENDS: Record<string, PlainKey> = {
  logout: 'history.end.logout',
  expired: 'history.end.expired',
  replaced: 'history.end.replaced',
  device_blocked: 'history.end.device_blocked',
  denied: 'history.end.denied',
};

/** What happened: `login refused`. */
export function actionWords(action: string): string {
  return known(ACTIONS, action);
}

/** Let in or refused. */
export function outcomeWords(outcome: string): string {
  if (outcome === 'allowed') return t('history.allowed');
  if (outcome === 'denied') return t('history.denied');
  return outcome;
}

/** Whether somebody is in this session now. */
export function isRunning(session: Session): boolean {
  return session.outcome === 'allowed' && session.ended_at === null;
}

/** Why it ended; `running` where it has not; nothing where no reason was given or it never began. */
export function endWords(session: Session): string {
  if (isRunning(session)) return t('history.running');
  return session.end_reason === null ? '' : endName(session.end_reason);
}

/** When it ended and why, or that it runs; each where it is known. */
export function endedWords(session: Session): string {
  return [exact(session.ended_at), endWords(session)].filter(Boolean).join(', ');
}

/** Why a session ended, by its word. */
export function endName(reason: string): string {
  return known(ENDS, reason);
}

/** Log status in words. */
export function statusWords(status: string): string {
  if (status === 'viewed') return t('restrictions.viewed');
  if (status === 'not_viewed') return t('restrictions.not_viewed');
  return status;
}

/** Access to the platform in words. */
export function accessWords(access: string): string {
  if (access === 'allowed') return t('devices.allowed');
  if (access === 'blocked') return t('devices.blocked');
  return access;
}
