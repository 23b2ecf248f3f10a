// `npm run dev`, then /dev/?state=offline&contacts=20000&language=uk&theme=dark. States: fresh, offline, refused, pulling, cut, first, locked, keyring,
// contacts-only, empty, error, hostile, decided, many, full.

import { emit } from '@tauri-apps/api/event';
import { mockIPC } from '@tauri-apps/api/mocks';

import { FakeSchool } from './school';

const asked = new URLSearchParams(location.search);
const school = new FakeSchool(asked.get('state') ?? 'fresh', Number(asked.get('contacts') ?? 20_000));

const language = asked.get('language');
if (language === 'en' || language === 'uk' || language === 'ru') school.program.settings.language = language;
const theme = asked.get('theme');
if (theme === 'light' || theme === 'dark') school.program.settings.theme = theme;

mockIPC((command, args) => school.answer(command, (args ?? {}) as Record<string, never>), { shouldMockEvents: true });
school.tell = (event, payload) => void emit(event, payload);
if (asked.has('live')) setInterval(() => school.live(), 2000);

await import('../src/main');

// `&screen=logins` begins there; `&keys=jx` presses keys then.
const wanted = asked.get('screen');
if (
  wanted === 'logins' ||
  wanted === 'violations' ||
  wanted === 'insights' ||
  wanted === 'devices' ||
  wanted === 'settings'
) {
  const { nav } = await import('../src/state/nav.svelte');
  const { school: open } = await import('../src/state/school.svelte');
  const timer = setInterval(() => {
    if (!open.status) return;
    clearInterval(timer);
    nav.go({ screen: wanted });
  }, 20);
}
for (const [at, key] of [...(asked.get('keys') ?? '')].entries()) {
  setTimeout(
    () => document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true })),
    1500 + at * 200,
  );
}
