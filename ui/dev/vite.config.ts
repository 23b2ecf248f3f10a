import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

// The pages over an invented school, for a look in a browser: nothing of this folder is in the built pages.
export default defineConfig({
  plugins: [svelte()],
  // The messages lie beside the crate that the rest of the program reads them with.
  server: { port: 5173, strictPort: true, open: false, fs: { allow: ['..'] } },
});
