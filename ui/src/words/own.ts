// Text that somebody else wrote, inside a sentence.

/** Keeps a text in its own direction, whatever stands around it. */
export function own(text: string): string {
  return `\u2068${text}\u2069`;
}
