// What can be done from *search everywhere*, on every screen.

import type { Settings } from '../generated/Settings';
import { LANGUAGES, t } from '../language.svelte';
import type { IconName } from '../parts/Icon.svelte';
import { lockAll } from '../state/leaving';
import { nav, type Section } from '../state/nav.svelte';
import { offers } from '../state/offers.svelte';
import { school } from '../state/school.svelte';
import { preferences } from '../state/settings.svelte';
import { SIZE_NAMES, TEXT_SIZES } from '../textSize';
import type { Entry } from './entries';

/** What needs the window itself. */
export interface Ways {
  onkeys: () => void;
  onconnect: () => void;
}

const HOUR_MS = 60 * 60 * 1000;

/** 8 o'clock of the next day on this computer's clock, as from the tray's menu. */
function tomorrow(now: Date): string {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1, 8).toISOString();
}

async function set(part: Partial<Settings>): Promise<void> {
  if (!preferences.now) await preferences.load();
  await preferences.change(part);
}

/** The commands, the usual ones first. `now` is milliseconds since 1970. */
export function commandEntries(ways: Ways, now: number): Entry[] {
  const entries: Entry[] = [];
  const add = (key: string, icon: IconName, label: string, run: () => void, keys?: string) =>
    entries.push({ key: `do ${key}`, group: 'commands', icon, label, about: '', ...(keys ? { keys } : {}), run });

  add('sync', 'sync', t('palette.sync'), () => void school.syncNow(), 'Ctrl R');
  offers.all.forEach((offer, at) => add(`offer ${at}`, 'fall', offer.label(), offer.run));
  school.all.forEach((line, at) => {
    if (line.id === school.shown) return;
    const keys = at < 9 ? `Ctrl ${at + 1}` : undefined;
    add(
      `school ${line.id}`,
      'school',
      t('palette.switch', { school: line.title }),
      () => void school.switchTo(line.id),
      keys,
    );
  });
  add('connect', 'plus', t('menu.connect'), ways.onconnect);
  add('lock', 'lock', t('keys.everywhere.lock'), lockAll, 'Ctrl L');

  const paused = preferences.now?.notifications.paused_until;
  if (paused && Date.parse(paused) > now) {
    add('resume', 'clock', t('palette.resume'), () => void preferences.pause(null));
  } else {
    const pause = (until: string) => void preferences.pause(until);
    add('pause hour', 'clock', t('palette.pause_hour'), () => pause(new Date(Date.now() + HOUR_MS).toISOString()));
    add('pause day', 'clock', t('palette.pause_day'), () => pause(tomorrow(new Date())));
  }

  const themes = [
    ['system', t('settings.theme.system')],
    ['light', t('settings.theme.light')],
    ['dark', t('settings.theme.dark')],
  ] as const;
  for (const [theme, name] of themes) {
    add(`theme ${theme}`, 'demo', `${t('settings.theme.label')}: ${name}`, () => void set({ theme }));
  }
  for (const text_size of TEXT_SIZES) {
    const label = `${t('settings.text_size.label')}: ${t(SIZE_NAMES[text_size])}`;
    add(
      `text ${text_size}`,
      'search',
      label,
      () => void set({ text_size }),
      text_size === 'usual' ? 'Ctrl 0' : undefined,
    );
  }
  const languages = [[null, t('settings.language.system')] as const, ...LANGUAGES];
  for (const [language, name] of languages) {
    const label = `${t('settings.language.label')}: ${name}`;
    add(`language ${language ?? ''}`, 'info', label, () => void set({ language }));
  }
  const times = [
    ['local', t('settings.times.local')],
    ['utc', 'UTC'],
  ] as const;
  for (const [which, name] of times) {
    add(`times ${which}`, 'clock', `${t('settings.times.label')}: ${name}`, () => void set({ times: which }));
  }
  const lead = (key: string, section: Section, name: string) =>
    add(key, 'settings', `${t('nav.settings')}: ${name}`, () => nav.go({ screen: 'settings', section }));
  for (const [section, name] of sections()) lead(`section ${section}`, section, name);
  const line = school.line(school.shown);
  // It stands under the school, whose name says nothing of it.
  if (line && !line.demo) {
    lead('passphrase', 'school', line.passphrase ? t('this_school.passphrase.label') : t('this_school.recovery.label'));
  }
  add('keys', 'keyboard', t('keys.everywhere.keys'), ways.onkeys, '?');
  return entries;
}

/** The parts of the Settings screen that are on it now. */
function sections(): [Section, string][] {
  const line = school.line(school.shown);
  const log = school.status?.login_log ?? false;
  const all: [Section, string, boolean][] = [
    ['notifications', t('settings.notifications'), true],
    ['school', t('this_school.title', { name: line?.title ?? '' }), line !== null && (log || !line.demo)],
    ['insights', t('insights.set.title'), log],
    ['locking', t('locking.title'), true],
    ['look', t('settings.look'), true],
    ['location', t('location.title'), log && !school.demo],
    ['background', t('settings.background'), true],
    ['updates', t('updates.title'), true],
  ];
  return all.flatMap(([section, name, here]) => (here ? [[section, name]] : []));
}
