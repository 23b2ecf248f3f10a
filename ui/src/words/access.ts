// The school's access control as a list of plain rules.

import type { AccessControl } from '../bridge';
import { texts } from '../texts';

const t = texts.school;

function atMost(limit: number | null | undefined): string {
  return limit === null || limit === undefined ? t.sessionsAny : t.atMost(limit);
}

function addresses(mode: string | null | undefined): string {
  switch (mode) {
    case undefined:
    case null:
      return t.unknown;
    case 'off':
      return t.off;
    case 'block_listed':
      return t.blockListed;
    case 'allow_only_listed':
      return t.allowListed;
    default:
      return mode;
  }
}

function policy(word: string): string {
  if (word === 'refuse_new') return t.refuseNew;
  return word === 'end_oldest' ? t.endOldest : word;
}

/** Label and value of each rule, in the order in which they are looked at. */
export function accessRules(access: AccessControl): [string, string][] {
  const rules: [string, string][] = [
    [t.addresses, addresses(access.ip_mode)],
    [t.devices, atMost(access.max_devices)],
    [t.sessions, atMost(access.max_concurrent_sessions)],
  ];
  if (access.max_concurrent_sessions && access.concurrent_policy) {
    rules.push([t.policy, policy(access.concurrent_policy)]);
  }
  if (access.session_timeout_minutes) rules.push([t.timeout, t.minutes(access.session_timeout_minutes)]);
  return rules;
}
