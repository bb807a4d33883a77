import type { Socket } from 'socket.io';

/** Packets that wait for a slow reader. The number lies in engine.io's connection, which its types keep private; a test notices if it goes. */
export function waitingPackets(socket: Socket): number {
  return (socket.conn as unknown as { readonly writeBuffer?: readonly unknown[] }).writeBuffer?.length ?? 0;
}

/** Past this a reader is too slow for its stream: it is cut and comes back by its cursor, instead of filling the server's memory. */
export const MOST_WAITING_PACKETS = 256;
