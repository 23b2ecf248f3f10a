import { expect, test, vi } from 'vitest';

import type { Page } from '../generated/Page';
import type { PageRequest } from '../generated/PageRequest';
import { PAGE_ROWS, PagedList } from './paged.svelte';

interface Row {
  id: number;
}

/** A list of `ids` that answers as the cache does, and remembers what it was asked. */
class Source {
  asked: PageRequest[] = [];
  fail = false;

  constructor(public ids: number[]) {}

  fetch = async (page: PageRequest): Promise<Page<Row>> => {
    this.asked.push(page);
    await Promise.resolve();
    if (this.fail) throw { code: 'cache', message: 'The file is gone.', hint: '' };
    const from = (page.after === null ? 0 : this.ids.indexOf(Number(page.after)) + 1) + page.skip;
    const ids = this.ids.slice(from, from + page.limit);
    const last = ids[ids.length - 1];
    const next = last !== undefined && from + page.limit < this.ids.length ? String(last) : null;
    return { rows: ids.map((id) => ({ id })), next, total: page.count ? this.ids.length : null };
  };
}

/** Waits for what will come; a busy machine may take its time. */
const soon = (holds: () => void) => vi.waitFor(holds, { timeout: 60_000, interval: 1 });

const upTo = (n: number) => Array.from({ length: n }, (_, at) => at + 1);

async function listOf(source: Source): Promise<PagedList<Row>> {
  const list = new PagedList<Row>();
  await list.ask(source.fetch);
  return list;
}

test('the first page brings the count, and later pages do not ask for it again', async () => {
  const source = new Source(upTo(1000));
  const list = await listOf(source);
  expect(list.total).toBe(1000);
  list.want(150, 170);
  await soon(() => expect(list.row(150)?.id).toBe(151));
  expect(source.asked.map((page) => page.count)).toEqual([true, false]);
});

test('the next page starts behind the last one instead of leaping from the beginning', async () => {
  const source = new Source(upTo(1000));
  const list = await listOf(source);
  list.want(100, 130);
  await soon(() => expect(list.row(100)?.id).toBe(101));
  expect(source.asked[1]).toMatchObject({ after: '100', skip: 0, limit: PAGE_ROWS });
});

test('a dragged scrollbar costs one question, and the way on from there needs no leap', async () => {
  const source = new Source(upTo(100_000));
  const list = await listOf(source);
  list.want(70_010, 70_030);
  await soon(() => expect(list.row(70_010)?.id).toBe(70_011));
  expect(source.asked).toHaveLength(2);
  expect(source.asked[1]).toMatchObject({ after: '100', skip: 69_900 });
  list.want(70_110, 70_130);
  await soon(() => expect(list.row(70_110)?.id).toBe(70_111));
  expect(source.asked[2]).toMatchObject({ after: '70100', skip: 0 });
});

test('rows that stand over two pages are both fetched', async () => {
  const source = new Source(upTo(1000));
  const list = await listOf(source);
  list.want(290, 310);
  await soon(() => {
    expect(list.row(299)?.id).toBe(300);
    expect(list.row(300)?.id).toBe(301);
  });
});

test('while a new question is asked the old rows stay, then the list is answered anew', async () => {
  const list = await listOf(new Source(upTo(50)));
  const asking = list.ask(new Source([7, 8]).fetch);
  expect(list.asking).toBe(true);
  expect(list.row(0)?.id).toBe(1);
  await asking;
  expect(list.asking).toBe(false);
  expect(list.total).toBe(2);
  expect(list.row(0)?.id).toBe(7);
  expect(list.row(2)).toBeUndefined();
  expect(list.answered).toBe(2);
});

test('the answer to an older question never overwrites a newer one', async () => {
  const list = new PagedList<Row>();
  let letGo: (page: Page<Row>) => void = () => {};
  const slow = list.ask(() => new Promise((done) => (letGo = done)));
  await list.ask(new Source([7, 8]).fetch);
  letGo({ rows: [{ id: 1 }], next: null, total: 1 });
  await slow;
  expect(list.total).toBe(2);
  expect(list.row(0)?.id).toBe(7);
});

test('a refresh asks for what is in sight and keeps the rows until they are here', async () => {
  const source = new Source(upTo(1000));
  const list = await listOf(source);
  list.want(450, 470);
  await soon(() => expect(list.row(450)?.id).toBe(451));
  source.ids = [5000, ...source.ids];
  const refreshing = list.refresh();
  expect(list.row(450)?.id).toBe(451);
  await refreshing;
  expect(list.total).toBe(1001);
  expect(list.row(451)?.id).toBe(451);
  expect(list.indexOf(451)).toBe(451);
  expect(source.asked.at(-1)).toMatchObject({ after: null, skip: 400, limit: PAGE_ROWS, count: true });
});

test('news during a refresh is not lost', async () => {
  const source = new Source(upTo(10));
  const list = await listOf(source);
  const first = list.refresh();
  source.ids = upTo(11);
  void list.refresh();
  await first;
  await soon(() => expect(list.total).toBe(11));
});

test('a list that shrank ends where it ends now', async () => {
  const source = new Source(upTo(1000));
  const list = await listOf(source);
  source.ids = upTo(150);
  list.want(100, 130);
  await soon(() => expect(list.total).toBe(150));
});

test('a failure is kept as a problem, and retry asks again', async () => {
  const source = new Source(upTo(10));
  source.fail = true;
  const list = await listOf(source);
  expect(list.problem).toMatchObject({ code: 'cache', message: 'The file is gone.' });
  expect(list.total).toBeNull();
  source.fail = false;
  list.retry();
  await soon(() => expect(list.total).toBe(10));
  expect(list.problem).toBeNull();
});

test('rows far away are let go, so that a long scroll does not fill the memory', async () => {
  const list = await listOf(new Source(upTo(20_000)));
  for (let page = 0; page < 60; page++) {
    list.want(page * PAGE_ROWS, page * PAGE_ROWS + 20);
    await soon(() => expect(list.row(page * PAGE_ROWS)).toBeDefined());
  }
  expect(list.row(0)).toBeUndefined();
  expect(list.row(59 * PAGE_ROWS)?.id).toBe(5901);
});

test('a row is found wherever it stands, and a missing one is said to be missing', async () => {
  const list = await listOf(new Source(upTo(3500)));
  expect(await list.find(42)).toBe(41);
  expect(await list.find(3333)).toBe(3332);
  expect(await list.find(9999)).toBeNull();
});
