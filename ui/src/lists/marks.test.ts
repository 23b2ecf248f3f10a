import { expect, test } from 'vitest';

import { Marks } from './marks.svelte';
import { PagedList } from './paged.svelte';
import { pageOf } from './whole';

interface Row {
  id: number;
}

async function listOf(n: number) {
  const all = Array.from({ length: n }, (_, at) => ({ id: at + 1 }));
  const list = new PagedList<Row>();
  await list.ask(async (page) => pageOf(all, page));
  return { list, marks: new Marks<Row>(), all };
}

const ids = (marks: Marks<Row>) => [...marks.rows.keys()].sort((a, b) => a - b);

test('a range runs from the row marked last, up or down', async () => {
  const { list, marks, all } = await listOf(10);
  marks.toggle(all[5] as Row);
  await marks.extend(list, 5, 7);
  expect(ids(marks)).toEqual([6, 7, 8]);
  await marks.extend(list, 7, 4);
  expect(ids(marks)).toEqual([5, 6, 7, 8]);
});

test('a range begins at the row that was marked, wherever it stands by then', async () => {
  let all = Array.from({ length: 10 }, (_, at) => ({ id: at + 1 }));
  const list = new PagedList<Row>();
  await list.ask(async (page) => pageOf(all, page));
  const marks = new Marks<Row>();
  marks.toggle(all[4] as Row);
  all = [{ id: 101 }, { id: 102 }, { id: 103 }, ...all];
  await list.refresh();
  await marks.extend(list, 9, 9);
  expect(ids(marks)).toEqual([5, 6, 7]);

  // Gone, it begins nowhere else than where the person is.
  all = all.filter((row) => row.id !== 5);
  await list.refresh();
  marks.clear();
  await marks.extend(list, 2, 3);
  expect(ids(marks)).toEqual([1, 103]);
});

test('what is answered after all marks were let go is not marked', async () => {
  const { list, marks } = await listOf(450);
  const marking = marks.all(list);
  marks.clear();
  await marking;
  expect(marks.size).toBe(0);
});

test('a range takes in rows that are not here yet', async () => {
  const { list, marks, all } = await listOf(450);
  marks.toggle(all[0] as Row);
  await marks.extend(list, 0, 399);
  expect(marks.size).toBe(400);
  await marks.all(list);
  expect(marks.size).toBe(450);
});

test('a mark is taken away again, and all at once', async () => {
  const { marks, all } = await listOf(3);
  marks.toggle(all[0] as Row);
  marks.toggle(all[1] as Row);
  marks.toggle(all[0] as Row);
  expect(ids(marks)).toEqual([2]);
  marks.clear();
  expect(marks.size).toBe(0);
});

test('a marked row is read as the list has it now', async () => {
  const list = new PagedList<Row & { word: string }>();
  let word = 'before';
  await list.ask(async (page) => pageOf([{ id: 1, word }], page));
  const marks = new Marks<Row & { word: string }>();
  const row = list.row(0);
  if (row) marks.toggle(row);
  word = 'after';
  await list.refresh();
  expect(marks.now(list).map((one) => one.word)).toEqual(['after']);
});

test('a list that is given whole is cut into the pages that are asked for', () => {
  const all = Array.from({ length: 5 }, (_, at) => at);
  const page = (after: string | null, skip: number, limit: number) => pageOf(all, { after, skip, limit, count: false });
  expect(page(null, 0, 2)).toEqual({ rows: [0, 1], next: '2', total: 5 });
  expect(page('2', 1, 2)).toEqual({ rows: [3, 4], next: null, total: 5 });
  expect(page(null, 0, 0)).toEqual({ rows: all, next: null, total: 5 });
  expect(page(null, 9, 2)).toEqual({ rows: [], next: null, total: 5 });
});
