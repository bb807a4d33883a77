import { Module } from '@nestjs/common';
import { ApiDocsController } from './api-docs.controller.js';
import { ApiDocs } from './api-docs.service.js';

/** The API for programmers: document, page, and a page for each refusal. */
@Module({ controllers: [ApiDocsController], providers: [ApiDocs] })
export class ApiDocsModule {}
