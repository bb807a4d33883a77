// `npm run build:web`: the pages into dist-web/. Without a dashboard folder there is nothing to build.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
if (existsSync(join(root, 'dashboard', 'vite.config.mjs'))) {
  const { status } = spawnSync(
    join(root, 'node_modules', '.bin', 'vite'),
    ['build', '--config', 'dashboard/vite.config.mjs', '--logLevel', 'warn'],
    { cwd: root, stdio: 'inherit' },
  );
  process.exit(status ?? 1);
}
