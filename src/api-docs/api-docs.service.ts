import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Injectable } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';
import { problem, ProblemError } from '../domain/problem.js';

/** Wherever this file runs from: `src` or `dist/src`. */
export const PROJECT_ROOT = projectRoot(dirname(fileURLToPath(import.meta.url)));
/** The generated document. */
export const API_DOCUMENT = join(PROJECT_ROOT, 'docs', 'generated', 'openapi.json');

function projectRoot(folder: string): string {
  return existsSync(join(folder, 'package.json')) || dirname(folder) === folder ? folder : projectRoot(dirname(folder));
}

@Injectable()
export class ApiDocs {
  private document: Promise<OpenAPIObject> | null = null;

  /** The document as it was generated with this build. @throws ProblemError `not-found` when none was */
  read(): Promise<OpenAPIObject> {
    this.document ??= readFile(API_DOCUMENT, 'utf8').then(
      (text) => JSON.parse(text) as OpenAPIObject,
      () => {
        this.document = null;
        throw new ProblemError(problem('not-found', {}));
      },
    );
    return this.document;
  }
}
