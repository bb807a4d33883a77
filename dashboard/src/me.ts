import { useEffect, useState } from 'react';
import type { Me, Rest } from '../../client/rest.js';

const ASK_AGAIN_MS = 5_000;

/** Who looks at this page; null until the server has said so. */
export function useMe(api: Rest): Me | null {
  const [me, setMe] = useState<Me | null>(null);
  useEffect(() => {
    let isGone = false;
    let later: ReturnType<typeof setTimeout> | undefined;
    const ask = (): void => {
      api.me().then(
        (found) => {
          if (!isGone) setMe(found);
        },
        () => {
          if (!isGone) later = setTimeout(ask, ASK_AGAIN_MS);
        },
      );
    };
    ask();
    return () => {
      isGone = true;
      clearTimeout(later);
    };
  }, [api]);
  return me;
}
