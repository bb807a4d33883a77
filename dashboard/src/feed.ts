import { useSyncExternalStore } from 'react';
import { follow, type FollowOptions, type Follower, type View } from '../../client/follow.js';

export interface Feed {
  readonly subscribe: (listener: () => void) => () => void;
  /** The newest view; each change and each second makes another. */
  readonly read: () => View;
  readonly refresh: () => void;
}

/** One follower a page, as a store that components can read. */
export function startFeed(options: Omit<FollowOptions, 'onChange'> = {}): Feed {
  const listeners = new Set<() => void>();
  let newest: View | null = null;
  const follower: Follower = follow({
    ...options,
    onChange: (view) => {
      newest = view;
      for (const listener of listeners) listener();
    },
  });
  return {
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    read: () => (newest ??= follower.view()),
    refresh: follower.refresh,
  };
}

export function useView(feed: Feed): View {
  return useSyncExternalStore(feed.subscribe, feed.read);
}
