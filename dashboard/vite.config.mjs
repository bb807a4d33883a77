import react from '@vitejs/plugin-react';
import { join } from 'node:path';
import { defineConfig } from 'vite';
import { places } from './places-plugin.mjs';

const root = import.meta.dirname;

export default defineConfig({
  root,
  publicDir: false,
  plugins: [react(), places()],
  build: {
    outDir: join(root, '..', 'dist-web'),
    emptyOutDir: true,
    // Nothing inline, not even a small picture: the pages' policy allows our own files only.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1200, // MapLibre is a chunk of its own, loaded after the board stands
    rollupOptions: {
      input: { board: join(root, 'index.html'), field: join(root, 'field.html'), 'sign-in': join(root, 'sign-in.html') },
    },
  },
});
