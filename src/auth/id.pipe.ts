import { Injectable, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import { parseId, type PersonId } from '../domain/ids.js';
import { problem, ProblemError } from '../domain/problem.js';

/** An id in a path, in lower case. */
@Injectable()
export class IdPipe implements PipeTransform<string, string> {
  /** @throws ProblemError `invalid-request` */
  transform(text: string, { data }: ArgumentMetadata): string {
    const id = parseId<PersonId>(text);
    if (id !== null) return id;
    throw new ProblemError(
      problem('invalid-request', { errors: [{ field: `path.${data ?? ''}`, code: 'is-uuid', message: 'must be a UUID' }] }),
    );
  }
}
