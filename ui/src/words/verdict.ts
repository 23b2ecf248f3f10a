// What the owner thinks of a contact, in words.

import type { Verdict } from '../generated/Verdict';
import { t, type PlainKey } from '../language.svelte';
import { dayOf } from './until';

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
export function isDue(verdict: Verdict, now: number): boolean {
  return verdict.follow_up_at !== null && dayOf(verdict.follow_up_at) <= dayOf(new Date(now).toISOString());
}
