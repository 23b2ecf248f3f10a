// The room of what is said of devices in known words, wherever they are listed.

import { t } from '../../language.svelte';
import { STANDING, wordsTrack } from '../../words/room';

/** How many others have it. */
export const sharedTrack = () =>
  wordsTrack([t('devices.others', { count: 1 }), t('devices.others', { count: 28 })], 88);

/** Its access, with the mark of a decision that is not confirmed. */
export const accessTrack = () => wordsTrack([t('devices.allowed'), t('devices.blocked')], 84, STANDING, 'badge');

/** What turns its access. */
export const actTrack = () => wordsTrack([t('devices.allow'), t('devices.block')], 64, 0, 'button');
