import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { APP_ROLE, ownedByApp } from '../../src/platform/database.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database.drop());

describe('the serving role', () => {
  it('owns nothing as the migrations leave it', async () => {
    expect(await ownedByApp(database.address)).toEqual([]);
  });

  it('is found out when it owns the log, or anything beside it', async () => {
    const { owner } = database.address;
    expect(await ownedByApp({ owner, app: owner })).toEqual(expect.arrayContaining(['append_events', 'corridors', 'events']));
    await database.asOwner(`GRANT CREATE ON SCHEMA public TO ${APP_ROLE}; ALTER TABLE corridor_statuses OWNER TO ${APP_ROLE}`);
    expect(await ownedByApp(database.address)).toEqual(['corridor_statuses']);
  });
});
