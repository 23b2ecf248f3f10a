// How a new window looks before anything was asked: the program puts it into the window together with its pages.

import { bridge } from './bridge';
import type { Language } from './generated/Language';
import type { Theme } from './generated/Theme';
import type { Times } from './generated/Times';

/** What has to be known before anything is shown. */
export interface Looks {
  /** The one in force. */
  language: Language;
  theme: Theme;
  times: Times;
  /** Whether the desktop asks for no motion. */
  still: boolean;
  /** Whether the program knows that the desktop is dark. */
  dark: boolean;
}

declare global {
  interface Window {
    /** As things stood when the window was made; not there where the pages run outside the program. */
    readonly hallmonitorLooks?: Looks;
  }
}

/** Whether these pages are the first ones of their window. */
function isNew(): boolean {
  const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  return navigation?.type === 'navigate';
}

/** Language, theme and clock; asked for where other pages stood in the window before, for they may have changed since. */
export async function looks(): Promise<Looks> {
  if (window.hallmonitorLooks && isNew()) return window.hallmonitorLooks;
  const [language, { theme, times }] = await Promise.all([
    bridge.languageInForce(),
    // The Settings screen says what is wrong with them.
    bridge.settings().catch((): Pick<Looks, 'theme' | 'times'> => ({ theme: 'system', times: 'local' })),
  ]);
  return {
    language,
    theme,
    times,
    still: window.hallmonitorLooks?.still ?? false,
    dark: window.hallmonitorLooks?.dark ?? false,
  };
}
