// What the window says: the messages of one language, and the forms of its numbers and dates. Whatever calls `t` while
// it is drawn is drawn anew when another language is spoken.

import { IntlMessageFormat } from 'intl-messageformat';

import type { Messages } from './catalogs/messages';
import type { Language } from './generated/Language';

/** The key of a message. */
export type Key = keyof Messages;

/** The key of a message that needs no arguments. */
export type PlainKey = { [K in Key]: Messages[K] extends null ? K : never }[Key];

/** What stands in a message's place holders. */
type Arguments<K extends Key> = Messages[K] extends null ? [] : [Messages[K]];

/** The languages by their own names. */
export const LANGUAGES: readonly [Language, string][] = [
  ['en', 'English'],
  ['uk', 'Українська'],
  ['ru', 'Русский'],
];

interface Nested {
  [word: string]: string | Nested;
}

const loaders: Record<Language, () => Promise<{ themes: Record<string, unknown> }>> = {
  en: () => import('./catalogs/en'),
  uk: () => import('./catalogs/uk'),
  ru: () => import('./catalogs/ru'),
};

/** One language's messages by key; one with place holders is read when it is first said. */
class Catalog {
  readonly #messages = new Map<string, string | IntlMessageFormat>();

  constructor(
    readonly language: Language,
    themes: Record<string, unknown>,
  ) {
    for (const [path, messages] of Object.entries(themes)) {
      const theme = path.slice(path.lastIndexOf('/') + 1, -'.json'.length);
      this.#take(theme, messages as Nested);
    }
  }

  #take(key: string, messages: string | Nested): void {
    if (typeof messages === 'string') this.#messages.set(key, messages);
    else for (const [word, inner] of Object.entries(messages)) this.#take(`${key}.${word}`, inner);
  }

  say(key: string, values: Record<string, string | number>): string {
    let message = this.#messages.get(key) ?? key;
    if (typeof message === 'string') {
      if (!message.includes('{')) return message;
      message = new IntlMessageFormat(message, this.language, undefined, { ignoreTag: true });
      this.#messages.set(key, message);
    }
    return String(message.format(values));
  }
}

let catalog = $state.raw(new Catalog('en', {}));

/** The language that is spoken. */
export function spoken(): Language {
  return catalog.language;
}

let wanted: { language: Language; here: Promise<void> } | null = null;

/** Speaks a language from now on; the messages of the one before stay until the new ones are here. */
export function speak(language: Language): Promise<void> {
  if (wanted?.language !== language) wanted = { language, here: fetched(language) };
  return wanted.here;
}

async function fetched(language: Language): Promise<void> {
  const { themes } = await loaders[language]();
  // Of two that were asked for, the later one is spoken.
  if (wanted?.language !== language) return;
  catalog = new Catalog(language, themes);
  document.documentElement.lang = language;
}

/** The language of the person's system that is spoken here; English where there is none. */
export function languageOfSystem(tags: readonly string[] = navigator.languages): Language {
  const codes = tags.map((tag) => tag.split('-')[0]?.toLowerCase());
  const found = codes.map((code) => LANGUAGES.find(([language]) => language === code)).find(Boolean);
  return found ? found[0] : 'en';
}

/** A message in the language that is spoken. */
export function t<K extends Key>(key: K, ...[values]: Arguments<K>): string {
  return catalog.say(key, values ?? {});
}

/** A word of the server's in words of the window's; one that is new stays as the server wrote it. */
export function known(words: Record<string, PlainKey>, word: string): string {
  const key = Object.hasOwn(words, word) ? words[word] : undefined;
  return key === undefined ? word : t(key);
}

/** Makes something for each language once: the answer is the one for the language that is spoken. */
export function forLanguage<T>(make: (language: Language) => T): () => T {
  const made = new Map<Language, T>();
  return () => {
    const language = catalog.language;
    let one = made.get(language);
    if (one === undefined) made.set(language, (one = make(language)));
    return one;
  };
}
