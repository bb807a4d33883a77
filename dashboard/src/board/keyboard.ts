import { useEffect } from 'react';

/** Single keys, unless somebody is writing. Every one of them only moves the focus or shows help: no key acts by itself. */
export function useKeys(onHelp: () => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const target = event.target as HTMLElement;
      if (event.ctrlKey || event.metaKey || event.altKey || target.closest('input, textarea, select, dialog') !== null) return;
      switch (event.key) {
        case 's':
          document.getElementById('stop')?.focus();
          break;
        case 'j':
          moveBy(1);
          break;
        case 'k':
          moveBy(-1);
          break;
        case 'm':
          document.getElementById('map')?.focus();
          break;
        case '?':
          onHelp();
          break;
        default:
          return;
      }
      event.preventDefault();
    };
    document.addEventListener('keydown', onKey);
    return () => {
      document.removeEventListener('keydown', onKey);
    };
  }, [onHelp]);
}

function moveBy(step: number): void {
  const names = [...document.querySelectorAll<HTMLElement>('button[data-corridor]')].filter((name) => name.checkVisibility());
  const at = names.findIndex((name) => name === document.activeElement);
  names[at === -1 ? 0 : Math.min(names.length - 1, Math.max(0, at + step))]?.focus();
}
