import type { Socket } from 'socket.io';
import { connectionOf } from './connection.js';

/** What waits for a slow reader. */
export interface Backlog {
  readonly packets: number;
  /** Characters and bytes, those that were handed to the system included; a frame that many sockets wait for counts at each. */
  readonly size: number;
}

const NOTHING: Backlog = { packets: 0, size: 0 };

export function backlogOf(socket: Socket): Backlog {
  const { writeBuffer, transport } = connectionOf(socket);
  const handedOver = transport.socket?.bufferedAmount ?? 0;
  if (writeBuffer.length === 0 && handedOver === 0) return NOTHING;
  return {
    packets: writeBuffer.length,
    size: writeBuffer.reduce((sum, { data }) => sum + (typeof data === 'string' ? data.length : 0), handedOver),
  };
}

const MOST_PACKETS = 256;
const LARGEST_SIZE = 1024 * 1024;

/** What a thin link takes in a second; a reader that takes less does not read. */
const LEAST_TAKEN = 4 * 1024;

/**
 * A reader that fills the server's memory is cut, and comes back by its cursor. One that takes a long catch-up over a thin link is not:
 * it would come back for the same catch-up, for ever.
 *
 * @param before its backlog a second ago; null: not looked at yet
 */
export function isTooSlow({ packets, size }: Backlog, before: Backlog | null): boolean {
  if (packets > MOST_PACKETS) return true;
  return size > LARGEST_SIZE && before !== null && before.size - size < LEAST_TAKEN;
}
