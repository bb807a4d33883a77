import type { Socket } from 'socket.io';

/** What lies in engine.io's connection and the WebSocket below it, and their types keep private; tests notice if it goes. */
export interface Connection {
  readonly readyState: string;
  /** What engine.io holds back until the WebSocket has handed everything before it to the system. */
  readonly writeBuffer: readonly { readonly data?: unknown }[];
  readonly transport: { readonly writable: boolean; readonly socket?: WebSocketBelow };
  write(packet: string, options: { readonly wsPreEncodedFrame: readonly Buffer[] }): void;
}

interface WebSocketBelow {
  readonly readyState: number;
  /** Bytes that the system has not taken yet. */
  readonly bufferedAmount: number;
  readonly _sender?: { sendFrame(frame: readonly Buffer[]): void };
}

export function connectionOf(socket: Socket): Connection {
  return socket.conn as unknown as Connection;
}
