import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { idOf, type Account, type Request, type Watching } from './commands.js';

/**
 * Invented reports beside a history (data/ukraine-2022-synthetic/README.md): marked `synthetic` wherever they show, never for corridors
 * that only one side offered. Placeholders in a path or body: `{corridor:ID}`, `{window:ID}`, `{leg:ID:N}` become ids.
 */
interface SyntheticFile {
  readonly watching: Readonly<Record<string, readonly Watching[]>>;
  readonly entries: readonly SyntheticEntry[];
}
interface SyntheticEntry {
  readonly key: string;
  readonly at: string;
  /** Repeated from `at` on, each so many minutes, up to and with `until`. */
  readonly everyMinutes?: number;
  readonly until?: string;
  readonly account: Account;
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface SyntheticRecord {
  readonly at: string;
  readonly request: Request;
}
export interface Synthetic {
  readonly watching: Readonly<Record<string, readonly Watching[]>>;
  /** By time. */
  readonly records: readonly SyntheticRecord[];
}

export const NOTHING_SYNTHETIC: Synthetic = { watching: {}, records: [] };

export function readSynthetic(folder: string): Synthetic {
  const file = join(folder, 'reports.json');
  if (!existsSync(file)) return NOTHING_SYNTHETIC;
  const { watching, entries } = JSON.parse(readFileSync(file, 'utf8')) as SyntheticFile;
  const records = entries.flatMap((entry) => times(entry).map((at) => ({ at, request: toRequest(entry, at) })));
  return { watching, records: records.sort((a, b) => Date.parse(a.at) - Date.parse(b.at)) };
}

function times({ at, everyMinutes, until }: SyntheticEntry): readonly string[] {
  if (everyMinutes === undefined || until === undefined) return [at];
  const count = Math.floor((Date.parse(until) - Date.parse(at)) / (everyMinutes * 60_000));
  return Array.from({ length: count + 1 }, (_, index) => new Date(Date.parse(at) + index * everyMinutes * 60_000).toISOString());
}

function toRequest({ key, account, path, body }: SyntheticEntry, at: string): Request {
  const named = JSON.parse(withIds(JSON.stringify({ path, body }))) as { readonly path: string; readonly body: Request['body'] };
  return { account, path: named.path, body: { commandId: idOf(`synthetic ${key} ${at}`), ...named.body } };
}

function withIds(text: string): string {
  return text
    .replace(/\{(?:corridor|window):([\w-]+)\}/g, (_all, id: string) => idOf(id))
    .replace(/\{leg:([\w-]+):(\d+)\}/g, (_all, id: string, no: string) => idOf(`${id} leg ${no}`))
    .replace(/\{request:([^:}]+):([^}]+)\}/g, (_all, key: string, at: string) => idOf(`synthetic ${key} ${at}`));
}
