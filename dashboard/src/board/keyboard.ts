import { useEffect, useState } from 'react';
import { recall, remember } from '../remembered.js';

/** What each key does, in the order of the help. Letters are places on the keyboard: they work under every layout. */
export const KEYS = {
  'Alt S': 'stopNow',
  S: 'stop',
  J: 'next',
  K: 'previous',
  Enter: 'details',
  M: 'map',
  '?': 'help',
  Esc: 'close',
} as const;

export interface Keys {
  /** Whether single letters do anything: who dictates to the machine turns them off. */
  readonly hasSingle: boolean;
  readonly setHasSingle: (hasSingle: boolean) => void;
}

/**
 * Alt+S presses the STOP of the strip, from wherever the focus is. Single keys, unless somebody is writing, only move the focus or show
 * help: none of them acts by itself.
 */
export function useKeys(onHelp: () => void): Keys {
  const [hasSingle, setSingle] = useState(() => recall('singleKeys') !== 'off');
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || document.querySelector('dialog[open]') !== null) return;
      if (event.altKey ? event.code === 'KeyS' && pressStop(event) : hasSingle && moveFocus(event, onHelp)) event.preventDefault();
    };
    document.addEventListener('keydown', onKey);
    return () => {
      document.removeEventListener('keydown', onKey);
    };
  }, [onHelp, hasSingle]);
  const setHasSingle = (has: boolean): void => {
    setSingle(has);
    remember('singleKeys', has ? 'on' : 'off');
  };
  return { hasSingle, setHasSingle };
}

/** A key held down is one press. */
function pressStop({ repeat }: KeyboardEvent): boolean {
  if (!repeat) document.getElementById('stop')?.click();
  return true;
}

function moveFocus(event: KeyboardEvent, onHelp: () => void): boolean {
  if ((event.target as HTMLElement).closest('input, textarea, select') !== null) return false;
  if (event.key === '?' || event.key === '؟') {
    onHelp();
    return true;
  }
  switch (event.code) {
    case 'KeyS':
      document.getElementById('stop')?.focus();
      return true;
    case 'KeyJ':
      moveBy(1);
      return true;
    case 'KeyK':
      moveBy(-1);
      return true;
    case 'KeyM':
      document.getElementById('map')?.focus();
      return true;
    default:
      return false;
  }
}

function moveBy(step: number): void {
  const names = [...document.querySelectorAll<HTMLElement>('button[data-corridor]')].filter((name) => name.checkVisibility());
  const at = names.findIndex((name) => name === document.activeElement);
  names[at === -1 ? 0 : Math.min(names.length - 1, Math.max(0, at + step))]?.focus();
}
