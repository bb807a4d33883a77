import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { answerShapes } from '../api-docs/answer-shapes.js';
import { apiDocument } from '../api-docs/api-document.js';
import { API_DOCUMENT, PROJECT_ROOT } from '../api-docs/api-docs.service.js';
import { AppModule } from '../app.module.js';

/**
 * Writes `docs/generated/openapi.json` from the compiled application and the types of its sources; with `--check` it only compares, and fails when the file has drifted.
 * In preview Nest makes no provider, so it needs no database and opens no port.
 */
const app = await NestFactory.create(AppModule.at({ owner: {}, app: {} }), new FastifyAdapter(), { preview: true, logger: ['error'] });
const shapes = answerShapes(join(PROJECT_ROOT, 'tsconfig.build.json'));
const text = `${JSON.stringify(apiDocument(app, shapes), null, 2)}\n`;

if (process.argv.includes('--check')) {
  if ((await readFile(API_DOCUMENT, 'utf8').catch(() => '')) !== text) {
    process.stderr.write('docs/generated/openapi.json has drifted: run `npm run openapi` and commit it.\n');
    process.exitCode = 1;
  }
} else {
  await mkdir(dirname(API_DOCUMENT), { recursive: true });
  await writeFile(API_DOCUMENT, text);
}
