import { applyDecorators, Controller, Get, Header, Param } from '@nestjs/common';
import { ApiExcludeController, type OpenAPIObject } from '@nestjs/swagger';
import { Public } from '../auth/requires.js';
import { PROBLEMS, problem, ProblemError, type ProblemCode, type ProblemKind } from '../domain/problem.js';
import { ApiDocs } from './api-docs.service.js';
import { apiPage } from './api-page.js';
import { problemPage, problemsPage } from './problem-pages.js';
import { STYLE } from './style.js';

/** No script, no frame, nothing from elsewhere: only our own style. */
const PAGE_POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

function HtmlPage(): MethodDecorator {
  return applyDecorators(Header('content-type', 'text/html; charset=utf-8'), Header('content-security-policy', PAGE_POLICY));
}

/** What programmers read: the API as a document and as a page, and a page for each refusal. For everybody. */
@ApiExcludeController()
@Public()
@Controller()
export class ApiDocsController {
  constructor(private readonly docs: ApiDocs) {}

  /** The OpenAPI 3.1 document. */
  @Get('v1/openapi.json')
  document(): Promise<OpenAPIObject> {
    return this.docs.read();
  }

  /** The API as a page: no script, nothing from elsewhere. */
  @Get('docs')
  @HtmlPage()
  async page(): Promise<string> {
    return apiPage(await this.docs.read());
  }

  @Get('docs/style.css')
  @Header('content-type', 'text/css; charset=utf-8')
  style(): string {
    return STYLE;
  }

  /** All refusals. */
  @Get('problems')
  @HtmlPage()
  problems(): string {
    return problemsPage();
  }

  /** The catalogue for programs: code → status, title, advice. */
  @Get('problems.json')
  catalogue(): Readonly<Record<string, ProblemKind>> {
    return PROBLEMS;
  }

  /** One refusal: the address that stands in its `type`. */
  @Get('problems/:code')
  @HtmlPage()
  problem(@Param('code') code: string): string {
    if (!Object.hasOwn(PROBLEMS, code)) throw new ProblemError(problem('not-found', {}));
    return problemPage(code as ProblemCode);
  }
}
