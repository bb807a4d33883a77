/** Whether a language is read from the right. */
export function isRightToLeft(locale: string): boolean {
  return /^(ar|fa|he|ps|ur)\b/.test(locale);
}
