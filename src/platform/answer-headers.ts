import { ApiExtension } from '@nestjs/swagger';

/** Where an operation of the API document keeps the headers of its answers until it is known with which status they come. */
export const ANSWER_HEADERS = 'x-answer-headers';

/** For the API document: every good answer of the handler carries an ETag. Said where the tag is set. */
export function DocumentsTag(description: string): MethodDecorator {
  return ApiExtension(ANSWER_HEADERS, { ETag: { description, schema: { type: 'string' } } });
}
