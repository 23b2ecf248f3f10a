import './style/tokens.css';
import './style/base.css';
import './style/form.css';
import './style/screen.css';
import './style/grid.css';

import { mount } from 'svelte';

import App from './App.svelte';
import { bridge } from './bridge';
import { readKeysAsLatin } from './keys';
import { languageOfSystem, speak } from './language.svelte';
import { contacts } from './state/contacts.svelte';
import { school } from './state/school.svelte';
import { screens } from './state/screens.svelte';
import { wear } from './theme';
import { readBy } from './zone.svelte';

/** The longest that the first picture waits for its rows, milliseconds. */
const ROWS_MS = 300;

async function firstRows(): Promise<void> {
  await school.looked;
  // Another screen stands there first.
  if (!school.status || school.place) return screens.load();
  contacts.follow(school.opened);
  await contacts.list.settled();
}

const started = school.start();

// The likely messages are fetched while the program is asked; nothing is shown in another language, theme or zone first.
void speak(languageOfSystem());
await Promise.all([
  bridge.languageInForce().then(speak),
  bridge.settings().then(
    ({ theme, times }) => (wear(theme), readBy(times)),
    // The Settings screen says what is wrong with them.
    () => {},
  ),
  // A picture without rows would be drawn only to be drawn anew.
  Promise.race([firstRows(), new Promise((done) => setTimeout(done, ROWS_MS))]),
]);

readKeysAsLatin();

const target = document.getElementById('app');
if (target) mount(App, { target, props: { started } });

// The first picture comes first.
requestAnimationFrame(() => setTimeout(() => void screens.load()));
