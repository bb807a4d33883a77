import { parseCookie, stringifySetCookie } from 'cookie';
import type { IncomingHttpHeaders } from 'node:http';
import { isLoopback } from './origin.js';
import type { Carrier } from './session.js';

/** On https a browser takes the `__Host-` name only from us, over TLS, for the whole host: no neighbour domain can plant one. */
const SECURE_COOKIE = '__Host-safe-passage';
/** Set and read on the loopback address only, where browsers refuse Secure cookies over http. */
const PLAIN_COOKIE = 'safe-passage';

/** A token and how it came. */
export interface CarriedToken {
  readonly token: string;
  readonly carrier: Carrier;
}

/** The token that a request, an SSE stream or a socket handshake brings. A token in the address is never read. */
export function sessionTokenFrom(headers: IncomingHttpHeaders): CarriedToken | null {
  const bearer = /^Bearer +([A-Za-z0-9_-]+)$/i.exec(headers.authorization ?? '')?.[1];
  if (bearer !== undefined) return { token: bearer, carrier: 'bearer' };
  const cookies = parseCookie(headers.cookie ?? '');
  const token = cookies[SECURE_COOKIE] ?? (isLoopback(headers) ? cookies[PLAIN_COOKIE] : undefined);
  return token === undefined ? null : { token, carrier: 'cookie' };
}

/** The `Set-Cookie` line that gives a page its session. */
export function sessionCookie(token: string, { isSecure, maxAgeSeconds }: { isSecure: boolean; maxAgeSeconds: number }): string {
  return stringifySetCookie(isSecure ? SECURE_COOKIE : PLAIN_COOKIE, token, {
    path: '/',
    maxAge: maxAgeSeconds,
    httpOnly: true,
    sameSite: 'strict',
    secure: isSecure,
  });
}

/** The `Set-Cookie` line that takes it away. */
export function noSessionCookie({ isSecure }: { isSecure: boolean }): string {
  return sessionCookie('', { isSecure, maxAgeSeconds: 0 });
}
