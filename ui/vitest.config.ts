import { svelte } from '@sveltejs/vite-plugin-svelte';
import { svelteTesting } from '@testing-library/svelte/vite';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [svelte(), svelteTesting()],
  test: {
    environment: 'happy-dom',
    setupFiles: ['dev/english.ts'],
    include: ['src/**/*.test.ts'],
    // Styles are dropped, but for those that are read as text.
    css: { include: [/\.css\?raw$/] },
    env: { TZ: 'Europe/Kyiv' },
    // Left to itself it keeps a core free, which on two cores is half of them.
    maxWorkers: '100%',
    // A busy machine is no failure: only what hangs is waited for so long.
    testTimeout: 240_000,
    hookTimeout: 60_000,
  },
});
