import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { log } from '../platform/logging.js';

const HOUR_MS = 3_600_000;
/** A bounded bite, so that it never holds the table while somebody writes. */
const AT_ONCE = 5_000;

/** Forgets answers after 7 days of real time: until then a phone without a link may send the same command again and get the same answer. */
@Injectable()
export class ExpiredOperations implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private forgetting: Promise<unknown> = Promise.resolve();

  constructor(private readonly source: DataSource) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.forgetting = this.forget().catch((cause: unknown) => {
        log.warn({ cause }, 'old operations were not forgotten; the next hour tries again');
      });
    }, HOUR_MS);
    this.timer.unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.forgetting;
  }

  /** @returns how many were forgotten, at most 5,000 */
  async forget(): Promise<number> {
    const [, count] = await this.source.query<[unknown, number]>(
      `DELETE FROM operations WHERE (actor_id, command_id) IN (
         SELECT actor_id, command_id FROM operations WHERE created_at < clock_timestamp() - interval '7 days' LIMIT ${String(AT_ONCE)})`,
    );
    return count;
  }
}
