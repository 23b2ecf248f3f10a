// How wide letters are drawn. Another size of text, or another screen, rounds each of them to other pixels, so that the
// same words take a little more or less room. Whatever asks while it is drawn is drawn anew then.

/** Letters and digits enough that hardly two ways to round them come to the same. */
const RULER = 'Allowed Refused Дозволено Відмовлено Разрешено Отказано 28 Sept 2024 13:56:07';

let ways = $state(0);

/** Stays the same number as long as letters are as wide as they were. */
export function lettersNow(): number {
  return ways;
}

/** CSS pixels of the widest of these lines in a row's letters; 0 where nothing is laid out. */
export function widthOf(lines: readonly HTMLElement[]): number {
  const probe = document.createElement('div');
  probe.style.cssText = 'position: absolute; visibility: hidden; width: max-content; white-space: nowrap';
  probe.setAttribute('aria-hidden', 'true');
  probe.append(...lines);
  document.body.append(probe);
  const { width } = probe.getBoundingClientRect();
  probe.remove();
  return width;
}

/** Looks at the letters with every size of the window, which changes when the text has changed: not every engine has
 * another ratio of pixels then. Returns how to stop. */
export function followLetters(): () => void {
  const look = () => widthOf([Object.assign(document.createElement('div'), { textContent: RULER })]);
  let last = look();
  const onresize = () => {
    const now = look();
    if (now === last) return;
    last = now;
    ways += 1;
  };
  window.addEventListener('resize', onresize);
  return () => window.removeEventListener('resize', onresize);
}
