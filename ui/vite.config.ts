import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

// The pages run under a policy that allows no inline script or style and no data: fonts, so nothing is inlined.
export default defineConfig({
  base: './',
  plugins: [svelte()],
  build: {
    target: ['safari16', 'chrome110'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
