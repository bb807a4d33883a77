import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { Notification, PoolClient } from 'pg';
import { DataSource } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import type { PersonId } from '../domain/ids.js';
import { SESSION_CHANGES } from './sessions.queries.js';
import { Sessions } from './sessions.service.js';

const RECONNECT_MS = 1_000;

/**
 * Hears from the other processes that somebody's sessions or rights changed. It makes revocation quick; that it comes within 5 s at all
 * rests on the clock of `Sessions`, so a lost connection here costs seconds and no safety.
 */
@Injectable()
export class SessionChanges implements OnModuleInit, OnModuleDestroy {
  private readonly log = new Logger(SessionChanges.name);
  private stopListening: () => void = () => undefined;
  private isStopping = false;
  private reconnect: NodeJS.Timeout | undefined;

  constructor(
    private readonly database: DataSource,
    private readonly sessions: Sessions,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.listen();
  }

  onModuleDestroy(): void {
    this.isStopping = true;
    clearTimeout(this.reconnect);
    this.stopListening();
  }

  private async listen(): Promise<void> {
    try {
      const [client, release] = (await (this.database.driver as PostgresDriver).obtainMasterConnection()) as [
        PoolClient,
        (error?: Error) => void,
      ];
      const hear = ({ payload }: Notification): void => {
        this.sessions.forget(payload === undefined || payload === '' ? null : (payload as PersonId));
      };
      const stop = (error?: Error): void => {
        client.off('notification', hear);
        client.off('error', lose);
        this.stopListening = () => undefined;
        release(error ?? new Error('it listened: not for the pool again'));
      };
      const lose = (error: Error): void => {
        stop(error);
        this.listenLater(error);
      };
      client.on('notification', hear);
      client.on('error', lose);
      this.stopListening = stop;
      await client.query(`LISTEN ${SESSION_CHANGES}`);
      this.sessions.forget(null); // what was said while nobody listened
    } catch (error) {
      this.listenLater(error);
    }
  }

  private listenLater(error: unknown): void {
    if (this.isStopping) return;
    this.log.warn({ message: 'not listening for session changes', cause: error instanceof Error ? error.message : String(error) });
    this.reconnect = setTimeout(() => void this.listen(), RECONNECT_MS).unref();
  }
}
