// Reports on one contact, and texts to them.

import type { WarningKind } from '../generated/WarningKind';
import { t, type PlainKey } from '../language.svelte';
import { beginOfDay, dayBehind } from './typed';
import { dayOf } from './until';

const DAY_MS = 86_400_000;

/** What of the log a report tells. */
export type Period = '30' | '90' | 'first' | 'own';

/** What an own period is made from, as typed: `2026-11-01`. */
export interface Days {
  first: string;
  last: string;
}

/** From the first moment that is in to the first one that is out, UTC; null where the days make no period. `now` is milliseconds since 1970. */
export function rangeOf(
  period: Period,
  days: Days,
  firstViolation: string | null,
  now: number,
): { from: string; until: string } | null {
  const until = new Date(now).toISOString();
  const since = (iso: string) => {
    const from = beginOfDay(dayOf(iso));
    return from === null ? null : { from, until };
  };
  switch (period) {
    case 'first':
      return firstViolation === null ? null : since(firstViolation);
    case 'own': {
      const [from, behind] = [beginOfDay(days.first), dayBehind(days.last)];
      return from !== null && behind !== null && from < behind ? { from, until: behind } : null;
    }
    default:
      return since(new Date(now - Number(period) * DAY_MS).toISOString());
  }
}

/** A name that every file system takes. */
export function fileName(text: string): string {
  const plain = text.replace(/[\p{C}\\/:*?"<>|]+/gu, ' ').replace(/\s+/gu, ' ');
  return [...plain].slice(0, 80).join('').trim().replace(/\.+$/u, '');
}

/** Texts that there are, mildest first. */
export const KINDS: readonly WarningKind[] = ['first_word', 'second_warning', 'blocked'];

const KIND_WORDS: Record<WarningKind, PlainKey> = {
  first_word: 'case.letter.first_word',
  second_warning: 'case.letter.second_warning',
  blocked: 'case.letter.blocked',
};

/** `A friendly first word`. */
export function kindWords(kind: WarningKind): string {
  return t(KIND_WORDS[kind]);
}

/** What may stand in a text in braces, and what it becomes. */
export const PLACE_HOLDERS: readonly [string, PlainKey][] = [
  ['name', 'case.word.name'],
  ['school', 'case.word.school'],
  ['devices', 'case.word.devices'],
  ['violations', 'case.word.violations'],
  ['first', 'case.word.first'],
  ['last', 'case.word.last'],
  ['today', 'case.word.today'],
];
