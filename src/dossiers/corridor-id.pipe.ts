import { Injectable, type PipeTransform } from '@nestjs/common';
import type { CorridorId } from '../domain/ids.js';
import { problem, ProblemError } from '../domain/problem.js';
import { toCorridorRef } from '../platform/body-fields.js';
import { CorridorRefs } from './corridor-refs.js';

/** A corridor in a path, by its id or its radio code. */
@Injectable()
export class CorridorIdPipe implements PipeTransform<string, Promise<CorridorId>> {
  constructor(private readonly refs: CorridorRefs) {}

  /** @throws ProblemError `invalid-request` for text that is neither; `not-found` for a code that no corridor has */
  async transform(text: string): Promise<CorridorId> {
    const ref = toCorridorRef(text);
    if (ref !== null) return this.refs.read(ref);
    throw new ProblemError(
      problem('invalid-request', {
        errors: [{ field: 'path.corridorId', code: 'corridor', message: 'must be the UUID or the code of a corridor' }],
      }),
    );
  }
}
