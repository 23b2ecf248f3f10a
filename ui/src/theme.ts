// Light or dark: by the system, or as the person chose.

import type { Theme } from './generated/Theme';

const MEDIA: Record<Theme, string> = {
  system: '(prefers-color-scheme: dark)',
  light: 'not all',
  dark: 'all',
};

let worn: Theme = 'system';
/** Whether the program says that the desktop is dark: the engine does not know it everywhere. */
let desktopIsDark = false;

/** Puts a theme on at once. */
export function wear(theme: Theme): void {
  worn = theme;
  put();
}

/** Follows the desktop, where the person chose that. */
export function followDesktop(dark: boolean): void {
  desktopIsDark = dark;
  put();
}

function put(): void {
  const media = worn === 'system' && desktopIsDark ? MEDIA.dark : MEDIA[worn];
  document.querySelector<HTMLLinkElement>('link[data-theme=dark]')?.setAttribute('media', media);
}
