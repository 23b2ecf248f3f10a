import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';

import svelteConfig from './svelte.config.js';

// What is read or heard comes out of the catalogs; the names of keys, of the program and of an address need no language.
const say = 'Say it through t(), with a message in every language.';
const read = 'key.name=/^(title|alt|placeholder|label|hint|says|confirm|cancel|aria-(label|description|valuetext))$/';
const outsideTheCatalogs = [
  `:not(SvelteElement[name.name="kbd"], SvelteStyleElement, SvelteScriptElement) > SvelteText[value=/^(?!Hallmonitor$).*\\p{L}/su]`,
  `SvelteAttribute[${read}] > SvelteLiteral[value=/^(?!https:| \\([\\w ]+\\)$).*\\p{L}/su]`,
  `SvelteAttribute[${read}] > SvelteMustacheTag > Literal[value=/\\p{L}/u]`,
  `SvelteAttribute[${read}] > SvelteMustacheTag :matches(ConditionalExpression, LogicalExpression) > Literal[value=/\\p{L}/u]`,
  `:not(SvelteAttribute, SvelteElement[name.name="kbd"]) > SvelteMustacheTag > Literal[value=/\\p{L}/u]`,
  `:not(SvelteAttribute, SvelteElement[name.name="kbd"]) > SvelteMustacheTag > :matches(ConditionalExpression, LogicalExpression) > Literal[value=/\\p{L}/u]`,
  `SvelteAttribute[${read}] > SvelteMustacheTag TemplateElement[value.raw=/\\p{L}/u]`,
  `:not(SvelteAttribute, SvelteElement[name.name="kbd"]) > SvelteMustacheTag > TemplateLiteral > TemplateElement[value.raw=/\\p{L}/u]`,
].map((selector) => ({ selector, message: say }));

export default ts.config(
  { ignores: ['dist/', 'node_modules/', 'src/generated/'] },
  js.configs.recommended,
  ...ts.configs.recommended,
  ...svelte.configs.recommended,
  prettier,
  ...svelte.configs.prettier,
  { languageOptions: { globals: { ...globals.browser } } },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser, extraFileExtensions: ['.svelte'], svelteConfig } },
  },
  {
    rules: {
      // The compiler knows undefined names, also those of types.
      'no-undef': 'off',
      'svelte/no-at-html-tags': 'error',
      // What is looked up inside a class and never drawn needs no tracking; what is drawn is replaced whole.
      'svelte/prefer-svelte-reactivity': 'off',
      // The policy of the pages refuses style attributes; `style:` goes through the object model.
      'no-restricted-syntax': [
        'error',
        { selector: 'SvelteAttribute[key.name="style"]', message: 'Use a class, or style: for what is computed.' },
        ...outsideTheCatalogs,
      ],
    },
  },
  {
    files: ['src/**'],
    ignores: ['src/bridge.ts', 'src/**/*.test.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ group: ['@tauri-apps/*'], message: 'Only bridge.ts speaks to the program.' }] },
      ],
    },
  },
);
