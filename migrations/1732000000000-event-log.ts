import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The log: the only write path, and at once the audit log, the outbox and the stream. Nothing in it is ever changed. */
export class EventLog1732000000000 implements MigrationInterface {
  readonly name = 'EventLog1732000000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DO $$ BEGIN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'safe_passage_app') THEN CREATE ROLE safe_passage_app LOGIN; END IF;
      EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; -- another database of this server made it at the same moment
      END $$;
      GRANT USAGE ON SCHEMA public TO safe_passage_app;

      -- What this database is, for good: live or exercise is a property of the database, never of a record.
      CREATE TABLE database_birth (
        is_only    boolean        PRIMARY KEY DEFAULT true CHECK (is_only),
        kind       text           NOT NULL CHECK (kind IN ('live', 'exercise')),
        notice     text,                                        -- said with everything that leaves an exercise database
        epoch      uuid           NOT NULL,                     -- new when history is (a restore): cursors of another epoch are void
        cursor_key bytea          NOT NULL CHECK (octet_length(cursor_key) >= 32),
        born_at    timestamptz(3) NOT NULL DEFAULT now()
      );
      GRANT SELECT ON database_birth TO safe_passage_app;

      -- The highest log time seen, moved each second, so that log time doesn't step back between events either.
      CREATE TABLE log_high_water (
        is_only  boolean        PRIMARY KEY DEFAULT true CHECK (is_only),
        at       timestamptz(3) NOT NULL,
        moved_at timestamptz    NOT NULL                        -- real time: tells how long no server ran
      );
      GRANT SELECT, INSERT, UPDATE ON log_high_water TO safe_passage_app;

      -- One row in an exercise database, none in a live one: the live clock can't be touched.
      CREATE TABLE exercise_clock (
        is_only       boolean          PRIMARY KEY DEFAULT true CHECK (is_only),
        log_at        timestamptz(3)   NOT NULL,                -- log time at the anchor
        anchored_at   timestamptz      NOT NULL,                -- real time at the anchor
        rate          double precision NOT NULL CHECK (rate BETWEEN 0.1 AND 3600),
        is_paused     boolean          NOT NULL,
        jump_to       timestamptz(3),                           -- where somebody wishes to be; null: nowhere
        next_event_at timestamptz(3),                           -- the player's next record: the clock waits there until it is fed
        waits_for     text                                      -- why the player paused, for the screen
      );
      GRANT SELECT, UPDATE ON exercise_clock TO safe_passage_app;

      -- The only clock of the rules: windows, expiries, deadlines, event times. Milliseconds; never below the high-water mark.
      CREATE FUNCTION log_now() RETURNS timestamptz LANGUAGE sql VOLATILE AS $$
        SELECT greatest(
          (SELECT at FROM log_high_water),
          date_trunc('milliseconds', coalesce(
            (SELECT least(CASE WHEN is_paused THEN log_at ELSE log_at + (clock_timestamp() - anchored_at) * rate END,
                          coalesce(next_event_at, 'infinity'))
               FROM exercise_clock),
            clock_timestamp())))
      $$;

      CREATE TABLE events (
        seq             bigint         PRIMARY KEY CHECK (seq > 0),
        recorded_at     timestamptz(3) NOT NULL,
        type            text           NOT NULL,
        entity          text           NOT NULL,
        entity_id       uuid           NOT NULL,
        version         integer        NOT NULL CHECK (version > 0),
        organisation_id uuid           NOT NULL,
        corridor_ids    uuid[]         NOT NULL,
        actor_id        uuid,                                   -- null: a rule, or time itself
        command_id      uuid,
        body            text           NOT NULL,                -- canonical JSON, exactly as hashed
        prev_hash       bytea          NOT NULL CHECK (octet_length(prev_hash) = 32),
        hash            bytea          NOT NULL CHECK (octet_length(hash) = 32),
        UNIQUE (entity, entity_id, version)                     -- a lost update can't even be logged
      );
      CREATE INDEX events_by_time ON events (recorded_at, seq);
      CREATE INDEX events_by_corridor ON events USING gin (corridor_ids);
      GRANT SELECT ON events TO safe_passage_app;

      CREATE FUNCTION refuse_change_of_history() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION 'the log is append-only' USING ERRCODE = 'integrity_constraint_violation';
      END $$;
      CREATE TRIGGER events_are_final BEFORE UPDATE OR DELETE OR TRUNCATE ON events
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_history();

      -- What is hashed: the previous hash, then every column, separated by U+001F, which no column contains.
      CREATE FUNCTION event_hash(prev_hash bytea, seq bigint, recorded_at timestamptz, type text, entity text, entity_id uuid, version integer,
                                 organisation_id uuid, corridor_ids uuid[], actor_id uuid, command_id uuid, body text)
      RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
        SELECT sha256(prev_hash || convert_to(concat_ws(E'\\x1f', seq,
          to_char(recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), type, entity, entity_id, version, organisation_id,
          array_to_string(corridor_ids, ','), coalesce(actor_id::text, ''), coalesce(command_id::text, ''), body), 'UTF8'))
      $$;

      -- The only way into the log. The caller holds the log's lock to the end of its transaction, so commit order is the order of seq.
      CREATE FUNCTION append_events(seqs bigint[], ats timestamptz[], types text[], entities text[], entity_ids uuid[], versions integer[],
                                    organisation_ids uuid[], corridor_lists text[], actor_ids uuid[], command_ids uuid[], bodies text[], hashes bytea[])
      RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
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
        WITH added AS (
          SELECT e.*, lag(e.hash) OVER w AS prev_hash, lag(e.seq) OVER w AS prev_seq, lag(e.recorded_at) OVER w AS prev_at
            FROM unnest(seqs, ats, types, entities, entity_ids, versions, organisation_ids, corridor_lists, actor_ids, command_ids, bodies, hashes)
              AS e (seq, recorded_at, type, entity, entity_id, version, organisation_id, corridor_list, actor_id, command_id, body, hash)
          WINDOW w AS (ORDER BY e.seq)
        ), linked AS (
          SELECT a.*, string_to_array(a.corridor_list, ',')::uuid[] AS corridor_ids,
                 coalesce(a.prev_hash, last.hash, '\\x0000000000000000000000000000000000000000000000000000000000000000') AS before,
                 coalesce(a.prev_seq, last.seq, 0) AS seq_before, coalesce(a.prev_at, last.recorded_at, '-infinity') AS at_before
            FROM added a
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

      -- Not folded: what a command answered, so that a repeat gets the same. Kept 7 days of real time.
      CREATE TABLE operations (
        actor_id   uuid           NOT NULL,
        command_id uuid           NOT NULL,
        digest     text           NOT NULL,
        status     smallint       NOT NULL DEFAULT 201,
        body       json,                                        -- as it was answered, in the same order of members
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        PRIMARY KEY (actor_id, command_id)
      );
      CREATE INDEX operations_by_age ON operations (created_at);
      GRANT SELECT, INSERT, UPDATE, DELETE ON operations TO safe_passage_app;

      -- Not folded: where each follower of the log stands.
      CREATE TABLE follower_cursors (
        name text   PRIMARY KEY,
        seq  bigint NOT NULL
      );
      GRANT SELECT, INSERT, UPDATE ON follower_cursors TO safe_passage_app;

      -- Not folded: free text, encrypted under its subject's key. Erasing the key erases the text and the meaning of its digest in the log.
      CREATE TABLE subject_keys (
        subject_id uuid           PRIMARY KEY,
        wrapped    bytea,                                       -- null: erased, for good
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        erased_at  timestamptz(3),
        CHECK ((wrapped IS NULL) = (erased_at IS NOT NULL))
      );
      CREATE TABLE erasable_texts (
        id         uuid PRIMARY KEY,
        subject_id uuid NOT NULL REFERENCES subject_keys (subject_id),
        sealed     bytea NOT NULL
      );
      GRANT SELECT, INSERT, UPDATE ON subject_keys TO safe_passage_app;
      GRANT SELECT, INSERT ON erasable_texts TO safe_passage_app;
    `);
  }

  /** A log is never taken back. */
  async down(): Promise<void> {
    await Promise.reject(new Error('the event log is not taken back: restore a backup instead'));
  }
}
