import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The bodies of a batch cross the wire as lines beside the JSON of their rows: as members of it they were escaped by us and read again here.
 * Canonical JSON has no line break, which it escapes.
 */
export class BodiesAsLines1732700000000 implements MigrationInterface {
  readonly name = 'BodiesAsLines1732700000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP FUNCTION append_events(json);

      -- The only way into the log. The caller holds the log's lock to the end of its transaction, so commit order is the order of seq.
      -- added: an array of objects, a member for each column of events but body and prev_hash; bodies: theirs, a line each, in the same order.
      CREATE FUNCTION append_events(added json, bodies text) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
      DECLARE
        last   record;
        faulty bigint;
        newest bigint;
      BEGIN
        IF NOT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND granted
                          AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
                          AND classid = 0 AND objid = 7001 AND objsubid = 1 AND mode = 'ExclusiveLock') THEN
          RAISE EXCEPTION 'append_events: the log''s lock is not held' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        SELECT seq, recorded_at, hash INTO last FROM events ORDER BY seq DESC LIMIT 1;
        WITH linked AS MATERIALIZED (
          SELECT e.*,
                 coalesce(lag(e.hash) OVER w, last.hash, '\\x0000000000000000000000000000000000000000000000000000000000000000') AS before,
                 coalesce(lag(e.seq) OVER w, last.seq, 0) AS seq_before,
                 coalesce(lag(e.recorded_at) OVER w, last.recorded_at, '-infinity') AS at_before
            FROM ROWS FROM (
                   json_to_recordset(added) AS (seq bigint, recorded_at timestamptz(3), type text, entity text, entity_id uuid,
                     version integer, organisation_id uuid, corridor_ids uuid[], actor_id uuid, command_id uuid, hash bytea),
                   string_to_table(bodies, E'\\n')
                 ) AS e (seq, recorded_at, type, entity, entity_id, version, organisation_id, corridor_ids, actor_id, command_id, hash, body)
          WINDOW w AS (ORDER BY e.seq)
        ), inserted AS (
          INSERT INTO events (seq, recorded_at, type, entity, entity_id, version, organisation_id, corridor_ids, actor_id, command_id, body, prev_hash, hash)
          SELECT seq, recorded_at, type, entity, entity_id, version, organisation_id, corridor_ids, actor_id, command_id, body, before, hash
            FROM linked
        )
        SELECT min(seq) FILTER (WHERE seq <> seq_before + 1 OR recorded_at < at_before OR hash <> event_hash(
                 before, seq, recorded_at, type, entity, entity_id, version, organisation_id, corridor_ids, actor_id, command_id, body)), max(seq)
          INTO faulty, newest FROM linked;
        IF faulty IS NOT NULL THEN
          RAISE EXCEPTION 'append_events: event % leaves a gap, goes back in time, or does not fit the chain', faulty
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        PERFORM pg_notify('events', newest::text); -- wakes the tails; a lost one costs a second
        RETURN newest;
      END $$;
      REVOKE ALL ON FUNCTION append_events FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION append_events TO safe_passage_app;

      -- Nothing reads the log by its time: log time follows seq.
      DROP INDEX events_by_time;
    `);
  }

  /** The server of before can't write here: its call of the log is gone. */
  async down(): Promise<void> {
    await Promise.reject(new Error('the way into the log is not taken back: restore a backup instead'));
  }
}
