// What the styles owe to who goes by keyboard and to who wants no motion, read from the sources.

import { expect, test } from 'vitest';

const sources = import.meta.glob<string>(['../**/*.{css,svelte,ts}', '!../**/*.test.ts', '!../generated/**'], {
  query: '?raw',
  import: 'default',
  eager: true,
});

interface Rule {
  file: string;
  selector: string;
  body: string;
}

const styleOf = (file: string, text: string) =>
  (file.endsWith('.css') ? text : (/<style>(.*)<\/style>/s.exec(text)?.[1] ?? '')).replaceAll(/\/\*.*?\*\//gs, '');

/** Every rule, those inside of `@media` too. */
const rules: Rule[] = Object.entries(sources)
  .filter(([file]) => !file.endsWith('.ts'))
  .flatMap(([file, text]) =>
    [...styleOf(file, text).matchAll(/([^{};]+)\{([^{}]*)\}/g)].map(([, selector = '', body = '']) => ({
      file,
      selector: selector.trim(),
      body,
    })),
  );

const NO_OUTLINE = /\boutline(-style|-width)?:\s*(none|0)\b/;
const DRAWN = /\boutline:\s*[1-9]|\bbox-shadow:\s*(?!none)/;

test('where the outline of what has the focus is taken away, something else is drawn', () => {
  const bare = rules.filter(({ body }) => NO_OUTLINE.test(body));
  expect(bare.length).toBeGreaterThan(0);
  const drawn = new Set(
    rules
      .filter(({ selector, body }) => /:focus-(visible|within)/.test(selector) && DRAWN.test(body))
      .map((rule) => rule.file),
  );
  expect(bare.filter(({ file }) => !drawn.has(file))).toEqual([]);
});

test('the ring around a list that has the focus lies over its head and its rows', () => {
  const layer = (file: string, selector: RegExp) => {
    const rule = rules.find((one) => one.file.endsWith(file) && selector.test(one.selector));
    return Number(/z-index:\s*(\d+)/.exec(rule?.body ?? '')?.[1] ?? NaN);
  };
  const ring = rules.find(({ file, selector }) => file.endsWith('/Grid.svelte') && selector.endsWith('::after'));
  expect(ring?.selector).toMatch(/data-keyed.*:focus-visible/);
  expect(ring?.body).toMatch(/inset: 0;[^}]*box-shadow: inset/);
  expect(layer('/Grid.svelte', /::after$/)).toBeGreaterThan(layer('/GridHead.svelte', /^\.head$/));
});

test('a button that destroys is red, whatever order the styles come in', () => {
  // As strong as `.button.main` would leave it to chance: a component's style counts as one class more.
  const red = rules.filter(({ file, body }) => file.endsWith('/Dialog.svelte') && body.includes('var(--red-mark)'));
  expect(red.map(({ selector }) => selector)).toEqual(['.button.grave']);
});

test('a check box and a radio button are drawn here by one rule, empty until they are chosen, not by the desktop', () => {
  const box = document.createElement('input');
  /** The rules for such a field, or for the mark inside of it. */
  const drawing = (type: string, checked: boolean, mark: boolean) => {
    Object.assign(box, { type, checked });
    return rules
      .filter(({ file, selector }) => file === './base.css' && selector.startsWith(':where(input'))
      .filter(
        ({ selector }) => selector.endsWith('::before') === mark && box.matches(selector.replace('::before', '')),
      );
  };
  const said = (found: Rule[], property: string) =>
    found.flatMap(({ body }) => new RegExp(`(?<![-\\w])${property}: ([^;]+);`).exec(body)?.[1] ?? []);
  for (const type of ['checkbox', 'radio']) {
    expect(said(drawing(type, false, false), 'appearance')).toEqual(['none']);
    expect(said(drawing(type, false, false), 'background')).toEqual(['var(--raised)']);
    expect(said(drawing(type, true, false), 'background').at(-1)).toBe('var(--accent)');
    expect(said(drawing(type, false, true), 'visibility')).toEqual(['hidden']);
    expect(said(drawing(type, true, true), 'visibility').at(-1)).toBe('visible');
  }
  expect(drawing('radio', false, false)[0]).toBe(drawing('checkbox', false, false)[0]);
  expect(said(drawing('radio', false, false), 'border-radius').at(-1)).toBe('50%');
  expect(said(drawing('radio', true, true), 'clip-path').at(-1)).toMatch(/^circle/);
});

test('the form that connects grows downwards: an error moves no field', () => {
  const column = rules.find(({ file, selector }) => file.endsWith('/FirstStart.svelte') && selector === '.column');
  expect(column?.body).toMatch(/margin: max\(0px, 50vh - \d+px\) auto auto/);
});

test('a reason takes two lines before it is cut: the limit stands at its end', () => {
  const why = rules.find(({ file, selector }) => file.endsWith('/Rule.svelte') && selector === '.why');
  expect(why?.body).toMatch(/white-space: normal/);
  expect(why?.body).toMatch(/[^-]line-clamp: 2/);
  // Wherever reasons are cells of a list.
  for (const list of ['/ViolationCell.svelte', '/Restrictions.svelte']) {
    const text = Object.entries(sources).find(([file]) => file.endsWith(list))?.[1] ?? '';
    expect(text).toContain('<Rule rule={row.rule}');
  }
});

test('a long name stands whole in the head of its card, beside buttons that leave it room in a narrow window', () => {
  const head = rules.filter(({ file }) => file.endsWith('/card/Head.svelte'));
  expect(head.find(({ selector }) => selector === 'h1 > .whole')?.body).toMatch(/[^-]line-clamp: 3/);
  expect(head.find(({ selector }) => selector === '.ways')?.body).toMatch(/flex: none;\s*gap: 6px/);
});

test('under a time the words that stand there for ever give way, not how long it lasted or the way to the login', () => {
  const of = (name: string) =>
    rules.find(({ file, selector }) => file.endsWith('/Happened.svelte') && selector === name);
  expect(of('.only-here')?.body).toMatch(/min-width: 0;[^}]*text-overflow: ellipsis/);
  expect(of('.more')?.body).toMatch(/flex: none/);
});

test('what is long in a menu takes as many lines as it needs', () => {
  const line = rules.find(
    ({ file, selector }) => file.endsWith('/Menu.svelte') && selector === '.menu :global(button)',
  );
  expect(line?.body).toMatch(/min-height: 30px/);
  expect(line?.body).not.toMatch(/[^-]height: 30px/);
});

test('what can be done with all that is marked stays in the window, however long its words are', () => {
  const bar = rules.find(({ file, selector }) => file.endsWith('/BulkBar.svelte') && selector === '.bulk');
  expect(bar?.body).toMatch(/flex-wrap: wrap/);
});

test('every choice of one is drawn the same', () => {
  const pages = Object.entries(sources).filter(([file, text]) => file.endsWith('.svelte') && text.includes('<select'));
  expect(pages.length).toBeGreaterThan(4);
  const count = (text: string, part: RegExp) => text.match(part)?.length ?? 0;
  // The desktop's own stands nowhere.
  for (const [file, text] of pages) {
    expect([file, count(text, /<select\b/g)]).toEqual([file, count(text, /<Unfolds>\s*<select\b/g)]);
  }
});

test('why a setting was taken back is seen wherever it was set', () => {
  const trouble = rules.find(({ file, selector }) => file.endsWith('SettingsScreen.svelte') && selector === '.trouble');
  expect(trouble?.body).toMatch(/position: sticky;[^}]*bottom: 0;[^}]*background: var\(--ground\)/);
});

test('what thresholds come to stays in sight while they are changed', () => {
  const end = rules.find(({ file, selector }) => file.endsWith('/settings/Insights.svelte') && selector === '.end');
  expect(end?.body).toMatch(/position: sticky;\s*bottom: 0;[^}]*background: var\(--ground\)/);
});

test('one rule stops whatever moves for who wants no motion, and nothing gets round it', () => {
  const base = sources['./base.css'] ?? '';
  const guard = /@media \(prefers-reduced-motion: reduce\) \{\s*\*,\s*\*::before,\s*\*::after \{([^}]*)\}/.exec(
    base,
  )?.[1];
  expect(guard).toMatch(/animation: none !important/);
  expect(guard).toMatch(/transition: none !important/);
  // The same by word of the program.
  const calm = /\[data-calm\] \*,\s*\[data-calm\] \*::before,\s*\[data-calm\] \*::after \{([^}]*)\}/.exec(base)?.[1];
  expect(calm?.replace(/\s/g, '')).toBe(guard?.replace(/\s/g, ''));
  const stronger = rules.filter(
    ({ body }) => /\b(animation|transition)[\w-]*:[^;]*!important/.test(body) && !/: none !important/.test(body),
  );
  expect(stronger).toEqual([]);
  // What scripts move, no style stops.
  const scripted = /svelte\/(transition|animate|motion)|\.animate\(|behavior: ['"]smooth/;
  expect(Object.keys(sources).filter((file) => scripted.test(sources[file] ?? ''))).toEqual([]);
});
