// What the owner thinks of a contact, in words.

import type { Contact } from '../generated/Contact';
import type { Verdict } from '../generated/Verdict';
import { t, type PlainKey } from '../language.svelte';
import { dayOf } from './until';

/** What was noted; when is no matter. */
export type Noted = Omit<Verdict, 'decided_at'>;

/** In the order in which they are offered. */
export const VERDICTS = ['sharing', 'harmless', 'watch'] as const;

const WORDS: Record<Verdict['verdict'], PlainKey> = {
  sharing: 'violations.verdict.word.sharing',
  harmless: 'violations.verdict.word.harmless',
  watch: 'violations.verdict.word.watch',
};

const HINTS: Record<Verdict['verdict'], PlainKey> = {
  sharing: 'violations.verdict.hint.sharing',
  harmless: 'violations.verdict.hint.harmless',
  watch: 'violations.verdict.hint.watch',
};

/** `Sharing`, `Harmless`, `Watch`. */
export function verdictWords(verdict: Verdict['verdict']): string {
  return t(WORDS[verdict]);
}

/** What it means. */
export function verdictHint(verdict: Verdict['verdict']): string {
  return t(HINTS[verdict]);
}

/** Red speaks of sharing, green of nothing to see. */
export function verdictTone(verdict: Verdict['verdict']): string {
  return { sharing: 'red', harmless: 'green', watch: 'amber' }[verdict];
}

/** Whether the owner wanted to look again by this day. `now` is milliseconds since 1970. */
export function isDue(verdict: Noted, now: number): boolean {
  return verdict.follow_up_at !== null && dayOf(verdict.follow_up_at) <= dayOf(new Date(now).toISOString());
}

/** What the owner noted of a contact. */
export function notedOf({ own_verdict, own_note, own_follow_up_at }: Contact): Noted | null {
  const verdict = VERDICTS.find((word) => word === own_verdict);
  return verdict ? { verdict, note: own_note ?? '', follow_up_at: own_follow_up_at ?? null } : null;
}
