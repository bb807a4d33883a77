import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { apiDocument } from '../api-docs/api-document.js';
import { API_DOCUMENT } from '../api-docs/api-docs.service.js';
import { AppModule } from '../app.module.js';

/** Writes `docs/generated/openapi.json` from the compiled application. Needs no database and opens no port. */
const app = await NestFactory.create(AppModule, new FastifyAdapter(), { preview: true, logger: ['error'] });
await mkdir(dirname(API_DOCUMENT), { recursive: true });
await writeFile(API_DOCUMENT, `${JSON.stringify(apiDocument(app), null, 2)}\n`);
