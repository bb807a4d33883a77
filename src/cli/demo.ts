import type { INestApplicationContext } from '@nestjs/common';
import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Organisations } from '../auth/organisations.service.js';
import { People, signInLink } from '../auth/people.service.js';
import { Sessions } from '../auth/sessions.service.js';
import type { CorridorId, OrganisationId, PersonId } from '../domain/ids.js';
import type { Role } from '../domain/permission.js';
import { Outage } from '../platform/outage.js';
import { idOf, type Account } from './play/commands.js';

const DATA = join(import.meta.dirname, '..', '..', '..', 'data');
/** Five minutes before the six windows of 9 March 2022; what came before is fed by steps. */
const BEGINS_AT = '2022-03-09T06:55:00Z';
const RATE = 60;
const LINK_VALID_MS = 24 * 3_600_000;
const AGAIN_AFTER_MS = 2_000;

const CELL = 'demo cell';
const PARTNER = 'demo partner';
const ENERHODAR = idOf('ua-enerhodar-zaporizhzhia') as CorridorId;
/** What the invented team watches, and what the partner is shown. */
const WATCHED = ['ua-enerhodar-zaporizhzhia', 'ua-sumy-poltava', 'ua-bucha-cluster-kyiv', 'ua-izium-lozova', 'ua-volnovakha-pokrovsk'].map(
  (id) => idOf(id) as CorridorId,
);
const SHARED = [...WATCHED, idOf('ua-mariupol-zaporizhzhia') as CorridorId];

interface DemoPerson {
  readonly key: string;
  readonly shown: string;
  readonly role: Exclude<Role, 'system'>;
  readonly organisation: typeof CELL | typeof PARTNER;
  readonly corridorIds: readonly CorridorId[];
}

/** Invented people: no name of anybody. The first five play, the others are for visitors. */
const PLAYERS: Readonly<Record<Account, DemoPerson>> = {
  first: person('history-first', 'History: first coordinator', 'coordinator'),
  second: person('history-second', 'History: second coordinator', 'coordinator'),
  reports: person('history-reports', 'History: reports', 'observer'),
  team: person('demo-team', 'Demo team on the roads (invented)', 'field_lead', WATCHED),
  assessor: person('demo-assessor', 'Demo ordnance assessor (invented)', 'ordnance_assessor'),
};
const VISITORS: readonly DemoPerson[] = [
  person('coordinator-a', 'Coordinator A', 'coordinator'),
  person('coordinator-b', 'Coordinator B', 'coordinator'),
  person('field-lead-enerhodar', 'Field lead, Enerhodar', 'field_lead', [ENERHODAR]),
  person('observer', 'Observer', 'observer'),
  { ...person('partner', 'Partner organisation', 'partner'), organisation: PARTNER },
];

function person(key: string, shown: string, role: DemoPerson['role'], corridorIds: readonly CorridorId[] = []): DemoPerson {
  return { key, shown, role, organisation: CELL, corridorIds };
}

/** The demo's people, made at the first start; each start prints new links, which work once. */
export async function welcome(app: INestApplicationContext, url: string): Promise<readonly string[]> {
  const organisations = app.get(Organisations);
  const people = app.get(People);
  await organisations.ensureOrganisation({ id: organisationId(CELL), name: 'Evacuation cell (demo)' });
  await organisations.ensureOrganisation({ id: organisationId(PARTNER), name: 'Partner organisation (demo)' });
  await organisations.ensureShares(organisationId(PARTNER), SHARED);
  for (const one of [...Object.values(PLAYERS), ...VISITORS]) {
    await people.ensurePerson({
      id: personId(one),
      organisationId: organisationId(one.organisation),
      role: one.role,
      signInName: `${one.key}@demo.invalid`,
      displayName: one.shown,
    });
    if (one.corridorIds.length > 0) await people.ensureAssignments(personId(one), one.corridorIds);
  }
  const links: string[] = [];
  for (const one of VISITORS) {
    const code = await people.issueSignInCode(personId(one), { validMs: LINK_VALID_MS });
    links.push(`${one.shown.padEnd(24)} ${url}${signInLink(code)}`);
  }
  return links;
}

/** Keeps the player going as a process of its own: a client like any other, started again with new tokens when it ends. */
export class DemoPlayer {
  private readonly outage = new Outage('the history can’t be played');
  private child: ChildProcess | null = null;
  private isStopped = false;

  constructor(
    private readonly app: INestApplicationContext,
    private readonly url: string,
  ) {}

  async run(): Promise<void> {
    while (!this.isStopped) {
      await this.play().catch((cause: unknown) => {
        this.outage.goesOn(cause);
      });
      // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- may have changed while we waited
      if (!this.isStopped) await pause(AGAIN_AFTER_MS);
    }
  }

  /** Resolves when the player has ended; rejects when there is no database to make its sessions in. */
  private async play(): Promise<void> {
    const settings = await this.settings();
    this.outage.isOver();
    const child = fork(join(import.meta.dirname, 'play.js'), { env: { ...process.env, ...settings }, stdio: 'inherit' });
    this.child = child;
    await new Promise((resolve) => child.once('exit', resolve));
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    const { child } = this;
    if (child === null || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await Promise.race([ended, pause(3_000).then(() => child.kill('SIGKILL'))]);
  }

  private async settings(): Promise<NodeJS.ProcessEnv> {
    const tokens: Partial<Record<Account, string>> = {};
    for (const [account, one] of Object.entries(PLAYERS) as [Account, DemoPerson][]) {
      tokens[account] = (await this.app.get(Sessions).open(personId(one), { carrier: 'bearer', signedInBy: 'server' })).token;
    }
    return {
      PLAY_URL: this.url,
      PLAY_TOKENS: JSON.stringify(tokens),
      PLAY_HISTORY: join(DATA, 'ukraine-2022'),
      PLAY_SYNTHETIC: join(DATA, 'ukraine-2022-synthetic'),
      PLAY_BEGIN: BEGINS_AT,
      PLAY_RATE: String(RATE),
    };
  }
}

function organisationId(name: string): OrganisationId {
  return idOf(name) as OrganisationId;
}

function personId({ key }: DemoPerson): PersonId {
  return idOf(`person ${key}`) as PersonId;
}
