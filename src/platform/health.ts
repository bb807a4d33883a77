import { Controller, Get, Global, Injectable, Module } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Drain } from './drain.js';
import { Public } from './public.js';
import { problem, ProblemError } from '../domain/problem.js';

export interface PartCondition {
  readonly isOk: boolean;
  /** For the operator, without anything sensitive: `lag 12 ms`. */
  readonly detail: string;
}

/** What must work for this process to be sent requests: each part registers how it is. */
@Injectable()
export class Health {
  private readonly parts = new Map<string, () => PartCondition>();
  private isDraining = false;

  register(name: string, condition: () => PartCondition): void {
    this.parts.set(name, condition);
  }

  /** From now on not ready: the proxy sends no more, while what is under way ends. */
  drain(): void {
    this.isDraining = true;
  }

  /** Healthy: what it says can be trusted. Ready: it may be sent more, too. */
  report(): { readonly isReady: boolean; readonly isHealthy: boolean; readonly parts: Readonly<Record<string, PartCondition>> } {
    const parts = Object.fromEntries([...this.parts].map(([name, condition]) => [name, condition()]));
    const isHealthy = Object.values(parts).every((part) => part.isOk);
    return { isReady: isHealthy && !this.isDraining, isHealthy, parts };
  }
}

@ApiTags('health')
@Controller()
export class HealthController {
  constructor(private readonly health: Health) {}

  /** The process runs and answers. */
  @Public()
  @ApiOperation({ summary: 'The process runs and answers.' })
  @Get('livez')
  live(): { readonly isAlive: true } {
    return { isAlive: true };
  }

  /** The process may be sent requests: its tail and its deadlines keep up. 503 `not-ready` otherwise. */
  @Public()
  @ApiOperation({ summary: 'The process may be sent requests: its tail and its deadlines keep up.' })
  @Get('readyz')
  ready(): ReturnType<Health['report']> {
    const report = this.health.report();
    if (!report.isReady) throw new ProblemError(problem('not-ready', {}));
    return report;
  }
}

@Global()
@Module({ controllers: [HealthController], providers: [Health, Drain], exports: [Health, Drain] })
export class HealthModule {}
