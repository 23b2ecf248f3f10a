// The room of what is said of violations in known words, wherever they are listed.

import { t } from '../../language.svelte';
import { ROUNDED, STANDING, wordsTrack } from '../../words/room';
import { RULES, ruleWords } from '../../words/rule';

/** A second button's room around its words in a row, and the gap before it; in pixels. */
const ROW_BUTTON = 18;
const GAP = 8;

/** Why, at least this wide, which takes so many shares of what is left: the limit is on the first line. */
export function ruleTrack(least: number, shares: number): string {
  const words = RULES.map((code) => ruleWords({ code, text: '', limit: 8, observed: 8 }));
  return `minmax(${wordsTrack(words, least, ROUNDED, 'strong')}, ${shares}fr)`;
}

/** What was done. */
export const actionTrack = () =>
  wordsTrack([t('rule.action.login_denied'), t('rule.action.session_ended'), t('rule.action.reported')], 84);

/** Whether somebody has viewed it, as plain words or a badge, with the mark of a decision that is not confirmed. */
export const statusTrack = (look: '' | 'badge' = '') =>
  wordsTrack([t('restrictions.viewed'), t('restrictions.not_viewed')], 72, STANDING, look);

/** The same, or the two buttons of the selected row in its place. */
export const actsTrack = () =>
  wordsTrack(
    [t('violations.view') + t('violations.block'), t('violations.unview') + t('violations.block')],
    140,
    ROW_BUTTON + GAP,
    'button',
  );
