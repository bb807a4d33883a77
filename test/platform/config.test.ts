import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { addressFromUrl } from '../../src/platform/address.js';
import { readConfig } from '../../src/platform/config.js';
import { StartFailure } from '../../src/platform/start-failure.js';

const folder = mkdtempSync(join(tmpdir(), 'safe-passage-config-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function mistakesOf(environment: Readonly<Record<string, string>>, args: readonly string[] = []): readonly string[] {
  try {
    readConfig(environment, args);
    return [];
  } catch (error) {
    if (!(error instanceof StartFailure)) throw error;
    return error.message.split('\n');
  }
}

describe('settings', () => {
  it('left out are an exercise on loopback with the embedded PostgreSQL', () => {
    expect(readConfig({}, [])).toMatchObject({ HOST: '127.0.0.1', PORT: 3000, TRUST_PROXY_HOPS: 0, isLive: false, hasDemo: true });
    expect(readConfig({ PORT: '', DATABASE_URL: '' }, [])).toMatchObject({ PORT: 3000 });
  });

  it('of a live database bring no demo', () => {
    expect(readConfig({}, ['--live'])).toMatchObject({ isLive: true, hasDemo: false });
  });

  it.each([
    [{ PORT: 'abc' }, 'PORT must be a whole number from 0 to 65535'],
    [{ PORT: '70000' }, 'PORT must be a whole number from 0 to 65535'],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent'],
    [{ DATABASE_URL: 'mysql://db' }, 'DATABASE_URL must look like postgresql://user:password@host:5432/database'],
    [{ KEY_SECRET: 'short' }, 'KEY_SECRET must have at least 32 characters'],
    [{ TRUST_PROXY_HOPS: '-1' }, 'TRUST_PROXY_HOPS must be a whole number from 0 to 10'],
    [{ DRAIN_SECONDS: '11' }, 'DRAIN_SECONDS must be a whole number from 0 to 10'],
    [{ PUBLIC_URL: 'board' }, 'PUBLIC_URL must look like https://board.example.org'],
    [{ TRUST_PROXY_HOP: '1' }, 'TRUST_PROXY_HOP is no setting: did you mean TRUST_PROXY_HOPS?'],
    [{ SAFE_PASSAGE_PORT: '1' }, 'SAFE_PASSAGE_PORT is no setting: did you mean PORT?'],
  ])('%j is told in one line', (environment, line) => {
    expect(mistakesOf(environment)).toEqual([line]);
  });

  it('with several mistakes name each of them, options too', () => {
    expect(mistakesOf({ PORT: 'abc', LOG_LEVEL: 'loud' }, ['--lve'])).toHaveLength(3);
  });

  it('that are secrets may lie in a file', () => {
    const file = join(folder, 'key');
    writeFileSync(file, `${'k'.repeat(40)}\n`);
    expect(readConfig({ KEY_SECRET_FILE: file }, []).KEY_SECRET).toBe('k'.repeat(40));
    expect(mistakesOf({ KEY_SECRET_FILE: join(folder, 'absent') })).toEqual([expect.stringMatching(/^KEY_SECRET_FILE can't be read/)]);
    expect(mistakesOf({ KEY_SECRET_FILE: file, KEY_SECRET: 'k'.repeat(40) })).toHaveLength(1);
  });
});

describe('the address of a database', () => {
  it('keeps everything its URL says, TLS and socket folders too', () => {
    expect(addressFromUrl('postgresql://us%40er:p%3Aw@db.example:6432/safe?sslmode=no-verify')).toMatchObject({
      host: 'db.example',
      port: 6432,
      user: 'us@er',
      password: 'p:w',
      database: 'safe',
      ssl: { rejectUnauthorized: false },
    });
    expect(addressFromUrl('postgresql://app@/safe?host=/run/postgresql')).toMatchObject({ host: '/run/postgresql', user: 'app' });
  });

  it('that can not be read is refused without repeating the password in it', () => {
    expect(() => addressFromUrl('postgresql://app:secret@[bad/safe')).toThrow(/^DATABASE_URL or (?!.*secret)/);
  });
});
