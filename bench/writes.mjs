// Acknowledged writes a second, on disk, of our writer and of what a Nest service with TypeORM usually does: load the row with a lock, change it,
// save() it, save() an audit row, commit. Ours does more (rules, status, hash chain, idempotency) and still writes more, because a
// batch has one commit. `npm run build:server && node bench/writes.mjs [seconds]`
import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { DataSource, EntitySchema } from 'typeorm';
import { recordObservation } from '../dist/src/domain/report.js';
import { declareCorridor } from '../dist/src/domain/route.js';
import { DossiersModule } from '../dist/src/dossiers/dossiers.module.js';
import { Writer } from '../dist/src/event-log/writer.js';
import { bear } from '../dist/src/platform/birth.js';
import { APP_ROLE, DatabaseModule, migrate } from '../dist/src/platform/database.js';
import { startEmbeddedPostgres } from '../dist/src/platform/embedded-postgres.js';
import { HealthModule } from '../dist/src/platform/health.js';

/* eslint-disable no-restricted-syntax -- the neighbour is meant to use save() */
const SECONDS = Number(process.argv[2] ?? 5);
const SENDERS = [1, 8, 64];
const CORRIDORS = 50;

const folder = mkdtempSync(join(tmpdir(), 'sp-bench-'));
const server = await startEmbeddedPostgres({ folder });
try {
  const address = await database('bench');
  const ours = await startOurs(address);
  const neighbour = await startNeighbour(address.owner, ours.corridors);
  console.log('senders  ours/s  p50 ms  p99 ms   save()/s  p50 ms  p99 ms   ratio');
  for (const senders of SENDERS) {
    const [our, their] = [await load(senders, ours.write), await load(senders, neighbour.write)];
    console.log([senders, our.rate, our.p50, our.p99, their.rate, their.p50, their.p99, (our.rate / their.rate).toFixed(1)].join('\t'));
  }
  await neighbour.close();
  await ours.close();
} finally {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function database(name) {
  const { host, port, owner: user } = server;
  const client = new pg.Client({ host, port, user, database: 'postgres' });
  await client.connect();
  await client.query(`CREATE DATABASE ${name}`);
  await client.end();
  const address = { owner: { host, port, user, database: name }, app: { host, port, user: APP_ROLE, database: name } };
  await migrate(address);
  await bear(address, { kind: 'live' });
  return address;
}

async function startOurs(address) {
  class Bench {}
  Module({ imports: [DatabaseModule.at(address), HealthModule, DossiersModule] })(Bench);
  const app = await NestFactory.createApplicationContext(Bench, { logger: false });
  const writer = app.get(Writer);
  const actor = { id: randomUUID(), organisationId: randomUUID(), role: 'coordinator', corridorIds: [] };
  const write = (touches, decide, commandId = randomUUID()) =>
    writer.write({
      actorId: actor.id,
      commandId,
      lane: 'normal',
      digest: commandId,
      touches,
      decide: (world, now) => decide(world, now, { commandId, actor }),
      answer: (world, events) => ({ commandId, status: world.status(events[0].body.corridorId) }),
    });
  const corridors = Array.from({ length: CORRIDORS }, (_, index) => corridor(index));
  for (const { id, ...declared } of corridors)
    await write({ creates: [id] }, (_world, _now, by) => declareCorridor({ ...by, ...declared }), id);
  return {
    corridors,
    write: (index) => {
      const { id, segments } = corridors[index % CORRIDORS];
      const seen = { seen: 'manned_post', condition: 'quiet', passability: { bus: 'passable' }, roadLookedAt: false, observedAt: null };
      return write({ corridors: [id] }, (world, now, by) =>
        recordObservation(
          world.corridor(id),
          { ...by, ...seen, segmentId: segments[0].id, enteredAt: null, sentAt: null, note: null, provenance: 'synthetic' },
          now,
        ),
      );
    },
    close: () => app.close(),
  };
}

function corridor(index) {
  const place = (name, lon) => ({ name, position: [lon, 50], precisionKm: 1 });
  const west = 25 + index / 10;
  const segments = [1, 2, 3].map((no) => ({
    id: randomUUID(),
    no,
    name: `Part ${no}`,
    line: [
      [west + no / 100, 50],
      [west + (no + 1) / 100, 50],
    ],
    widthM: 20,
    watch: 'manned_post',
    exposure: 'line',
    control: 'unknown',
    checkpoints: 1,
    ordnance: { status: 'not_assessed', assessedBy: null, assessedAt: null },
  }));
  return {
    id: randomUUID(),
    code: `B${'ABCEFHIJKLMOPQUVYZ'[Math.floor(index / 100)]}${index % 100}`,
    externalId: null,
    name: `Bench ${index}`,
    direction: 'out',
    purpose: 'evacuation_out',
    zone: 'Europe/Kyiv',
    country: 'UA',
    destinationCountry: 'UA',
    destinationParty: null,
    origin: place('From', west),
    destination: place('To', west + 0.04),
    via: [],
    declaredBy: ['bench'],
    relevantParties: ['ukraine', 'russia'],
    permittedModes: ['bus', 'car'],
    geometryKind: 'traced',
    segments,
    alternativeIds: [],
    provenance: 'synthetic',
  };
}

async function startNeighbour(owner, corridors) {
  const Corridor = new EntitySchema({
    name: 'neighbour_corridor',
    columns: { id: { type: 'uuid', primary: true }, state: { type: 'jsonb' }, version: { type: Number, version: true } },
  });
  const Audit = new EntitySchema({ name: 'neighbour_audit', columns: { id: { type: 'uuid', primary: true }, body: { type: 'jsonb' } } });
  const { host, port, user: username, database } = owner;
  const source = new DataSource({ type: 'postgres', host, port, username, database, entities: [Corridor, Audit], extra: { max: 10 } });
  await source.initialize();
  await source.query('CREATE TABLE neighbour_corridor (id uuid PRIMARY KEY, state jsonb NOT NULL, version int NOT NULL)');
  await source.query('CREATE TABLE neighbour_audit (id uuid PRIMARY KEY, body jsonb NOT NULL)');
  for (const { id, ...state } of corridors) await source.getRepository(Corridor).save({ id, state });
  return {
    write: (index) =>
      source.transaction(async (tx) => {
        const { id } = corridors[index % CORRIDORS];
        const row = await tx.findOneOrFail(Corridor, { where: { id }, lock: { mode: 'pessimistic_write' } });
        row.state = { ...row.state, seenAt: new Date().toISOString() };
        await tx.save(Corridor, row);
        await tx.save(Audit, { id: randomUUID(), body: { corridorId: id, seenAt: row.state.seenAt } });
      }),
    close: () => source.destroy(),
  };
}

async function load(senders, write) {
  const until = performance.now() + SECONDS * 1000;
  const tookMs = [];
  let index = 0;
  await Promise.all(
    Array.from({ length: senders }, async () => {
      while (performance.now() < until) {
        const startedAt = performance.now();
        await write((index += 1));
        tookMs.push(performance.now() - startedAt);
      }
    }),
  );
  tookMs.sort((a, b) => a - b);
  const at = (share) => Math.round(tookMs[Math.min(tookMs.length - 1, Math.floor(tookMs.length * share))]);
  return { rate: Math.round(tookMs.length / SECONDS), p50: at(0.5), p99: at(0.99) };
}
