import { useEffect, useState } from 'react';
import type { View } from '../../../client/follow.js';
import type { Rest } from '../../../client/rest.js';
import type { BoardEvent } from '../../../src/domain/audience.js';
import type { Display } from '../../../src/domain/status.js';

/** Many facts only count on what is known: of so many, the list is filled. */
const ASKED = 200;
const TOLD = 50;

/** What happened, newest first: what the stream brought since the page stands, before it what the server still knows. */
export function useNews(view: View, api: Rest): readonly BoardEvent[] {
  const [earlier, setEarlier] = useState<readonly BoardEvent[]>([]);
  const isCurrent = view.phase === 'current';
  // Asked at the start, and after each gap, which the stream doesn't tell.
  useEffect(() => {
    if (!isCurrent) return undefined;
    let isGone = false;
    api.newestEvents(ASKED).then(
      (events) => {
        if (!isGone) setEarlier(newsOf(events));
      },
      () => undefined, // the list goes on with what the stream brings
    );
    return () => {
      isGone = true;
    };
  }, [api, isCurrent]);
  const known = new Set(view.ticker.map(keyOf));
  return [...view.ticker, ...earlier.filter((event) => !known.has(keyOf(event)))]
    .toSorted((a, b) => b.recordedAt.localeCompare(a.recordedAt))
    .slice(0, TOLD);
}

export function keyOf({ entity, entityId, version }: BoardEvent): string {
  return `${entity}/${entityId}/${String(version)}`;
}

/** Newest first, without the statuses that say the same word again. */
function newsOf(events: readonly BoardEvent[]): readonly BoardEvent[] {
  const words = new Map<string, Display>();
  return events
    .filter((event) => {
      if (event.type !== 'CorridorStatusChanged') return true;
      const { corridorId, status } = event.body;
      const before = words.get(corridorId);
      words.set(corridorId, status.display);
      return before !== undefined && before !== status.display;
    })
    .toReversed();
}
