// Which entries a text means, and which of their letters it is found in. Case and diacritics make no difference.

/** A stretch of a label; `hit` where the text was found. */
export interface Stretch {
  text: string;
  hit: boolean;
}

/** Lower case, without diacritics, and for each of its letters the place in the text that it comes from. */
function folded(text: string): { letters: string; from: number[] } {
  let letters = '';
  const from: number[] = [];
  let at = 0;
  for (const letter of text) {
    const plain = letter.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
    letters += plain;
    for (let n = 0; n < plain.length; n += 1) from.push(at);
    at += letter.length;
  }
  return { letters, from };
}

/** The words of a text, folded. */
export function wordsOf(text: string): string[] {
  return folded(text).letters.split(/\s+/).filter(Boolean);
}

/** How well an entry fits: 0 begins with the text, 1 has a word that begins so, 2 has every word somewhere; null does not. */
export function fit(label: string, more: string, text: string): number | null {
  const words = wordsOf(text);
  const all = folded(label).letters;
  const rest = `${all} ${folded(more).letters}`;
  if (!words.every((word) => rest.includes(word))) return null;
  if (all.startsWith(words.join(' '))) return 0;
  const parts = all.split(/[^\p{L}\p{N}]+/u);
  return words.every((word) => parts.some((part) => part.startsWith(word))) ? 1 : 2;
}

/** The label in stretches: those that a word of the text is found in, and those between. */
export function stretchesOf(label: string, text: string): Stretch[] {
  const { letters, from } = folded(label);
  const hit = new Array<boolean>(label.length).fill(false);
  for (const word of wordsOf(text)) {
    for (let at = letters.indexOf(word); at >= 0; at = letters.indexOf(word, at + word.length)) {
      const begin = from[at] ?? 0;
      const end = from[at + word.length] ?? label.length;
      hit.fill(true, begin, end);
    }
  }
  const stretches: Stretch[] = [];
  for (let at = 0; at < label.length; at += 1) {
    const last = stretches[stretches.length - 1];
    const here = hit[at] ?? false;
    if (last?.hit === here) last.text += label.charAt(at);
    else stretches.push({ text: label.charAt(at), hit: here });
  }
  return stretches;
}
