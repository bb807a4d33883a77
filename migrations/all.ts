import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ClockStandsUntilItsAnchor1732300000000 } from './1732300000000-clock-stands-until-its-anchor.js';
import { PeopleAndSessions1732100000000 } from './1732100000000-people-and-sessions.js';
import { BodiesAsLines1732700000000 } from './1732700000000-bodies-as-lines.js';
import { DiscountsHoldWhereJudged1732600000000 } from './1732600000000-discounts-hold-where-judged.js';
import { EventLog1732000000000 } from './1732000000000-event-log.js';
import { EvidenceFollowsTheLog1732200000000 } from './1732200000000-evidence-follows-the-log.js';
import { RowsAsJson1732400000000 } from './1732400000000-rows-as-json.js';
import { VersionsAreCheckedAtOnce1732500000000 } from './1732500000000-versions-are-checked-at-once.js';
import { FoldedTables1732000000010 } from './1732000000010-folded-tables.js';

type Migration = new () => MigrationInterface & { up(queryRunner: QueryRunner): Promise<void> };

/** Every migration, oldest first: listed by hand, so that a forgotten file is a compile error away and nothing is found by a pattern. */
export const migrations: readonly Migration[] = [
  EventLog1732000000000,
  FoldedTables1732000000010,
  PeopleAndSessions1732100000000,
  EvidenceFollowsTheLog1732200000000,
  ClockStandsUntilItsAnchor1732300000000,
  RowsAsJson1732400000000,
  VersionsAreCheckedAtOnce1732500000000,
  DiscountsHoldWhereJudged1732600000000,
  BodiesAsLines1732700000000,
];
