import type { LoggerService } from '@nestjs/common';
import { pino } from 'pino';

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** Structured lines on standard output. No names, tokens, bodies, query strings or free text ever go in: ids and codes only. */
export const log = pino({
  level: LOG_LEVELS.find((level) => level === process.env['LOG_LEVEL']) ?? 'info', // a wrong one stops the start, see `config.ts`
  base: null,
  timestamp: pino.stdTimeFunctions.isoTime,
  formatters: { level: (label) => ({ level: label }) },
  serializers: { cause: serializeCause },
});

function serializeCause(cause: unknown): unknown {
  if (!(cause instanceof Error)) return { message: 'not an Error' };
  // The message of a database error may quote a value; its code and place say enough.
  const { code, table, constraint, severity } = cause as { code?: unknown; table?: unknown; constraint?: unknown; severity?: unknown };
  const isDatabaseError = severity !== undefined;
  return {
    name: cause.name,
    code,
    table,
    constraint,
    message: isDatabaseError ? undefined : cause.message,
    stack: isDatabaseError ? undefined : cause.stack,
  };
}

/** Nest's own messages in the same form. */
export class NestLog implements LoggerService {
  log(message: unknown, context?: unknown): void {
    log.debug({ context }, String(message));
  }
  warn(message: unknown, context?: unknown): void {
    log.warn({ context }, String(message));
  }
  error(message: unknown, ...details: readonly unknown[]): void {
    const context = details.at(-1);
    // What goes wrong with the listener is thrown, too, and told in one line by whoever started it.
    log[context === 'NestApplication' ? 'debug' : 'error']({ context }, String(message));
  }
  fatal(message: unknown, context?: unknown): void {
    log.fatal({ context }, String(message));
  }
}
