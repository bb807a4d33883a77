import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who may sign in, for whom they act, and which sessions are alive. Not folded: accounts hold personal data, which the log never does. */
export class PeopleAndSessions1732100000000 implements MigrationInterface {
  readonly name = 'PeopleAndSessions1732100000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE organisations (
        id            uuid           PRIMARY KEY,
        registered_by uuid           REFERENCES organisations (id), -- its administrators manage this one too; null: made at the database's birth
        name          text           NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
        is_active     boolean        NOT NULL DEFAULT true,
        version       integer        NOT NULL DEFAULT 1,
        created_at    timestamptz(3) NOT NULL DEFAULT now()
      );

      CREATE TABLE people (
        id              uuid           PRIMARY KEY,
        organisation_id uuid           NOT NULL REFERENCES organisations (id),
        role            text           NOT NULL CHECK (role IN ('administrator', 'coordinator', 'verifier', 'ordnance_assessor',
                                                                'field_lead', 'field_member', 'partner', 'observer')),
        sign_in_name    text           NOT NULL UNIQUE CHECK (sign_in_name = lower(sign_in_name) AND length(sign_in_name) BETWEEN 1 AND 200),
        display_name    text           NOT NULL CHECK (length(display_name) BETWEEN 1 AND 200),
        password_hash   text           CHECK (password_hash LIKE '$argon2id$%'), -- null: signs in by one-time codes only
        is_active       boolean        NOT NULL DEFAULT true,
        version         integer        NOT NULL DEFAULT 1,
        created_at      timestamptz(3) NOT NULL DEFAULT now()
      );
      CREATE INDEX people_of_organisation ON people (organisation_id);

      -- No foreign key to corridors: a team may be assigned before its corridor is declared.
      CREATE TABLE assignments (
        person_id   uuid NOT NULL REFERENCES people (id),
        corridor_id uuid NOT NULL,
        PRIMARY KEY (person_id, corridor_id)
      );
      CREATE TABLE corridor_shares (
        organisation_id uuid NOT NULL REFERENCES organisations (id), -- with whom
        corridor_id     uuid NOT NULL,
        PRIMARY KEY (organisation_id, corridor_id)
      );

      CREATE TABLE sign_in_codes (
        id         uuid           PRIMARY KEY,
        person_id  uuid           NOT NULL REFERENCES people (id),
        code_hash  bytea          NOT NULL UNIQUE, -- SHA-256: a code is 256 random bits, so a fast hash is right
        issued_by  uuid           REFERENCES people (id), -- null: the server itself, or the command line
        issued_at  timestamptz(3) NOT NULL DEFAULT now(),
        expires_at timestamptz(3) NOT NULL CHECK (expires_at > issued_at),
        used_at    timestamptz(3)
      );

      CREATE TABLE sessions (
        id           uuid           PRIMARY KEY,
        person_id    uuid           NOT NULL REFERENCES people (id),
        token_hash   bytea          NOT NULL UNIQUE, -- SHA-256 of 256 random bits
        carrier      text           NOT NULL CHECK (carrier IN ('bearer', 'cookie')),
        signed_in_by text           NOT NULL CHECK (signed_in_by IN ('password', 'code', 'server')),
        created_at   timestamptz(3) NOT NULL DEFAULT now(),
        last_used_at timestamptz(3) NOT NULL DEFAULT now(),
        expires_at   timestamptz(3) NOT NULL CHECK (expires_at > created_at),
        ended_at     timestamptz(3),
        ended_by     uuid           REFERENCES people (id)
      );
      CREATE INDEX sessions_of_person ON sessions (person_id) WHERE ended_at IS NULL;

      -- People who may act, and where: a field role on the corridors assigned to it, a partner on those shared with its organisation.
      CREATE VIEW actors AS
      SELECT p.id, p.organisation_id, p.role,
             CASE WHEN p.role IN ('field_lead', 'field_member')
                  THEN ARRAY(SELECT a.corridor_id FROM assignments a WHERE a.person_id = p.id ORDER BY a.corridor_id)
                  WHEN p.role = 'partner'
                  THEN ARRAY(SELECT s.corridor_id FROM corridor_shares s WHERE s.organisation_id = p.organisation_id ORDER BY s.corridor_id)
                  ELSE ARRAY[]::uuid[]
             END AS corridor_ids
        FROM people p
        JOIN organisations o ON o.id = p.organisation_id
       WHERE p.is_active AND o.is_active;

      -- The one place that says whether a session is alive. Real time, not log time: a paused exercise must not keep a stolen token alive.
      CREATE VIEW live_sessions AS
      SELECT s.id, s.person_id, s.token_hash, s.carrier, s.signed_in_by, s.created_at, s.last_used_at, s.expires_at,
             a.organisation_id, a.role, a.corridor_ids
        FROM sessions s
        JOIN actors a ON a.id = s.person_id
       WHERE s.ended_at IS NULL
         AND s.expires_at > clock_timestamp()
         AND s.last_used_at > clock_timestamp() - interval '12 hours';

      GRANT SELECT, INSERT, UPDATE ON organisations, people, sign_in_codes TO safe_passage_app;
      GRANT SELECT, INSERT, UPDATE, DELETE ON assignments, corridor_shares, sessions TO safe_passage_app;
      GRANT SELECT ON actors, live_sessions TO safe_passage_app;
    `);
  }

  async down(): Promise<void> {
    await Promise.reject(new Error('PeopleAndSessions has no way back: it would lose the accounts.'));
  }
}
