import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ClientConfig } from 'pg';
import { freshDatabase, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { request } from '../support/http.js';

/** The built server and command, as an operator runs them. */
const SERVER = 'dist/src/main.js';
const CREATE_ADMIN = 'dist/src/cli/create-admin.js';

const NAME = 'Canary Oksana Testenko';
const SIGN_IN_NAME = 'canary.oksana@example.org';
const PASSWORD = 'canary and seven lanterns';

let database: TestDatabase;
let environment: NodeJS.ProcessEnv;
let server: ChildProcess;
let url: string;
let printed = '';

beforeAll(async () => {
  database = await freshDatabase();
  environment = {
    ...process.env,
    DATABASE_URL: toUrl(database.address.app),
    DATABASE_OWNER_URL: toUrl(database.address.owner),
    LOG_LEVEL: 'trace',
    PORT: '0',
  };
  server = spawn(process.execPath, [SERVER, '--no-demo'], { env: environment });
  server.stdout?.on('data', (text: Buffer) => (printed += text.toString()));
  server.stderr?.on('data', (text: Buffer) => (printed += text.toString()));
  url = await eventually(
    () => {
      const [, address] = /Safe Passage: (\S+)/.exec(printed) ?? [];
      if (address === undefined) throw new Error(`not started: ${printed}`);
      return address;
    },
    { withinMs: 20_000 },
  );
});
afterAll(async () => {
  server.kill('SIGTERM');
  await once(server, 'exit');
  await database.drop();
});

function createAdmin(): Promise<{ stdout: string }> {
  const args = [CREATE_ADMIN, '--organisation', 'Canary Relief', '--sign-in-name', SIGN_IN_NAME, '--name', NAME];
  return promisify(execFile)(process.execPath, args, { env: environment });
}

describe('create-admin, beside a running server', () => {
  it('prints a link that signs the first administrator in, once; asked again, a new link for the same person', async () => {
    const codes = [await createAdmin(), await createAdmin()].map(({ stdout }) => /#code=(\S+)/.exec(stdout)?.[1]);
    const answers = [];
    for (const code of [codes[0], codes[0], codes[1]]) {
      answers.push(await request('POST', `${url}/v1/sessions`, { body: { code, carrier: 'bearer' } }));
    }
    expect(answers.map(({ status }) => status)).toEqual([201, 401, 201]);
    expect(answers[2]?.body.person).toEqual(answers[0]?.body.person);
    expect(answers[0]?.body).toMatchObject({
      person: { role: 'administrator', displayName: NAME },
      organisation: { name: 'Canary Relief' },
    });
  });
});

describe('the log of the server', () => {
  it('shows ids, and no name, password, code or token, whatever goes right or wrong', async () => {
    const code = /#code=(\S+)/.exec((await createAdmin()).stdout)?.[1] ?? '';
    const { body } = await request('POST', `${url}/v1/sessions`, { body: { code, carrier: 'bearer' } });
    const token = String(body.token);
    const headers = { authorization: `Bearer ${token}` };
    await request('PUT', `${url}/v1/sessions/current/password`, { headers, body: { newPassword: PASSWORD } });
    await request('POST', `${url}/v1/sessions`, { body: { signInName: SIGN_IN_NAME, password: PASSWORD, carrier: 'bearer' } });
    await request('POST', `${url}/v1/sessions`, { body: { signInName: SIGN_IN_NAME, password: `${PASSWORD}!`, carrier: 'bearer' } });
    await request('POST', `${url}/v1/sessions`, { body: `{"signInName":"${SIGN_IN_NAME}","password":"${PASSWORD}"` });
    await request('GET', `${url}/v1/people?cursor=${code}&name=canary`, { headers });
    await request('GET', `${url}/v1/sessions/current?token=${token}`);
    await eventually(() => {
      expect(printed).toContain('"path":"/v1/sessions/current"');
    });
    expect([NAME, SIGN_IN_NAME, PASSWORD, code, token, 'canary'].filter((secret) => printed.includes(secret))).toEqual([]);
  });
});

describe('guessing passwords', () => {
  it('is refused for a while after ten for one name, known or not, while a one-time code still works', async () => {
    const code = /#code=(\S+)/.exec((await createAdmin()).stdout)?.[1];
    const guess = (signInName: string) =>
      request('POST', `${url}/v1/sessions`, { body: { signInName, password: 'wrong, and as long', carrier: 'bearer' } });
    for (let tries = 0; tries < 10; tries += 1) await Promise.all([guess(SIGN_IN_NAME), guess('nobody@example.org')]);
    expect([(await guess(SIGN_IN_NAME)).status, (await guess('nobody@example.org')).status]).toEqual([429, 429]);
    expect((await request('POST', `${url}/v1/sessions`, { body: { code, carrier: 'bearer' } })).status).toBe(201);
  });
});

function toUrl({ host, port, user, password, database: name }: ClientConfig): string {
  const secret = typeof password === 'string' ? `:${password}` : '';
  return `postgresql://${String(user)}${secret}@localhost:${String(port)}/${String(name)}?host=${encodeURIComponent(String(host))}`;
}
