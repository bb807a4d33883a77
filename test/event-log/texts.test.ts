import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CommandId, CorridorId, PersonId } from '../../src/domain/ids.js';
import { stopCorridor } from '../../src/domain/hold.js';
import type { Dossier } from '../../src/domain/dossier.js';
import { coordinator, declare, newId, stop } from '../support/commands.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';
import { startLog, type RunningLog } from '../support/log-process.js';

const CANARY = 'Oksana P., +380 44 000 00 00, saw it from her window';
const olena = coordinator();
let database: TestDatabase;
let log: RunningLog;

beforeAll(async () => {
  database = await freshDatabase();
  log = await startLog(database.address);
});
afterAll(async () => {
  await log.app.close();
  await database.drop();
});

/** A stop whose note was written by the subject. */
async function stopWithNote(content: string, subjectId: PersonId): Promise<{ readonly textId: string; readonly digest: string }> {
  const corridorId = newId<CorridorId>();
  await log.writer.write(declare({ actor: olena, commandId: corridorId as string as CommandId }));
  const { ref, draft } = await log.texts.draft(content, subjectId);
  await log.writer.write({
    ...stop({ actor: olena }, corridorId),
    texts: [draft],
    decide: (world) =>
      stopCorridor(world.dossier(corridorId) as Dossier, {
        commandId: newId(),
        actor: olena,
        reason: 'shelling',
        modes: null,
        segmentIds: [],
        note: ref,
      }),
  });
  return ref;
}

describe('free text', () => {
  it('stands nowhere in the database as it was written, and is read back whole', async () => {
    const ref = await stopWithNote(CANARY, olena.id);
    expect(await log.texts.read([ref.textId as never])).toEqual({ [ref.textId]: CANARY });
    const tables = await database.asOwner<{ name: string }>(`SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'`);
    for (const { name } of tables) {
      expect(
        await database.asOwner(
          `SELECT 1 FROM ${name} t WHERE t::text LIKE '%Oksana%' OR encode(convert_to(t::text, 'UTF8'), 'hex') LIKE '%4f6b73616e61%'`,
        ),
      ).toEqual([]);
    }
  });

  it('is gone with its subject’s key, together with the meaning of its digest; the log stays as it was', async () => {
    const subject = newId<PersonId>();
    const ref = await stopWithNote(CANARY, subject);
    const before = await database.asOwner(`SELECT hash FROM events ORDER BY seq DESC LIMIT 1`);
    await log.texts.erase(subject);
    expect(await log.texts.read([ref.textId as never])).toEqual({});
    expect(await database.asOwner(`SELECT hash FROM events ORDER BY seq DESC LIMIT 1`)).toEqual(before);
    // The same words under another key have another digest: nobody can test a guess.
    expect((await log.texts.draft(CANARY, olena.id)).ref.digest).not.toBe(ref.digest);
  });

  it('an erased subject gets no new key by itself', async () => {
    const subject = newId<PersonId>();
    await stopWithNote('once', subject);
    await log.texts.erase(subject);
    await expect(log.texts.draft('again', subject)).rejects.toThrow('was erased');
  });

  it('of a refused command is not kept', async () => {
    const { ref, draft } = await log.texts.draft('never decided', olena.id);
    await expect(log.writer.write({ ...stop({ actor: olena }, newId<CorridorId>()), texts: [draft] })).rejects.toMatchObject({
      problem: { code: 'not-found' },
    });
    expect(await log.texts.read([ref.textId])).toEqual({});
  });
});
