import type { Strength } from './content.js';

/** The grade of a report in its shape: full diamond, diamond with a core, broken ring. In a box of 16 × 16. */
export function AttackShape({ strength }: { readonly strength: Strength }) {
  switch (strength) {
    case 'strong':
      return <path d="M8 1 15 8 8 15 1 8Z" className="attack-full" />;
    case 'signed':
      return (
        <>
          <path d="M8 1 15 8 8 15 1 8Z" className="attack-line" />
          <circle cx="8" cy="8" r="2.4" className="attack-full" />
        </>
      );
    case 'weak':
      return <circle cx="8" cy="8" r="5.6" className="attack-line attack-broken" />;
  }
}

export function AttackMark({ strength }: { readonly strength: Strength }) {
  return (
    <svg className="attack-mark" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
      <AttackShape strength={strength} />
    </svg>
  );
}
