import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * State, folded from the log: each row is what `evolve` makes of its events, written by the writer alone in the same transaction.
 * Columns are what the database checks or searches; `state` is the whole value.
 */
export class FoldedTables1732000000010 implements MigrationInterface {
  readonly name = 'FoldedTables1732000000010';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      -- folded
      CREATE TABLE corridors (
        id              uuid    PRIMARY KEY,
        version         integer NOT NULL CHECK (version > 0),
        organisation_id uuid    NOT NULL,
        code            text    NOT NULL UNIQUE CHECK (code ~ '^[ABCEFHIJKLMOPQUVYZ]{1,3}[0-9]{1,2}$'),
        external_id     text,
        stance          text    NOT NULL CHECK (stance IN ('supported', 'observed', 'not_supported')),
        lifecycle       text    CHECK (lifecycle IN ('proposed', 'under_negotiation', 'agreed', 'scheduled', 'open', 'closing', 'suspended',
                                                     'closed', 'completed', 'cancelled', 'failed')),
        window_id       uuid,
        around          box     NOT NULL,                       -- contains the route; two at the antimeridian
        around_too      box,
        state           jsonb   NOT NULL,
        UNIQUE (organisation_id, external_id)
      );
      CREATE INDEX corridors_around ON corridors USING gist (around);
      CREATE INDEX corridors_around_too ON corridors USING gist (around_too) WHERE around_too IS NOT NULL;

      -- folded
      CREATE TABLE windows (
        id              uuid    PRIMARY KEY,
        version         integer NOT NULL CHECK (version > 0),
        organisation_id uuid    NOT NULL,
        external_id     text,
        corridor_ids    uuid[]  NOT NULL,
        starts_at       timestamptz(3),                         -- as claimed; null: not stated
        last_end_at     timestamptz(3),                         -- as claimed; null: not stated, over only by a person
        cancelled_at    timestamptz(3),
        announced_at    timestamptz(3) NOT NULL,
        state           jsonb   NOT NULL,
        UNIQUE (organisation_id, external_id)
      );
      CREATE INDEX windows_by_corridor ON windows USING gin (corridor_ids);

      -- folded
      CREATE TABLE attacks (
        id              uuid    PRIMARY KEY,
        version         integer NOT NULL CHECK (version > 0),
        organisation_id uuid    NOT NULL,
        external_id     text,
        corridor_ids    uuid[]  NOT NULL,                       -- those it touches
        is_unresolved   boolean NOT NULL,
        received_at     timestamptz(3) NOT NULL,
        counts_from     timestamptz(3) NOT NULL,
        around          box,                                    -- the place with its precision; null: no place is known
        state           jsonb   NOT NULL,
        UNIQUE (organisation_id, external_id)
      );
      CREATE INDEX attacks_by_corridor ON attacks USING gin (corridor_ids);
      CREATE INDEX attacks_around ON attacks USING gist (around);
      CREATE INDEX attacks_by_receipt ON attacks (received_at, id);

      -- folded: append-only, so its version is always 1
      CREATE TABLE observations (
        id              uuid    PRIMARY KEY,
        version         integer NOT NULL CHECK (version = 1),
        organisation_id uuid    NOT NULL,
        corridor_id     uuid    NOT NULL REFERENCES corridors (id),
        segment_id      uuid    NOT NULL,
        received_at     timestamptz(3) NOT NULL,
        state           jsonb   NOT NULL
      );
      CREATE INDEX observations_by_corridor ON observations (corridor_id, received_at, id);

      -- folded from the observations of a corridor; without a version of its own
      CREATE TABLE corridor_evidence (
        corridor_id uuid  PRIMARY KEY REFERENCES corridors (id),
        state       jsonb NOT NULL
      );

      -- folded: the last logged status
      CREATE TABLE corridor_statuses (
        id          uuid    PRIMARY KEY REFERENCES corridors (id),
        version     integer NOT NULL CHECK (version > 0),
        display     text    NOT NULL CHECK (display IN ('danger', 'suspended', 'closed', 'not_agreed', 'planned', 'hold', 'unknown', 'limited', 'open')),
        valid_until timestamptz(3),
        state       jsonb   NOT NULL
      );

      -- Not folded: what falls due. One row a corridor: its status is decided again at its valid-until.
      CREATE TABLE deadlines (
        corridor_id uuid           PRIMARY KEY REFERENCES corridors (id),
        due_at      timestamptz(3) NOT NULL
      );
      CREATE INDEX deadlines_due ON deadlines (due_at);

      -- A stale or forgetful writer must lose loudly: the log must account for every step of the version.
      CREATE FUNCTION refuse_unlogged_version() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE
        before integer := CASE WHEN TG_OP = 'UPDATE' THEN OLD.version ELSE 0 END;
      BEGIN
        IF NEW.version <= before OR NEW.version - before <> (
          SELECT count(*) FROM events WHERE entity = TG_ARGV[0] AND entity_id = NEW.id AND version > before AND version <= NEW.version
        ) THEN
          RAISE EXCEPTION '% %: the log does not lead from version % to %', TG_TABLE_NAME, NEW.id, before, NEW.version
            USING ERRCODE = 'integrity_constraint_violation', HINT = 'Only the writer updates this table.';
        END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER corridors_version BEFORE INSERT OR UPDATE ON corridors FOR EACH ROW EXECUTE FUNCTION refuse_unlogged_version('corridor');
      CREATE TRIGGER windows_version BEFORE INSERT OR UPDATE ON windows FOR EACH ROW EXECUTE FUNCTION refuse_unlogged_version('window');
      CREATE TRIGGER attacks_version BEFORE INSERT OR UPDATE ON attacks FOR EACH ROW EXECUTE FUNCTION refuse_unlogged_version('attack');
      CREATE TRIGGER observations_version BEFORE INSERT OR UPDATE ON observations FOR EACH ROW EXECUTE FUNCTION refuse_unlogged_version('observation');
      CREATE TRIGGER statuses_version BEFORE INSERT OR UPDATE ON corridor_statuses FOR EACH ROW EXECUTE FUNCTION refuse_unlogged_version('corridor_status');

      GRANT SELECT, INSERT, UPDATE ON corridors, windows, attacks, observations, corridor_evidence, corridor_statuses TO safe_passage_app;
      GRANT SELECT, INSERT, UPDATE, DELETE ON deadlines TO safe_passage_app;
    `);
  }

  /** State is folded from the log: dropping it loses nothing that the log doesn't hold. */
  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `DROP TABLE deadlines, corridor_statuses, corridor_evidence, observations, attacks, windows, corridors; DROP FUNCTION refuse_unlogged_version`,
    );
  }
}
