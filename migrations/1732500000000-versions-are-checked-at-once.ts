import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES = [
  ['corridors', 'corridor'],
  ['windows', 'window'],
  ['attacks', 'attack'],
  ['observations', 'observation'],
  ['corridor_statuses', 'corridor_status'],
] as const;

/** The same rule as before, that the log accounts for every step of a version, asked once a statement and not once a row. */
export class VersionsAreCheckedAtOnce1732500000000 implements MigrationInterface {
  readonly name = 'VersionsAreCheckedAtOnce1732500000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ${TABLES.map(([table]) => `DROP TRIGGER ${trigger(table)} ON ${table};`).join('\n')}
      DROP FUNCTION refuse_unlogged_version();
      ${checking('inserted', 'added', '(SELECT NULL::uuid AS id, NULL::integer AS version WHERE false)')}
      ${checking('updated', 'changed', 'former')}
    `);
    for (const [table, entity] of TABLES) {
      await queryRunner.query(`
        CREATE TRIGGER ${trigger(table)}_inserted AFTER INSERT ON ${table} REFERENCING NEW TABLE AS added
          FOR EACH STATEMENT EXECUTE FUNCTION refuse_unlogged_inserted('${entity}');
        CREATE TRIGGER ${trigger(table)}_updated AFTER UPDATE ON ${table} REFERENCING OLD TABLE AS former NEW TABLE AS changed
          FOR EACH STATEMENT EXECUTE FUNCTION refuse_unlogged_updated('${entity}');
      `);
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ${TABLES.map(([table]) => `DROP TRIGGER ${trigger(table)}_inserted ON ${table}; DROP TRIGGER ${trigger(table)}_updated ON ${table};`).join('\n')}
      DROP FUNCTION refuse_unlogged_inserted();
      DROP FUNCTION refuse_unlogged_updated();
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
    `);
    for (const [table, entity] of TABLES) {
      await queryRunner.query(`
        CREATE TRIGGER ${trigger(table)} BEFORE INSERT OR UPDATE ON ${table} FOR EACH ROW EXECUTE FUNCTION refuse_unlogged_version('${entity}')
      `);
    }
  }
}

function trigger(table: (typeof TABLES)[number][0]): string {
  return table === 'corridor_statuses' ? 'statuses_version' : `${table}_version`;
}

/** A row whose id was changed has no former one, and the log knows nothing of it. */
function checking(what: 'inserted' | 'updated', rows: string, former: string): string {
  return `
      CREATE FUNCTION refuse_unlogged_${what}() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE
        faulty record;
      BEGIN
        SELECT now.id, now.version, coalesce(was.version, 0) AS before INTO faulty
          FROM ${rows} AS now LEFT JOIN ${former} AS was ON was.id = now.id
         WHERE now.version <= coalesce(was.version, 0) OR now.version - coalesce(was.version, 0) <> (
                 SELECT count(*) FROM events AS e
                  WHERE e.entity = TG_ARGV[0] AND e.entity_id = now.id AND e.version > coalesce(was.version, 0) AND e.version <= now.version)
         LIMIT 1;
        IF FOUND THEN
          RAISE EXCEPTION '% %: the log does not lead from version % to %', TG_TABLE_NAME, faulty.id, faulty.before, faulty.version
            USING ERRCODE = 'integrity_constraint_violation', HINT = 'Only the writer updates this table.';
        END IF;
        RETURN NULL;
      END $$;`;
}
