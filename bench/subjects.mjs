// The three servers that are measured: ours, the neighbour, the floor. Each is a process of its own on a database of its own in one
// PostgreSQL, and each tells how a report is sent to it and how a dashboard follows it.
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import pg from 'pg';
import { APP_ROLE } from '../dist/src/platform/database.js';
import { SERVER_FLAGS } from '../scripts/server-flags.mjs';
import { startServer } from './child.mjs';
import { addressOf, nextReport } from './reports.mjs';
import { ask, Sender } from './sender.mjs';

const ROOT = join(import.meta.dirname, '..');
const CORRIDORS = 50;
const SEGMENTS = 3;
/** Our limits count by person (600 writes a minute, 8 sockets) and address (60 sign-ins a minute, 50 sockets): many people, many addresses. */
const PEOPLE = 250;
const SENDERS_AT_ONCE = 64;
const REPORTS_A_TURN = 400;
const SIGN_INS_AN_ADDRESS = 50;

/** So many people at once, each for so many reports that nobody comes near their limit; then others. */
function takingTurns(tokens) {
  let taken = 0;
  return () => {
    const turn = Math.floor(taken / (SENDERS_AT_ONCE * REPORTS_A_TURN));
    const person = turn * SENDERS_AT_ONCE + (taken % SENDERS_AT_ONCE);
    taken += 1;
    return tokens[person % tokens.length];
  };
}

/** @param postgres the embedded PostgreSQL */
export async function startSubjects(postgres) {
  const ours = await startOurs(postgres);
  const neighbour = await startNeighbour(postgres, ours.corridors);
  const floor = await startFloor(postgres, ours.corridors);
  return [ours, neighbour, floor];
}

async function startOurs(postgres) {
  const env = await ourDatabase(postgres, 'ours');
  const child = await startServer([...SERVER_FLAGS, 'dist/src/main.js', '--live'], { ...env, PORT: '0', LOG_LEVEL: 'warn' });
  const tokens = await signInPeople(child.port, env, Array(PEOPLE).fill('coordinator'));
  const corridors = await declareCorridors(child.port, tokens);
  const nextToken = takingTurns(tokens);
  return {
    ...child,
    name: 'ours',
    corridors,
    nextRequest: () => {
      const { no, corridor, body } = nextReport(corridors);
      return { no, path: '/v1/observations', token: nextToken(), body: { ...body, corridorId: corridor.id } };
    },
    dashboards: async () => {
      const { cursor } = await once(child.port, { method: 'GET', path: '/v1/board', token: tokens[0] });
      return { wire: 'ours', port: child.port, tokens, cursor };
    },
  };
}

async function startNeighbour(postgres, corridors) {
  const { env, client } = await plainDatabase(postgres, 'neighbour');
  const child = await startServer(['dist/bench/servers/neighbour.js'], env);
  const tokens = Array.from({ length: PEOPLE }, () => randomUUID());
  await client.query(
    `INSERT INTO corridors (id, code, name, status, version) SELECT id, code, 'Bench ' || code, 'unknown', 1 FROM unnest($1::uuid[], $2::text[]) AS c (id, code)`,
    [corridors.map(({ id }) => id), corridors.map((_, index) => `B${index}`)],
  );
  await client.query(
    `INSERT INTO sessions (token, "personId", "expiresAt") SELECT token, gen_random_uuid(), now() + interval '1 day' FROM unnest($1::text[]) AS token`,
    [tokens],
  );
  await client.end();
  const nextToken = takingTurns(tokens);
  return {
    ...child,
    name: 'neighbour',
    nextRequest: () => {
      const { no, corridor, body } = nextReport(corridors);
      return { no, path: `/corridors/${corridor.id}/observations`, token: nextToken(), body };
    },
    dashboards: () => ({ wire: 'socket.io', port: child.port }),
  };
}

async function startFloor(postgres, corridors) {
  const { env, client } = await plainDatabase(postgres, 'floor');
  await client.end();
  const child = await startServer(['bench/servers/floor.mjs'], env);
  return {
    ...child,
    name: 'floor',
    nextRequest: () => {
      const { no, body } = nextReport(corridors);
      return { no, path: '/', body };
    },
    dashboards: () => ({ wire: 'ws', port: child.port }),
  };
}

// ── Databases ────────────────────────────────────────────────────────────────────────────────────────────────────────────────

async function createDatabase({ host, port, owner }, name) {
  const client = new pg.Client({ host, port, user: owner, database: 'postgres' });
  await client.connect();
  await client.query(`CREATE DATABASE ${name}`);
  await client.end();
}

async function plainDatabase(postgres, name) {
  await createDatabase(postgres, name);
  const { host, port, owner: user } = postgres;
  const client = new pg.Client({ host, port, user, database: name });
  await client.connect();
  return { client, env: { PGHOST: host, PGPORT: String(port), PGUSER: user, PGDATABASE: name } };
}

/** The settings by which our server and its commands find a new database. */
export async function ourDatabase(postgres, name) {
  await createDatabase(postgres, name);
  const url = (user) => `postgresql://${user}@localhost:${postgres.port}/${name}?host=${encodeURIComponent(postgres.host)}`;
  return { DATABASE_URL: url(APP_ROLE), DATABASE_OWNER_URL: url(postgres.owner) };
}

// ── Our people and corridors, made through the doors ─────────────────────────────────────────────────────────────────────────

async function once(port, request, from) {
  const sender = await Sender.open(port, from);
  try {
    return await ask(sender, request);
  } finally {
    sender.close();
  }
}

function signIn(port, link, from) {
  return once(port, { path: '/v1/sessions', body: { carrier: 'bearer', code: link.split('#code=')[1] } }, from);
}

/** An organisation with its administrator, and a person of each role. Resolves with their tokens. */
export async function signInPeople(port, env, roles) {
  const names = ['--organisation', 'Bench', '--sign-in-name', 'admin@example.org', '--name', 'Administrator'];
  const said = execFileSync(process.execPath, [join(ROOT, 'dist/src/cli/create-admin.js'), ...names], {
    cwd: ROOT,
    env: { ...process.env, ...env },
    encoding: 'utf8',
  });
  const { token, organisation } = await signIn(port, said.split('\n')[0]);
  const admin = await Sender.open(port);
  const tokens = [];
  for (const [index, role] of roles.entries()) {
    const person = {
      commandId: randomUUID(),
      organisationId: organisation.id,
      role,
      signInName: `${role}-${index}@example.org`,
      displayName: `Somebody ${index}`,
    };
    await ask(admin, { path: '/v1/people', token, body: person });
    const { link } = await ask(admin, { path: `/v1/people/${person.commandId}/sign-in-codes`, token, body: { commandId: randomUUID() } });
    const signedIn = await signIn(port, link, addressOf(index, SIGN_INS_AN_ADDRESS));
    tokens.push(signedIn.token);
  }
  admin.close();
  return tokens;
}

async function declareCorridors(port, tokens) {
  const sender = await Sender.open(port);
  const corridors = Array.from({ length: CORRIDORS }, (_, index) => corridor(index));
  for (const { body } of corridors) await ask(sender, { path: '/v1/corridors', token: tokens[0], body });
  sender.close();
  return corridors.map(({ body }) => ({ id: body.commandId, segmentIds: body.segments.map(({ id }) => id) }));
}

function corridor(index) {
  const west = 25 + index / 10;
  const place = (name, lon) => ({ name, position: [lon, 50], precisionKm: 1 });
  const segments = Array.from({ length: SEGMENTS }, (_, no) => ({
    id: randomUUID(),
    name: `Part ${no + 1}`,
    line: [
      [west + no / 100, 50],
      [west + (no + 1) / 100, 50],
    ],
    widthM: 20,
    watch: 'manned_post',
    exposure: 'line',
    control: 'unknown',
    checkpoints: 1,
  }));
  const body = {
    commandId: randomUUID(),
    name: `Bench ${index}`,
    direction: 'out',
    purpose: 'evacuation_out',
    zone: 'Europe/Kyiv',
    country: 'UA',
    origin: place('From', west),
    destination: place('To', west + SEGMENTS / 100),
    declaredBy: ['bench'],
    relevantParties: ['ukraine', 'russia'],
    permittedModes: ['bus', 'car'],
    geometryKind: 'traced',
    segments,
    provenance: 'synthetic',
  };
  return { body };
}
