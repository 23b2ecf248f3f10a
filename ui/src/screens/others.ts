// What the first picture does not show: every screen but the contacts, and what stands over a screen once it is asked for.
// It comes in a file of its own, which is read when the first rows are drawn.

export { default as Palette } from '../palette/Palette.svelte';
export { default as Keys } from '../parts/Keys.svelte';
export { default as CardScreen } from './card/CardScreen.svelte';
export { default as ContactKeys } from './ContactKeys.svelte';
export { default as DevicesScreen } from './devices/DevicesScreen.svelte';
export { default as FirstStart } from './FirstStart.svelte';
export { default as InsightsScreen } from './insights/InsightsScreen.svelte';
export { default as LoginsScreen } from './logins/LoginsScreen.svelte';
export { default as NewToken } from './NewToken.svelte';
export { default as School } from './School.svelte';
export { default as SettingsScreen } from './settings/SettingsScreen.svelte';
export { default as SyncScreen } from './sync/SyncScreen.svelte';
export { default as Unlock } from './Unlock.svelte';
export { default as ViolationsScreen } from './violations/ViolationsScreen.svelte';
