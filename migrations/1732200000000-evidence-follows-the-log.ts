import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Evidence is folded from the observations of a corridor, and now moves only with them, like every other folded row: its count of
 * observations is its version. The release before writes it the same way, so both may run at once.
 */
export class EvidenceFollowsTheLog1732200000000 implements MigrationInterface {
  readonly name = 'EvidenceFollowsTheLog1732200000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      -- An observation is about one corridor: what came since the last step is counted without looking at what came before.
      CREATE INDEX events_observed ON events ((corridor_ids[1]), seq) WHERE entity = 'observation';

      ALTER TABLE corridor_evidence ADD COLUMN seq bigint;      -- the newest observation in it; set by the trigger, so not compared
      UPDATE corridor_evidence SET seq = (SELECT max(seq) FROM events WHERE entity = 'observation' AND corridor_ids[1] = corridor_id);
      ALTER TABLE corridor_evidence ALTER COLUMN seq SET NOT NULL;

      CREATE FUNCTION refuse_unlogged_evidence() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE
        before  integer := 0;
        seen_to bigint  := 0;
        added   integer;
      BEGIN
        IF TG_OP = 'UPDATE' THEN
          before := OLD.state->>'observationCount';
          seen_to := OLD.seq;
        ELSIF EXISTS (SELECT FROM corridor_evidence WHERE corridor_id = NEW.corridor_id) THEN
          NEW.seq := seen_to; -- INSERT … ON CONFLICT DO UPDATE asks here first: the update is judged as one
          RETURN NEW;
        END IF;
        SELECT count(*), max(seq) INTO added, NEW.seq FROM events
         WHERE entity = 'observation' AND corridor_ids[1] = NEW.corridor_id AND seq > seen_to;
        IF added = 0 OR (NEW.state->>'observationCount')::integer IS DISTINCT FROM before + added THEN
          RAISE EXCEPTION 'corridor_evidence %: the log does not lead from % observations to %',
            NEW.corridor_id, before, NEW.state->>'observationCount'
            USING ERRCODE = 'integrity_constraint_violation', HINT = 'Only the writer updates this table.';
        END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER evidence_version BEFORE INSERT OR UPDATE ON corridor_evidence
        FOR EACH ROW EXECUTE FUNCTION refuse_unlogged_evidence();
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP TRIGGER evidence_version ON corridor_evidence;
      DROP FUNCTION refuse_unlogged_evidence;
      ALTER TABLE corridor_evidence DROP COLUMN seq;
      DROP INDEX events_observed;
    `);
  }
}
