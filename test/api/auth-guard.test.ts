import { connect as connectTcp } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  Catch,
  Controller,
  Get,
  Module,
  Post,
  UseFilters,
  type ArgumentsHost,
  type ExceptionFilter,
  type ModuleMetadata,
} from '@nestjs/common';
import { SubscribeMessage, WebSocketGateway, type OnGatewayConnection } from '@nestjs/websockets';
import type { Socket } from 'socket.io';
import { io } from 'socket.io-client';
import { AppModule } from '../../src/app.module.js';
import { isOurOrigin } from '../../src/auth/origin.js';
import { Requires } from '../../src/auth/requires.js';
import { sessionCookie, sessionTokenFrom } from '../../src/auth/session-token.js';
import { Sessions } from '../../src/auth/sessions.service.js';
import { ProblemError } from '../../src/domain/problem.js';
import { Public } from '../../src/platform/public.js';
import { createApp, listen, type RunningServer } from '../../src/platform/serve.js';
import { signedIn } from '../support/accounts.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';
import { request } from '../support/http.js';

@Controller('v1/probes')
class ProbesController {
  @Get('open')
  @Public()
  open(): { ok: true } {
    return { ok: true };
  }

  @Post('guarded')
  @Requires('exercise.control')
  guarded(): { ok: true } {
    return { ok: true };
  }
}

@Controller('v1/undecided')
class UndecidedController {
  @Get('door')
  forgotten(): { ok: true } {
    return { ok: true };
  }
}

@Controller('v1/torn')
class TornController {
  @Get()
  @Public()
  @Requires('board.read')
  both(): { ok: true } {
    return { ok: true };
  }
}

@Catch(ProblemError)
class TellRefusal implements ExceptionFilter<ProblemError> {
  catch({ problem }: ProblemError, host: ArgumentsHost): void {
    host.switchToWs().getClient<Socket>().emit('exception', problem.code);
  }
}

@WebSocketGateway({ namespace: 'probes' })
@UseFilters(TellRefusal)
class ProbesGateway implements OnGatewayConnection {
  constructor(private readonly sessions: Sessions) {}

  async handleConnection(socket: Socket): Promise<void> {
    const token = String(socket.handshake.auth['token']);
    (socket.data as { session: unknown }).session = await this.sessions.authenticate({ token, carrier: 'bearer' });
    socket.emit('ready');
  }

  @SubscribeMessage('guarded')
  @Requires('exercise.control')
  guarded(): { ok: true } {
    return { ok: true };
  }
}

@WebSocketGateway()
class UndecidedGateway {
  @SubscribeMessage('whisper')
  whisper(): { ok: true } {
    return { ok: true };
  }
}

let database: TestDatabase;
let server: RunningServer;
let app: RunningServer['app'];
let url: string;

beforeAll(async () => {
  database = await freshDatabase();
  server = await startWith({ controllers: [ProbesController], providers: [ProbesGateway] });
  ({ app, url } = server);
});
afterAll(async () => {
  await server.close();
  await database.drop();
});

/** The whole application, and some more handlers. */
async function startWith(more: Pick<ModuleMetadata, 'controllers' | 'providers'>): Promise<RunningServer> {
  @Module({ imports: [AppModule.at(database.address)], ...more })
  class Probes {}
  const started = await createApp(Probes);
  try {
    return await listen(started, 0, '127.0.0.1');
  } catch (error) {
    await started.close();
    throw error;
  }
}

describe('the start', () => {
  it.each([
    ['a route without a word', { controllers: [UndecidedController] }, 'UndecidedController.forgotten (GET /v1/undecided/door)'],
    ['a route with both words', { controllers: [TornController] }, 'TornController.both (GET /v1/torn)'],
    ['a socket message without a word', { providers: [UndecidedGateway] }, 'UndecidedGateway.whisper (message whisper)'],
  ])('fails at %s, and one line names it', async (_, extra, name) => {
    await expect(startWith(extra)).rejects.toThrow(
      `Every handler says whom it is for, by exactly one of @Requires(permission) and @Public(). Not so: ${name}`,
    );
  });
});

describe('the guard', () => {
  it('lets everybody to a public handler', async () => {
    expect((await request('GET', `${url}/v1/probes/open`)).status).toBe(200);
  });

  it('answers 401 to nobody, 403 to a role without the permission, and lets the right one pass', async () => {
    const [observer, coordinator] = [await signedIn(app, 'observer'), await signedIn(app, 'coordinator')];
    const nobody = await request('POST', `${url}/v1/probes/guarded`);
    const wrong = await request('POST', `${url}/v1/probes/guarded`, { headers: observer.headers });
    const right = await request('POST', `${url}/v1/probes/guarded`, { headers: coordinator.headers });
    expect([nobody.status, wrong.status, right.status]).toEqual([401, 403, 201]);
    expect(wrong.body).toMatchObject({ type: '/problems/forbidden', permission: 'exercise.control' });
  });

  it.each(['Bearer', 'Bearer x', `Bearer ${'A'.repeat(43)}`, 'Basic QTpC', `bearer ${'A'.repeat(43)}, Bearer x`])(
    'takes "%s" for nobody',
    async (authorization) => {
      expect((await request('POST', `${url}/v1/probes/guarded`, { headers: { authorization } })).status).toBe(401);
    },
  );

  it.each([
    '/v1/probes/guarded',
    '/v1/probes/guarde%64',
    '/v1%2Fprobes/guarded',
    '/v1/probes%2fguarded',
    '//v1/probes/guarded',
    '/v1//probes/guarded',
    '/v1/probes/guarded/',
    '/V1/Probes/Guarded',
    '/v1/./probes/guarded',
    '/v1/x/../probes/guarded',
    '/v1/probes/guarded;a=b',
    '/v1/probes/guarded%00',
    '/v1/probes/guarded?open',
    'http://evil.example/v1/probes/guarded',
  ])('is not gone around by the spelling %s', async (path) => {
    const answer = await rawPost(path);
    expect(answer).toMatch(/^HTTP\/1\.1 (401|404|400) /);
    expect(answer).not.toContain('"ok"');
  });

  it('refuses a write that names a foreign origin, whoever it is', async () => {
    const { headers } = await signedIn(app, 'coordinator');
    const answer = await request('POST', `${url}/v1/probes/guarded`, { headers: { ...headers, origin: 'https://evil.example' } });
    expect(answer).toMatchObject({ status: 403, body: { type: '/problems/origin-not-allowed' } });
  });

  it('stands before socket messages too', async () => {
    const { token } = await signedIn(app, 'observer');
    const coordinator = await signedIn(app, 'coordinator');
    expect(await ask('guarded', 'nobody')).toBe('unauthenticated');
    expect(await ask('guarded', token)).toBe('forbidden');
    expect(await ask('guarded', coordinator.token)).toEqual({ ok: true });
  });
});

describe('the carriers', () => {
  const TOKEN = 'A'.repeat(43);

  it('give the cookie its __Host- name and Secure on https', () => {
    expect(sessionCookie(TOKEN, { isSecure: true, maxAgeSeconds: 60 })).toBe(
      `__Host-safe-passage=${TOKEN}; Max-Age=60; Path=/; HttpOnly; Secure; SameSite=Strict`,
    );
  });

  it('take the plain cookie on the loopback address only: elsewhere a neighbour domain may have planted it', () => {
    const cookie = `other=1; safe-passage=${TOKEN}`;
    expect(sessionTokenFrom({ host: 'localhost:3000', cookie })).toEqual({ token: TOKEN, carrier: 'cookie' });
    expect(sessionTokenFrom({ host: 'board.example.org', cookie })).toBeNull();
    expect(sessionTokenFrom({ host: 'board.example.org', cookie: `__Host-${cookie.slice(9)}` })).toEqual({
      token: TOKEN,
      carrier: 'cookie',
    });
  });

  it.each([
    ['https://board.example.org', 'board.example.org', true],
    ['http://localhost:3000', 'localhost:3000', true],
    ['http://board.example.org', 'board.example.org', false],
    ['https://board.example.org.evil.example', 'board.example.org', false],
    ['https://board.example.org:8443', 'board.example.org', false],
    ['null', 'board.example.org', false],
  ])('hold %s at %s for ours: %s', (origin, host, isOurs) => {
    expect(isOurOrigin({ origin, host })).toBe(isOurs);
  });
});

/** A request line exactly as written: fetch would tidy the path. */
function rawPost(path: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connectTcp(Number(port), hostname, () => {
      socket.write(`POST ${path} HTTP/1.1\r\nHost: ${hostname}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    });
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
    socket.on('close', () => {
      resolve(text);
    });
    socket.on('error', reject);
  });
}

/** The answer to a socket message, or the code of its refusal. */
async function ask(message: string, token: string): Promise<unknown> {
  const socket = io(`${url}/probes`, { transports: ['websocket'], auth: { token } });
  await new Promise((resolve) => socket.once('ready', resolve));
  const answer = await Promise.race([socket.emitWithAck(message, {}), new Promise((resolve) => socket.once('exception', resolve))]);
  socket.disconnect();
  return answer;
}
