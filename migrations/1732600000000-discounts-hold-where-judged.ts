import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A discount holds for the corridors for which it was judged: reports that were discounted everywhere are looked at again by a corridor that
 * is declared later. No version moves: the rule reads the same facts otherwise.
 */
export class DiscountsHoldWhereJudged1732600000000 implements MigrationInterface {
  readonly name = 'DiscountsHoldWhereJudged1732600000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE attacks DISABLE TRIGGER attacks_version_updated;
      UPDATE attacks SET is_unresolved = true
       WHERE NOT is_unresolved AND NOT (state ->> 'isRetracted')::boolean AND state ->> 'verification' <> 'duplicate';
      ALTER TABLE attacks ENABLE TRIGGER attacks_version_updated;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE attacks DISABLE TRIGGER attacks_version_updated;
      UPDATE attacks SET is_unresolved = false WHERE is_unresolved AND state ->> 'discount' IS NOT NULL;
      ALTER TABLE attacks ENABLE TRIGGER attacks_version_updated;
    `);
  }
}
