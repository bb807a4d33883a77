import { readFileSync } from 'node:fs';
import { StartFailure } from './start-failure.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * A setting of the environment; an empty one is left out. A secret may lie in a file instead, which NAME_FILE names, as containers have it.
 *
 * @throws StartFailure the file can't be read, or both are given
 */
export function readSetting(environment: Environment, name: string): string | undefined {
  const value = environment[name] === '' ? undefined : environment[name];
  const file = environment[`${name}_FILE`];
  if (file === undefined || file === '') return value;
  if (value !== undefined) throw new StartFailure(`${name} and ${name}_FILE are both set: leave one out.`);
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (cause) {
    throw new StartFailure(`${name}_FILE can't be read: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}
