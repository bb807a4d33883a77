import { useState } from 'react';

/**
 * What somebody typed or could not send yet, kept for this tab alone: a phone puts pages to sleep and loads them again. It is gone with
 * the tab and with signing out, and another person who signs in does not see it.
 */
export function kept<Value>(personId: string, key: string): Value | null {
  try {
    const text = sessionStorage.getItem(`${personId}.${key}`);
    return text === null ? null : (JSON.parse(text) as Value);
  } catch {
    return null;
  }
}

export function keep(personId: string, key: string, value: unknown): void {
  try {
    sessionStorage.setItem(`${personId}.${key}`, JSON.stringify(value));
  } catch {
    // then it is kept as long as the page is
  }
}

export function forgetAll(): void {
  try {
    sessionStorage.clear();
  } catch {
    // nothing was kept
  }
}

/** A form that keeps what is in it, also when the page is loaded again. */
export function useDraft<Draft>(personId: string, key: string, empty: Draft): readonly [Draft, (draft: Draft) => void] {
  const [draft, setDraft] = useState<Draft>(() => kept<Draft>(personId, key) ?? empty);
  const change = (next: Draft): void => {
    setDraft(next);
    keep(personId, key, next);
  };
  return [draft, change];
}
