// The one or two letters that stand for a name.

const letter = /[\p{L}\p{N}]/u;

/** First letters of the first and the last word, upper case; `?` where there is no letter. Only the beginning of a name is read. */
export function initials(name: string): string {
  const words = name
    .slice(0, 200)
    .split(/[\s@._-]+/u)
    .map((word) => [...word].find((char) => letter.test(char)))
    .filter((char) => char !== undefined);
  if (words.length === 0) return '?';
  const last = words.length > 1 ? words[words.length - 1] : '';
  return `${words[0]}${last}`.toLocaleUpperCase();
}
