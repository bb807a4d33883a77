/** Choices of this browser. One that keeps nothing still shows the page, and asks again next time. */
export function recall(key: string): string | null {
  try {
    return localStorage.getItem(`safe-passage.${key}`);
  } catch {
    return null;
  }
}

export function remember(key: string, value: string): void {
  try {
    localStorage.setItem(`safe-passage.${key}`, value);
  } catch {
    // it holds for this page
  }
}
