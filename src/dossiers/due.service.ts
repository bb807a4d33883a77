import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { v7 } from 'uuid';
import { accept } from '../domain/decision.js';
import type { CommandId, CorridorId } from '../domain/ids.js';
import { MINUTE_MS, type Instant } from '../domain/instant.js';
import { Writer } from '../event-log/writer.js';
import { log } from '../platform/logging.js';

const AT_ONCE = 64;
const PUT_OFF_MS = 5 * MINUTE_MS;

interface Deadline {
  readonly id: CorridorId;
  readonly dueAt: Instant;
}

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

  /** Fires everything that is due now. */
  async fire(): Promise<void> {
    const decidedAt = new Map<CorridorId, Instant>();
    for (;;) {
      const due = await this.database.query<Deadline[]>(
        // Asked once and not for each row: then the index serves.
        `SELECT corridor_id AS id, due_at AS "dueAt" FROM deadlines WHERE due_at <= (SELECT log_now()) ORDER BY due_at LIMIT ${String(AT_ONCE)}`,
      );
      if (due.length === 0) return;
      const stuck = due.filter(({ id, dueAt }) => {
        const at = decidedAt.get(id);
        return at !== undefined && dueAt <= at;
      });
      if (stuck.length > 0) {
        await this.putOff(stuck);
        continue;
      }
      const ids = due.map(({ id }) => id);
      const now = await this.decideAgain(ids);
      for (const id of ids) decidedAt.set(id, now);
    }
  }

  /** @returns the log time at which they were decided */
  private async decideAgain(ids: readonly CorridorId[]): Promise<Instant> {
    const { body } = await this.writer.write<Instant>({
      actorId: null,
      commandId: v7() as CommandId,
      lane: 'normal',
      digest: null,
      touches: { due: ids },
      decide: () => accept(),
      answer: (_world, _events, now) => now,
    });
    return body;
  }

  /**
   * Still due at the instant at which it was decided: to ask again at once would be to ask for ever, and hold up every other deadline.
   * Meanwhile the status is past its valid-until, so nobody shows it as usable; whatever happens on the corridor sets its deadline anew.
   */
  private async putOff(stuck: readonly Deadline[]): Promise<void> {
    const corridorIds = stuck.map(({ id }) => id);
    log.error({ corridorIds, putOffMs: PUT_OFF_MS }, 'a deadline stays due after it was decided; it is put off');
    await this.database.query(
      `UPDATE deadlines SET due_at = log_now() + $2 * interval '1 millisecond' WHERE corridor_id = ANY($1) AND due_at <= log_now()`,
      [corridorIds, PUT_OFF_MS],
    );
  }

  /** The earliest deadline, or null. */
  async next(): Promise<Instant | null> {
    const [row] = await this.database.query<{ at: Instant | null }[]>(`SELECT min(due_at) AS at FROM deadlines`);
    return row?.at ?? null;
  }
}
