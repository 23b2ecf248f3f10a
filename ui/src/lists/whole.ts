// Lists that the program gives whole, and how they are cut into the pages that a list asks for.

import type { Page } from '../generated/Page';
import type { PageRequest } from '../generated/PageRequest';

/** Asks for every row, wherever it is; and the page of a saved view, of which it is no part. */
export const ALL_ROWS: PageRequest = { after: null, skip: 0, limit: 0, count: false };

/** The place of the first row that is asked for. */
export function firstOf(page: PageRequest): number {
  return Number(page.after ?? 0) + page.skip;
}

/** The rows that begin at `first`, of `total`, as a page whose `next` names the place behind it. */
export function pageAt<T>(rows: T[], first: number, total: number): Page<T> {
  const end = first + rows.length;
  return { rows, next: end < total && rows.length > 0 ? String(end) : null, total };
}

/** The page that is asked for, out of all rows. */
export function pageOf<T>(all: readonly T[], page: PageRequest): Page<T> {
  const first = firstOf(page);
  return pageAt(all.slice(first, page.limit === 0 ? undefined : first + page.limit), first, all.length);
}
