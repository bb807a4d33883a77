import type { Display } from '../../../src/domain/status.js';

/** One silhouette a word, told apart without colour and at twelve pixels. Drawn in a box of 16 × 16 with `currentColor`. */
const SHAPES: Readonly<Record<Display, React.ReactNode>> = {
  // A warning triangle.
  danger: (
    <>
      <path d="M8 1 15.6 15H.4Z" fill="currentColor" />
      <path d="M8 5.6v4.6" className="mark-cut" />
      <circle cx="8" cy="12.6" r="1" className="mark-hole" />
    </>
  ),
  // An octagon with a bar: no entry.
  suspended: (
    <>
      <path d="M5 1h6l4 4v6l-4 4H5l-4-4V5Z" fill="currentColor" />
      <path d="M4.4 8h7.2" className="mark-cut" />
    </>
  ),
  // Two bars: pause.
  hold: <path d="M3 2h3.6v12H3zm6.4 0H13v12H9.4z" fill="currentColor" />,
  // A diamond, half filled.
  limited: (
    <>
      <path d="M8 1.2 14.8 8 8 14.8 1.2 8Z" className="mark-line" />
      <path d="M8 1.2V14.8L1.2 8Z" fill="currentColor" />
    </>
  ),
  // A ring with a tick.
  open: (
    <>
      <circle cx="8" cy="8" r="6.6" className="mark-line" />
      <path d="m4.9 8.3 2.2 2.2 4.1-4.6" className="mark-line" />
    </>
  ),
  // A clock.
  planned: (
    <>
      <circle cx="8" cy="8" r="6.6" className="mark-line" />
      <path d="M8 4v4.2l2.8 1.6" className="mark-line" />
    </>
  ),
  // A question, no frame: nothing is known.
  unknown: (
    <>
      <path d="M4.8 5.2C4.8 3 6.2 1.8 8.1 1.8s3.3 1.2 3.3 3.1c0 2.6-3.3 2.7-3.3 5.3" className="mark-line" />
      <circle cx="8.1" cy="13.6" r="1.3" fill="currentColor" />
    </>
  ),
  // A square with a cross.
  closed: (
    <>
      <rect x="1.8" y="1.8" width="12.4" height="12.4" rx="1" className="mark-line" />
      <path d="m5 5 6 6m0-6-6 6" className="mark-line" />
    </>
  ),
  // Two rings that don't meet.
  not_agreed: (
    <>
      <circle cx="3.9" cy="8" r="2.9" className="mark-line" />
      <circle cx="12.1" cy="8" r="2.9" className="mark-line" />
    </>
  ),
};

export function Mark({ display }: { readonly display: Display }) {
  return (
    <svg className="mark" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
      {SHAPES[display]}
    </svg>
  );
}
