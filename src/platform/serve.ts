import type { INestApplicationContext, Type, WebSocketAdapter } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { LogController, type FastifyReply, type FastifyRequest } from 'fastify';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { randomUUID } from 'node:crypto';
import helmet from 'helmet';
import { IncomingMessage, ServerResponse, type OutgoingHttpHeaders, type Server } from 'node:http';
import { Socket, type AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { tellAllowedMethods } from './allowed-methods.js';
import { Drain } from './drain.js';
import { Health } from './health.js';
import { log, NestLog } from './logging.js';
import { BODY_LIMIT_BYTES, ProblemFilter, sendProblem, toProblem } from './problem.filter.js';
import { VALIDATION } from './validation.js';
import { API_POLICY, servePages } from './web.js';

export interface RunningServer {
  readonly url: string;
  readonly port: number;
  readonly app: NestFastifyApplication;
  /**
   * Drains: first not ready, while everything is still served for as long as a proxy needs to notice; then no new connections, sockets and
   * streams let go, what is under way is answered (≤ 10 s); then everything closes, the database last.
   */
  readonly close: () => Promise<void>;
}

/** The configured application without a listener: what tests, documents and the server share. */
export async function createApp(
  module: Type | object,
  options: {
    readonly trustProxyHops?: number;
    readonly hasPages?: boolean;
    readonly sockets?: new (app: INestApplicationContext) => WebSocketAdapter;
  } = {},
): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT_BYTES,
    routerOptions: { maxParamLength: 200 },
    // Only that many proxies of ours are believed when they name the address of a client.
    trustProxy: (_address: string, hop: number) => hop < (options.trustProxyHops ?? 0),
    requestTimeout: 30_000,
    connectionTimeout: 0,
    keepAliveTimeout: 65_000,
    genReqId: requestId,
    http: { headersTimeout: 10_000 },
    logController: new LogController({ disableRequestLogging: true }),
    frameworkErrors: (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
      sendProblem(reply, toProblem(error), request.id);
    },
  });
  const app = await NestFactory.create<NestFastifyApplication>(module as Type, adapter, {
    logger: new NestLog(),
    abortOnError: false,
    bodyParser: false,
  });
  if (options.sockets !== undefined) app.useWebSocketAdapter(new options.sockets(app));
  app.useGlobalPipes(VALIDATION);
  app.useGlobalFilters(new ProblemFilter());
  const server = app.getHttpAdapter().getInstance();
  server.removeContentTypeParser('text/plain'); // JSON is all that is read here
  const always = { ...helmetHeaders(), 'content-security-policy': API_POLICY, 'cache-control': 'no-store' };
  server.addHook('onRequest', (request, reply, done) => {
    void reply.headers(always).header('x-request-id', request.id);
    done();
  });
  server.addHook('onResponse', (request, reply, done) => {
    // The path without its query: no token, no search, no free text.
    log.info(
      {
        requestId: request.id,
        method: request.method,
        path: request.url.split('?')[0],
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
      },
      'request',
    );
    done();
  });
  tellAllowedMethods(server);
  if (options.hasPages !== false) await servePages(server);
  return app;
}

/** What Helmet says with our settings is the same on every answer: it is asked once, on an answer that goes nowhere. */
function helmetHeaders(): OutgoingHttpHeaders {
  const request = new IncomingMessage(new Socket());
  const answer = new ServerResponse(request);
  helmet({ contentSecurityPolicy: false, crossOriginEmbedderPolicy: false, hsts: false })(request, answer, (error?: unknown) => {
    if (error !== undefined) throw error as Error;
  });
  return answer.getHeaders();
}

/** The caller's own id, so that both logs can be read together, when it can't be anything but an id. */
function requestId({ headers }: IncomingMessage): string {
  const theirs = headers['x-request-id'];
  return typeof theirs === 'string' && /^[A-Za-z0-9-]{8,64}$/.test(theirs) ? theirs : randomUUID();
}

/** @param drainMs how long a process that is asked to end still serves what reaches it */
export async function listen(app: NestFastifyApplication, port: number, host: string, drainMs = 0): Promise<RunningServer> {
  const server = app.getHttpServer();
  const underWay = new Set<ServerResponse>();
  server.on('request', (_request: IncomingMessage, response: ServerResponse) => {
    underWay.add(response);
    response.once('close', () => underWay.delete(response));
  });
  await app.listen(port, host);
  const address = server.address() as AddressInfo;
  const shownHost = host.includes(':') ? `[${host}]` : host === '0.0.0.0' ? '127.0.0.1' : host;
  let closing: Promise<void> | undefined;
  return {
    url: `http://${shownHost}:${String(address.port)}`,
    port: address.port,
    app,
    close: () => (closing ??= drain(app, server, underWay, drainMs)),
  };
}

const LONGEST_DRAIN_MS = 10_000;
const LONGEST_SPREAD_MS = 3_000;
const LOOK_MS = 50;

async function drain(app: NestFastifyApplication, server: Server, underWay: ReadonlySet<ServerResponse>, drainMs: number): Promise<void> {
  app.get(Health).drain();
  await pause(drainMs);
  server.close();
  const spreadMs = Math.min(drainMs, LONGEST_SPREAD_MS);
  app.get(Drain).end(spreadMs);
  const begunAtMs = performance.now();
  const lasted = (ms: number): boolean => performance.now() - begunAtMs >= ms;
  // Once in any case: a request that was on its way when we stopped listening is read by then.
  do await pause(LOOK_MS);
  while ((underWay.size > 0 || !lasted(spreadMs)) && !lasted(LONGEST_DRAIN_MS));
  server.closeAllConnections(); // idle ones, and who was too slow
  await app.close();
}
