// The school's access control as a list of plain rules.

import type { AccessControl } from '../bridge';
import { t } from '../language.svelte';

function atMost(limit: number | null | undefined): string {
  return limit === null || limit === undefined ? t('school.sessions_any') : t('school.at_most', { count: limit });
}

function addresses(mode: string | null | undefined): string {
  switch (mode) {
    case undefined:
    case null:
      return t('school.unknown');
    case 'off':
      return t('school.off');
    case 'block_listed':
      return t('school.block_listed');
    case 'allow_only_listed':
      return t('school.allow_listed');
    default:
      return mode;
  }
}

function policy(word: string): string {
  if (word === 'refuse_new') return t('school.refuse_new');
  return word === 'end_oldest' ? t('school.end_oldest') : word;
}

/** Label and value of each rule, in the order in which they are looked at. */
export function accessRules(access: AccessControl): [string, string][] {
  const rules: [string, string][] = [
    [t('school.addresses'), addresses(access.ip_mode)],
    [t('school.devices'), atMost(access.max_devices)],
    [t('school.sessions'), atMost(access.max_concurrent_sessions)],
  ];
  if (access.max_concurrent_sessions && access.concurrent_policy) {
    rules.push([t('school.policy'), policy(access.concurrent_policy)]);
  }
  if (access.session_timeout_minutes)
    rules.push([t('school.timeout'), t('school.minutes', { count: access.session_timeout_minutes })]);
  return rules;
}
