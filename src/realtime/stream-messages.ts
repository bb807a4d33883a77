import type { Frame, ResetCode } from './groups.js';
import type { Beat } from './heartbeats.js';

/** JSON on one line, encoded once, however many readers it goes to. */
type Json<Value> = string & { readonly __json: Value };

/** `type` is what Nest calls the `event` of the wire. */
interface Message<Type extends string, Data> {
  readonly type: Type;
  /** A cursor: what the browser sends as `Last-Event-ID`. */
  readonly id: string;
  readonly data: Json<Data>;
}

/** What comes on the stream: the events, the beat each 5 s, and that a place can't be resumed. */
export type StreamMessage = Message<'frame', Frame> | Message<'heartbeat', Heartbeat> | Message<'reset', Reset>;

interface Heartbeat extends Beat {
  readonly cur: string;
}
interface Reset {
  readonly code: ResetCode;
}

const texts = new WeakMap<object, string>();

/** A frame is encoded once, however many streams it goes out on. */
export function frameMessage(frame: Frame): StreamMessage {
  return { type: 'frame', id: frame.cur, data: encodedOnce(frame) };
}

/** The same id as the last frame's: a beat never moves the place from which a reader resumes. */
export function heartbeatMessage(cur: string, beat: Beat): StreamMessage {
  return { type: 'heartbeat', id: cur, data: JSON.stringify({ cur, ...beat }) as Json<Heartbeat> };
}

/** An empty id makes a reader forget its place: it asks for a snapshot, not for what it can't have. */
export function resetMessage(code: ResetCode): StreamMessage {
  return { type: 'reset', id: '', data: JSON.stringify({ code }) as Json<Reset> };
}

function encodedOnce<Value extends object>(value: Value): Json<Value> {
  const text = texts.get(value) ?? JSON.stringify(value);
  texts.set(value, text);
  return text as Json<Value>;
}
