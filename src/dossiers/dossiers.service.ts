import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Corridor } from '../domain/corridor.js';
import type { Dossier } from '../domain/dossier.js';
import { parseCorridorCode, parseId, type CorridorId } from '../domain/ids.js';
import type { Instant } from '../domain/instant.js';
import type { Status } from '../domain/status.js';
import { Clock } from '../event-log/clock.js';
import type { Run } from '../event-log/command.js';
import { load } from './load.queries.js';
import { DossierSet } from './working-set.js';

/** What decides a corridor's status, for people who want to read it. The same load as the writer's, without its lock. */
@Injectable()
export class Dossiers {
  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
  ) {}

  /** Dossier and last logged status from one snapshot; null when there is no such corridor. */
  async find(id: CorridorId): Promise<{ readonly dossier: Dossier; readonly status: Status | null; readonly now: Instant } | null> {
    return this.database.transaction('REPEATABLE READ', async (tx) => {
      const now = await this.clock.now(tx);
      const loaded = await load(oneByOne(tx), [{ corridors: [id] }], now);
      const set = new DossierSet({ ...loaded, taken: new Set(), people: [] }, []);
      const dossier = set.dossier(id);
      return dossier === null ? null : { dossier, status: set.status(id), now };
    });
  }

  /** The corridor of an id or a radio code; null when there is none. */
  async findCorridor(idOrCode: string): Promise<Corridor | null> {
    const id = parseId<CorridorId>(idOrCode);
    const code = parseCorridorCode(idOrCode);
    if (id === null && code === null) return null;
    const [row] = await this.database.query<{ state: Corridor }[]>(`SELECT state FROM corridors WHERE id = $1 OR code = $2`, [id, code]);
    return row?.state ?? null;
  }
}

/** This connection takes one statement at a time, unlike the writer's. */
function oneByOne(tx: EntityManager): Run {
  let before: Promise<unknown> = Promise.resolve();
  return <Row extends object>(sql: string, values: readonly unknown[]) => {
    const asked = before.then(() => tx.query<readonly Row[]>(sql, [...values]));
    before = asked.catch(() => undefined);
    return asked;
  };
}
