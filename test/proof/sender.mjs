// A server process of its own, below HTTP: stops one corridor again and again and says which stops are acknowledged. Its parent kills it.
import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { randomUUID } from 'node:crypto';
import { DossiersModule } from '../../dist/src/dossiers/dossiers.module.js';
import { stopCorridor } from '../../dist/src/domain/hold.js';
import { Writer } from '../../dist/src/event-log/writer.js';
import { DatabaseModule } from '../../dist/src/platform/database.js';
import { HealthModule } from '../../dist/src/platform/health.js';

const { address, corridorId, actor } = JSON.parse(process.argv[2]);
class Sender {}
Module({ imports: [DatabaseModule.at(address), HealthModule, DossiersModule] })(Sender);
const app = await NestFactory.createApplicationContext(Sender, { logger: false });
const writer = app.get(Writer);

async function send() {
  for (;;) {
    const commandId = randomUUID();
    const { body } = await writer.write({
      actorId: actor.id,
      commandId,
      lane: 'urgent',
      digest: commandId,
      touches: { corridors: [corridorId] },
      decide: (world) =>
        stopCorridor(world.dossier(corridorId), { commandId, actor, reason: 'shelling', modes: null, segmentIds: [], note: null }),
      answer: (_world, events) => ({ commandId, version: events[0].version }),
    });
    process.stdout.write(`${JSON.stringify(body)}\n`);
  }
}
await Promise.all([send(), send(), send(), send()]);
