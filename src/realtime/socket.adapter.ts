import { IoAdapter } from '@nestjs/platform-socket.io';
import type { Server, ServerOptions } from 'socket.io';
import { isOurOrigin } from '../auth/origin.js';

/**
 * socket.io as reliability 1.6 wants it: websocket only, small frames, no compression, no recovery of its own (it re-admits revoked
 * users), and foreign pages refused at the handshake, which CORS does not do. A program sends no Origin.
 */
export class SocketAdapter extends IoAdapter {
  override createIOServer(port: number, options?: ServerOptions): Server {
    return super.createIOServer(port, {
      ...options,
      transports: ['websocket'],
      maxHttpBufferSize: 64 * 1024,
      perMessageDeflate: false,
      httpCompression: false,
      serveClient: false,
      connectTimeout: 5_000,
      pingInterval: 10_000,
      pingTimeout: 8_000,
      allowRequest: (request, decide) => {
        decide(null, request.headers.origin === undefined || isOurOrigin(request.headers));
      },
    } as ServerOptions);
  }
}
