import './style/tokens.css';
import './style/base.css';
import './style/form.css';
import './style/screen.css';
import './style/grid.css';

import { mount } from 'svelte';

import App from './App.svelte';
import { readKeysAsLatin } from './keys';
import { speak } from './language.svelte';
import { looks } from './looks';
import { follow } from './state/called.svelte';
import { contacts } from './state/contacts.svelte';
import { school } from './state/school.svelte';
import { screens } from './state/screens.svelte';
import { followDesktop, wear } from './theme';
import { readBy } from './zone.svelte';

/** The longest that the first picture waits for its rows, milliseconds. */
const ROWS_MS = 300;

/** A window that nobody sees draws nothing; it waits no longer for its first picture, milliseconds. */
const DRAWN_MS = 1000;

async function firstRows(): Promise<void> {
  await school.looked;
  // Another screen stands there first.
  if (!school.status || school.place) return screens.load();
  contacts.follow(school.opened, school.contacts);
  await contacts.list.settled();
}

/** When the first picture stands on the screen, or would if the window were in sight. */
let isDrawn = () => {};
const drawn = new Promise<void>((done) => (isDrawn = done));

const started = school.start(drawn, () => void follow());

async function look(): Promise<void> {
  const { language, theme, times, still, dark } = await looks();
  if (still) document.documentElement.dataset.calm = '';
  followDesktop(dark);
  wear(theme);
  readBy(times);
  await speak(language);
}

await Promise.all([
  // Nothing is shown in another language, theme or zone first.
  look(),
  // A picture without rows would be drawn only to be drawn anew.
  Promise.race([firstRows(), new Promise((done) => setTimeout(done, ROWS_MS))]),
]);

readKeysAsLatin();

const target = document.getElementById('app');
if (target) mount(App, { target, props: { started } });

// The first picture comes first.
requestAnimationFrame(() => setTimeout(isDrawn));
setTimeout(isDrawn, DRAWN_MS);
void drawn.then(() => screens.load());
