import type { BoardEvent } from '../../domain/audience.js';
import type { Api } from './api.js';

const LONGEST_WAIT_MS = 15 * 60_000;

/** Opening requests of visitors that wait for a second person: while one does, the clock of the exercise stands. */
export class Visitors {
  private cursor: string | null = null;
  private players: ReadonlySet<string> = new Set();
  private readonly requests = new Map<string, { readonly corridorId: string; readonly sinceMs: number }>();

  constructor(private readonly api: Api) {}

  /** From now on: what was asked before the player came is nobody's wish any more. */
  async begin(): Promise<void> {
    this.players = new Set(await this.api.people());
    const board = await this.api.read<{ readonly cursor: string }>('/v1/board');
    this.cursor = board?.cursor ?? null;
  }

  /** Whether a request waits, at most the 15 real minutes that it is good for. */
  async areWaiting(): Promise<boolean> {
    for (;;) {
      const page = await this.api.read<{ readonly events: readonly BoardEvent[]; readonly cursor: string; readonly isComplete: boolean }>(
        `/v1/events?limit=500${this.cursor === null ? '' : `&cursor=${this.cursor}`}`,
      );
      if (page === null) break;
      for (const event of page.events) this.take(event);
      this.cursor = page.cursor;
      if (page.isComplete) break;
    }
    for (const [id, { sinceMs }] of this.requests) if (performance.now() - sinceMs > LONGEST_WAIT_MS) this.requests.delete(id);
    return this.requests.size > 0;
  }

  private take(event: BoardEvent): void {
    switch (event.type) {
      case 'OpeningRequested': {
        const { requestId, corridorId } = event.body;
        if (requestId === undefined || corridorId === undefined || event.actorId === null || this.players.has(event.actorId)) return;
        this.requests.set(requestId, { corridorId, sinceMs: performance.now() });
        return;
      }
      case 'CorridorOpened':
      case 'OpeningRejected':
      case 'LimitRemoved':
        if (event.body.requestId !== undefined) this.requests.delete(event.body.requestId);
        return;
      case 'LifecycleChanged':
      case 'CorridorStopped':
        // A suspension and an end void what was asked.
        for (const [id, { corridorId }] of this.requests) if (corridorId === event.body.corridorId) this.requests.delete(id);
        return;
      default:
        return;
    }
  }
}
