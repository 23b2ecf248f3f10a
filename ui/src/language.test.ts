// What is said in Ukrainian and Russian, and how the window changes over to it.

import { emit } from '@tauri-apps/api/event';
import { screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, expect, test } from 'vitest';

import { keys, open, openCard, rows } from '../dev/opened';
import { languageOfSystem, speak, t } from './language.svelte';
import { nav } from './state/nav.svelte';
import { brief, count } from './words/number';
import { countryName } from './words/place';
import { ago, day, exact, moment, span, weekday } from './words/time';

const now = Date.parse('2026-11-23T12:51:00Z');

afterEach(() => document.querySelector('link[data-theme]')?.remove());

test('a language that was chosen is on the whole screen at once, and kept', async () => {
  const fake = await open();
  await rows();
  await keys.click(screen.getByTestId('nav-settings'));
  await keys.selectOptions(await screen.findByTestId('language'), 'uk');
  await screen.findByRole('heading', { level: 1, name: 'Налаштування' });
  expect(within(screen.getByRole('navigation')).getByText('Контакти')).toBeDefined();
  expect(screen.getByTestId('data-age').textContent).toContain('Оновлено 2 хв тому');
  expect(document.documentElement.lang).toBe('uk');
  expect(fake.program.settings.language).toBe('uk');
  await keys.selectOptions(screen.getByTestId('language'), 'Русский');
  await screen.findByRole('heading', { level: 1, name: 'Настройки' });
  await keys.selectOptions(screen.getByTestId('language'), 'Как в системе');
  await screen.findByRole('heading', { level: 1, name: 'Settings' });
  expect(fake.program.settings.language).toBeNull();
});

test('KWIGA’s own names stand on the card', async () => {
  await speak('ru');
  await open();
  await openCard(17);
  const tabs = screen.getAllByRole('tab').map((tab) => tab.textContent?.trim() ?? '');
  const names = ['История входов', 'Устройства', 'История ограничений'];
  expect(tabs.map((text, at) => text.startsWith(names[at] ?? '?'))).toEqual([true, true, true]);
  expect(screen.getAllByText('Последняя активность').length).toBeGreaterThan(0);
  nav.turn({ screen: 'contact', id: 17, tab: 'devices', focus: null });
  await screen.findByText('Доступ к платформе');
  nav.turn({ screen: 'contact', id: 17, tab: 'restrictions', focus: null });
  await screen.findByText('Статус лога');
});

test('text is made larger and smaller in Settings and by keys, wherever they are pressed', async () => {
  const { program } = await open();
  await rows();
  const is = (size: string) => waitFor(() => expect(program.settings.text_size).toBe(size));
  await keys.keyboard('{Control>}+{/Control}');
  await is('large');
  // The same key without Shift.
  await keys.keyboard('{Control>}={/Control}');
  await is('larger');
  await keys.keyboard('?');
  await screen.findByRole('dialog');
  await keys.keyboard('{Control>}++{/Control}');
  await is('largest');
  await keys.keyboard('{Control>}0{/Control}');
  await is('usual');
  await keys.keyboard('{Control>}-{/Control}');
  await is('small');
  await keys.keyboard('{Control>}-{/Control}{Escape}');
  await is('small');

  await keys.click(screen.getByTestId('nav-settings'));
  expect((await screen.findByTestId<HTMLSelectElement>('text-size')).value).toBe('small');
  await keys.selectOptions(screen.getByTestId('text-size'), 'largest');
  await is('largest');
});

test('a theme that was chosen is worn at once', async () => {
  const link = Object.assign(document.createElement('link'), { media: '(prefers-color-scheme: dark)' });
  link.dataset.theme = 'dark';
  document.head.append(link);
  await open();
  await rows();
  await keys.click(screen.getByTestId('nav-settings'));
  await keys.selectOptions(await screen.findByTestId('theme'), 'dark');
  await waitFor(() => expect(link.media).toBe('all'));
  await keys.selectOptions(screen.getByTestId('theme'), 'light');
  await waitFor(() => expect(link.media).toBe('not all'));
  await keys.selectOptions(screen.getByTestId('theme'), 'system');
  await waitFor(() => expect(link.media).toBe('(prefers-color-scheme: dark)'));

  // Where the engine does not know of it, the program says what the desktop is.
  await emit('dark', true);
  await waitFor(() => expect(link.media).toBe('all'));
  await keys.selectOptions(screen.getByTestId('theme'), 'light');
  await waitFor(() => expect(link.media).toBe('not all'));
  await keys.selectOptions(screen.getByTestId('theme'), 'system');
  await emit('dark', false);
  await waitFor(() => expect(link.media).toBe('(prefers-color-scheme: dark)'));
});

test.each([
  [1, '1 рішення не надіслано', '1 решение не отправлено'],
  [2, '2 рішення не надіслано', '2 решения не отправлены'],
  [5, '5 рішень не надіслано', '5 решений не отправлено'],
  [11, '11 рішень не надіслано', '11 решений не отправлено'],
  [21, '21 рішення не надіслано', '21 решение не отправлено'],
  [1004, '1004 рішення не надіслано', '1004 решения не отправлены'],
])('%d decisions have the right form', async (n, ukrainian, russian) => {
  const said = () => t('unsent.queued', { count: n }).replace(/(\d)\s(?=\d)/u, '$1');
  await speak('uk');
  expect(said()).toBe(ukrainian);
  await speak('ru');
  expect(said()).toBe(russian);
});

test('numbers and places are written the language’s way', async () => {
  await speak('uk');
  expect(count(123_456)).toBe('123\u00a0456');
  expect(brief(1_234_567)).toBe('1,2\u00a0млн');
  expect(countryName('UA')).toBe('Україна');
  await speak('ru');
  expect(brief(1_234_567)).toBe('1,2\u00a0млн');
  expect(countryName('DE')).toBe('Германия');
});

test('a short number’s noun agrees with the number that is written', async () => {
  await speak('ru');
  const foot = (logins: number, said: number) =>
    t('foot.both', { contacts: 2, amount: brief(logins), logins: said }).replaceAll('\u00a0', ' ');
  expect(foot(21, 21)).toBe('2 контакта, 21 вход');
  expect(foot(1_200_001, 1_200_000)).toBe('2 контакта, 1,2 млн входов');
});

// The tests run in Kyiv, UTC+2 in November.
test('times are written the language’s way', async () => {
  await speak('uk');
  expect(ago('2026-11-23T12:47:00Z', now)).toBe('4 хв тому');
  expect(ago('2026-11-23T04:12:00Z', now)).toBe('сьогодні 06:12');
  expect(moment('2026-11-22T20:08:00Z', now)).toBe('вчора 22:08');
  expect(day('2026-11-21T10:00:00Z', now)).toBe('21 лист.');
  expect(day('2025-11-21T10:00:00Z', now)).toBe('21 лист. 2025');
  expect(exact('2026-11-23T12:02:07Z')).toMatch(/^пн, 23 листопада 2026 р\., 14:02:07 /);
  expect(span(65 * 60_000)).toBe('1 год 05 хв');
  expect([weekday(0, 'short'), weekday(6, 'long')]).toEqual(['пн', 'неділя']);
  await speak('ru');
  expect(moment('2025-11-21T12:03:00Z', now)).toBe('21 нояб. 2025 14:03');
  expect(span(51 * 3_600_000)).toBe('2 д 3 ч');
});

test.each([
  [['uk-UA', 'en'], 'uk'],
  [['de-AT', 'RU', 'en'], 'ru'],
  [['de', 'fr'], 'en'],
  [[], 'en'],
])('a system that prefers %o is spoken to in %s', (tags, language) => {
  expect(languageOfSystem(tags)).toBe(language);
});
