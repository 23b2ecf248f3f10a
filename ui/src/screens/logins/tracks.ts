// The room of what is said of logins in known words, wherever they are listed.

import { t } from '../../language.svelte';
import { wordsTrack } from '../../words/room';

/** How a login went, or that it is still going on. */
export const outcomeTrack = () =>
  wordsTrack([t('history.allowed'), t('history.denied'), t('history.running')], 58, 0, 'badge');

/** Why a session ended. */
export const endTrack = () =>
  wordsTrack(
    [
      t('history.end.logout'),
      t('history.end.expired'),
      t('history.end.replaced'),
      t('history.end.device_blocked'),
      t('history.end.denied'),
      t('history.running'),
    ],
    90,
  );

/** What kind of device it was. */
export const kindTrack = () =>
  wordsTrack(
    [
      t('agent.type.desktop'),
      t('agent.type.mobile'),
      t('agent.type.tablet'),
      t('agent.type.bot'),
      t('agent.type.unknown'),
    ],
    70,
  );
