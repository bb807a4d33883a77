import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A step through deadlines stands at each of them, and must do so without touching the pause, which belongs to people and would outlive
 * a crash. So an anchor may lie ahead: the clock stands until then.
 */
export class ClockStandsUntilItsAnchor1732300000000 implements MigrationInterface {
  readonly name = 'ClockStandsUntilItsAnchor1732300000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(logNow(`greatest(clock_timestamp() - anchored_at, interval '0')`));
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(logNow(`(clock_timestamp() - anchored_at)`));
  }
}

function logNow(sinceAnchor: string): string {
  return `
    CREATE OR REPLACE FUNCTION log_now() RETURNS timestamptz LANGUAGE sql VOLATILE AS $$
      SELECT greatest(
        (SELECT at FROM log_high_water),
        date_trunc('milliseconds', coalesce(
          (SELECT least(CASE WHEN is_paused THEN log_at ELSE log_at + ${sinceAnchor} * rate END, coalesce(next_event_at, 'infinity'))
             FROM exercise_clock),
          clock_timestamp())))
    $$
  `;
}
