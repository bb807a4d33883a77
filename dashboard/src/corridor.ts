import type { BoardCorridor } from '../../src/domain/board.js';

export function nameOf(corridor: BoardCorridor): string {
  return corridor.name ?? corridor.code ?? '?';
}

/** Its local time is the one that people on it live by. */
export function zoneOf(corridor: BoardCorridor): string {
  return corridor.zone ?? 'UTC';
}
