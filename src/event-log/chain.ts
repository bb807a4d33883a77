import { canonicalJson } from '../domain/canonical-json.js';
import type { Instant } from '../domain/instant.js';
import type { Run } from './command.js';
import { EVENT_COLUMNS, FIRST_HASH, hashOf, type ChainedRow } from './event-rows.js';

/** A row of the log with all that proves it. */
export interface ProvenRow extends ChainedRow {
  readonly prevHash: Buffer;
}

const PAGE = 1000;

/** The whole log in order, a page at a time. Read it in one REPEATABLE READ transaction: a log that grows meanwhile is no difference. */
export async function* readLog(run: Run): AsyncGenerator<ProvenRow> {
  let seq = 0;
  for (;;) {
    const rows = await run<ProvenRow>(
      `SELECT ${EVENT_COLUMNS}, type, prev_hash AS "prevHash", hash FROM events WHERE seq > $1 ORDER BY seq LIMIT ${String(PAGE)}`,
      [seq],
    );
    yield* rows;
    if (rows.length < PAGE) return;
    seq = rows.at(-1)?.seq ?? seq;
  }
}

/**
 * Proves the log event by event, from what it says alone: no gap, no step back in time, each hash right and chained to the one before, each
 * body in its canonical form, each entity's versions without a gap. Whoever rewrites the whole chain is found by the anchors kept outside.
 */
export class Chain {
  private seq = 0;
  private hash: Buffer = FIRST_HASH;
  private recordedAt = '' as Instant;
  private readonly versions = new Map<string, number>();

  /** Events proven so far, and the head that an anchor would sign. */
  get head(): { readonly seq: number; readonly hash: string } {
    return { seq: this.seq, hash: this.hash.toString('hex') };
  }

  /** @returns what is wrong with this event, one line each */
  faultsOf(row: ProvenRow): readonly string[] {
    const entity = `${row.entity} ${row.entityId}`;
    const faults = [
      ...(row.seq === this.seq + 1 ? [] : [`follows event ${String(this.seq)}: events between them are missing`]),
      ...(row.prevHash.equals(this.hash) ? [] : ['does not follow the hash of the event before it']),
      ...(hashOf(row.prevHash, row).equals(row.hash) ? [] : ['is not what was hashed']),
      ...(row.recordedAt >= this.recordedAt ? [] : [`is recorded at ${row.recordedAt}, before the event before it`]),
      ...(isCanonical(row.body) ? [] : ['has a body that is not canonical JSON']),
      ...(row.version === (this.versions.get(entity) ?? 0) + 1 ? [] : [`is version ${String(row.version)} of ${entity}, which skips one`]),
    ];
    this.seq = row.seq;
    this.hash = row.hash;
    this.recordedAt = row.recordedAt;
    this.versions.set(entity, row.version);
    return faults.map((fault) => `event ${String(row.seq)} ${fault}`);
  }
}

function isCanonical(body: string): boolean {
  try {
    return canonicalJson(JSON.parse(body)) === body;
  } catch {
    return false;
  }
}
