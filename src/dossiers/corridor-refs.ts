import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Corridor } from '../domain/corridor.js';
import { parseCorridorCode, parseId, type CorridorId } from '../domain/ids.js';
import { canSee, type Actor } from '../domain/permission.js';
import { problem, ProblemError } from '../domain/problem.js';

/** Finds the corridor that people name by its radio code: a code is accepted wherever an id is. */
@Injectable()
export class CorridorRefs {
  constructor(private readonly database: DataSource) {}

  /** @throws ProblemError `not-found` for a code that no corridor has; whether an id exists is the command's to say */
  async read(ref: string): Promise<CorridorId> {
    const id = parseId<CorridorId>(ref) ?? (await this.readAll([ref]))[0];
    if (id === undefined) throw new ProblemError(problem('not-found', {}));
    return id;
  }

  /** Each corridor once, in the order named. @throws ProblemError `not-found` */
  async readAll(refs: readonly string[]): Promise<readonly CorridorId[]> {
    const codes = refs.flatMap((ref) => (parseId(ref) === null ? (parseCorridorCode(ref) ?? []) : []));
    const idOf = new Map<string, CorridorId>();
    if (codes.length > 0) {
      const rows = await this.database.query<{ id: CorridorId; code: string }[]>(`SELECT id, code FROM corridors WHERE code = ANY($1)`, [
        codes,
      ]);
      for (const { id, code } of rows) idOf.set(code, id);
    }
    const ids = refs.map((ref) => parseId<CorridorId>(ref) ?? idOf.get(ref.toUpperCase()));
    if (ids.some((id) => id === undefined)) throw new ProblemError(problem('not-found', {}));
    return [...new Set(ids.flatMap((id) => id ?? []))];
  }

  /** For reads: the corridor must exist and be seen. @throws ProblemError `not-found` */
  async readSeen(ref: string, actor: Actor): Promise<CorridorId> {
    const id = await this.read(ref);
    const [row] = await this.database.query<Pick<Corridor, 'id' | 'organisationId'>[]>(
      `SELECT id, organisation_id AS "organisationId" FROM corridors WHERE id = $1`,
      [id],
    );
    if (row === undefined || !canSee(actor, row)) throw new ProblemError(problem('not-found', {}));
    return id;
  }
}
