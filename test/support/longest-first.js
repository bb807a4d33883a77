import TestSequencer from '@jest/test-sequencer';

/** Files that play whole histories, or wait for processes and browsers; at the end come the small ones, which fill what the others leave. */
const FIRST = ['/test/acceptance/', '/test/proof/', '/test/platform/', '/test/browser/'];
const LAST = '/test/domain/';

/** On a clean checkout Jest knows no durations and goes by size: a long test in a short file would start last, and all would wait for it. */
export default class LongestFirst extends TestSequencer {
  sort(tests) {
    return super.sort(tests).toSorted((a, b) => rank(a.path) - rank(b.path));
  }
}

function rank(path) {
  const place = FIRST.findIndex((folder) => path.includes(folder));
  if (place >= 0) return place;
  return path.includes(LAST) ? FIRST.length + 1 : FIRST.length;
}
