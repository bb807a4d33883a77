import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { Client } from 'pg';
import type { PersonId } from '../domain/ids.js';
import { Database } from '../platform/database.js';
import { Outage } from '../platform/outage.js';
import { SESSION_CHANGES } from './sessions.queries.js';
import { Sessions } from './sessions.service.js';

const RECONNECT_MS = 1_000;

/**
 * Hears from the other processes that somebody's sessions or rights changed. It makes revocation quick; that it comes within 5 s at all
 * rests on the clock of `Sessions`, so a lost connection here costs seconds and no safety.
 */
@Injectable()
export class SessionChanges implements OnModuleInit, OnModuleDestroy {
  private readonly outage = new Outage('not listening for session changes');
  private client: Client | null = null;
  private isStopping = false;
  private reconnect: NodeJS.Timeout | undefined;

  constructor(
    private readonly database: Database,
    private readonly sessions: Sessions,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.listen();
  }

  async onModuleDestroy(): Promise<void> {
    this.isStopping = true;
    clearTimeout(this.reconnect);
    await this.client?.end();
  }

  private async listen(): Promise<void> {
    const client = this.database.listener();
    this.client = client;
    client.on('notification', ({ payload }) => {
      this.sessions.forget(payload === undefined || payload === '' ? null : (payload as PersonId));
    });
    client.on('error', (cause) => {
      this.listenLater(client, cause);
    });
    try {
      await client.connect();
      await client.query(`LISTEN ${SESSION_CHANGES}`);
      this.outage.isOver();
      this.sessions.forget(null); // what was said while nobody listened
    } catch (cause) {
      this.listenLater(client, cause);
    }
  }

  /** A broken connection says so more than once: only the first time counts. */
  private listenLater(broken: Client, cause: unknown): void {
    if (this.isStopping || this.client !== broken) return;
    this.client = null;
    void broken.end().catch(() => undefined);
    this.outage.goesOn(cause);
    this.reconnect = setTimeout(() => void this.listen(), RECONNECT_MS).unref();
  }
}
