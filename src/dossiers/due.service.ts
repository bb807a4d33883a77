import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { v7 } from 'uuid';
import { accept } from '../domain/decision.js';
import type { CommandId, CorridorId } from '../domain/ids.js';
import type { Instant } from '../domain/instant.js';
import { Writer } from '../event-log/writer.js';

const AT_ONCE = 64;

/**
 * What time itself causes. Each corridor has one deadline, at its status's valid-until; what is due is decided again by an ordinary
 * command, so a deadline that fires late, twice, or after a restart does no harm.
 */
@Injectable()
export class Due {
  constructor(
    private readonly database: DataSource,
    private readonly writer: Writer,
  ) {}

  /** Fires everything that is due now. Answers how many corridors were decided again. */
  async fire(): Promise<number> {
    let fired = 0;
    for (;;) {
      const due = await this.database.query<{ id: CorridorId }[]>(
        `SELECT corridor_id AS id FROM deadlines WHERE due_at <= log_now() ORDER BY due_at LIMIT ${String(AT_ONCE)}`,
      );
      if (due.length === 0) return fired;
      const commandId = v7() as CommandId;
      await this.writer.write({
        actorId: null,
        commandId,
        lane: 'normal',
        digest: null,
        touches: { due: due.map((row) => row.id) },
        decide: () => accept(),
        answer: () => null,
      });
      fired += due.length;
    }
  }

  /** The earliest deadline, or null. */
  async next(): Promise<Instant | null> {
    const [row] = await this.database.query<{ at: Instant | null }[]>(`SELECT min(due_at) AS at FROM deadlines`);
    return row?.at ?? null;
  }
}
