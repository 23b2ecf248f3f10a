// The room of what is said of logins in known words, wherever they are listed.

import { t } from '../../language.svelte';
import { wordsTrack } from '../../words/room';

/** How a login went, or that it is still going on. */
export const outcomeTrack = () =>
  wordsTrack([t('history.allowed'), t('history.denied'), t('history.running')], 58, 0, 'badge');

const ends = () => [
  t('history.end.logout'),
  t('history.end.expired'),
  t('history.end.replaced'),
  t('history.end.device_blocked'),
  t('history.end.denied'),
];

/** Why a session ended. */
export const endTrack = () => wordsTrack([...ends(), t('history.running')], 90);

/** How a login went, and under it why it ended. */
export const outcomeAndEndTrack = () => wordsTrack(ends(), 104, 0, 'tiny');

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
