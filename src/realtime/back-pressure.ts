import type { Socket } from 'socket.io';

/** What waits for a slow reader. */
export interface Backlog {
  readonly packets: number;
  /** Characters of their texts; a frame that many sockets wait for counts at each. */
  readonly size: number;
}

/** It lies in engine.io's connection, which its types keep private; a test notices if it goes. */
interface Connection {
  readonly writeBuffer?: readonly { readonly data?: unknown }[];
}

export function backlogOf(socket: Socket): Backlog {
  const { writeBuffer = [] } = socket.conn as unknown as Connection;
  return {
    packets: writeBuffer.length,
    size: writeBuffer.reduce((sum, { data }) => sum + (typeof data === 'string' ? data.length : 0), 0),
  };
}

const MOST_PACKETS = 256;
const LARGEST_SIZE = 1024 * 1024;

/** Past this a reader is cut, and comes back by its cursor, instead of filling the server's memory. */
export function isTooSlow({ packets, size }: Backlog): boolean {
  return packets > MOST_PACKETS || size > LARGEST_SIZE;
}
