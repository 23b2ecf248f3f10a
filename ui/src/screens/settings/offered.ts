// What there is to choose from where the program takes any number.

/** The numbers that are offered, and the one that is chosen where it is another, by size. */
export function withChosen(offered: readonly number[], chosen: number | null): readonly number[] {
  if (chosen === null || offered.includes(chosen)) return offered;
  return [...offered, chosen].toSorted((left, right) => left - right);
}
