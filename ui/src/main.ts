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
import { school } from './state/school.svelte';
import { wear } from './theme';
import { readBy } from './zone.svelte';

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
]);

readKeysAsLatin();
const target = document.getElementById('app');
if (target) mount(App, { target, props: { started } });
