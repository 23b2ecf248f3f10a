// Light or dark: by the system, or as the person chose.

import type { Theme } from './generated/Theme';

const MEDIA: Record<Theme, string> = {
  system: '(prefers-color-scheme: dark)',
  light: 'not all',
  dark: 'all',
};

/** Puts a theme on at once. */
export function wear(theme: Theme): void {
  document.querySelector<HTMLLinkElement>('link[data-theme=dark]')?.setAttribute('media', MEDIA[theme]);
}
