import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { redact, type Audience, type BoardEvent } from '../domain/audience.js';
import { canonicalJson } from '../domain/canonical-json.js';
import type { LoggedEvent } from '../domain/event.js';
import type { CorridorId, OrganisationId } from '../domain/ids.js';
import { problem, ProblemError, type ProblemDetails } from '../domain/problem.js';
import { Tail } from '../event-log/tail.js';
import { Cursors, groupMark } from './cursors.js';
import { wantsEvent, type Filter } from './filter.js';

/** What goes out: the facts after `prev` that this group may see, up to `cur`. A commit or a burst is one frame. */
export interface Frame {
  readonly prev: string;
  readonly cur: string;
  readonly events: readonly BoardEvent[];
}

export type ResetCode = ProblemDetails['cursor-unknown']['reset'];
export type CatchUp = { readonly kind: 'frame'; readonly frame: Frame } | { readonly kind: 'reset'; readonly code: ResetCode };

/** Everybody with the same audience and filter: redacted once, encoded once. */
export interface Group {
  readonly key: string;
  readonly mark: string;
  readonly audience: Audience;
  readonly filter: Filter;
  /** The last event that this group could see; what its cursors say. */
  lastSeq: number;
  members: number;
}

export const MOST_GROUPS = 500;
/** A client further behind takes a fresh snapshot. */
export const LONGEST_CATCH_UP = 10_000;
const RETRY_AFTER_SECONDS = 10;
const PAGE = 1000;
/** The tail polls each second; one that is later than this stands still. */
const LONGEST_WAIT_MS = 4_000;

type Listener = (group: Group, frame: Frame) => void;

/** A fact as the group sees it, with its place. */
interface Seen {
  readonly seq: number;
  readonly event: BoardEvent;
}

/** The groups of this process. Cost grows with groups, not with sockets. */
@Injectable()
export class Groups implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly groups = new Map<string, Group>();
  private readonly opening = new Map<string, Promise<void>>();
  private readonly owners = new Map<CorridorId, OrganisationId>();
  private readonly listeners = new Set<Listener>();
  private cursors: Cursors | undefined;
  private epoch = '';
  private unsubscribe: (() => void) | undefined;

  constructor(
    private readonly database: DataSource,
    private readonly tail: Tail,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const [birth] = await this.database.query<{ epoch: string; key: Buffer }[]>(`SELECT epoch, cursor_key AS key FROM database_birth`);
    if (birth === undefined) throw new Error('the database was not born yet');
    this.cursors = new Cursors(birth.key);
    this.epoch = birth.epoch;
    this.unsubscribe = this.tail.subscribe((events) => {
      this.deliver(events);
    });
    const rows = await this.database.query<{ id: CorridorId; owner: OrganisationId }[]>(
      `SELECT id, organisation_id AS owner FROM corridors`,
    );
    for (const { id, owner } of rows) this.owners.set(id, owner);
  }

  onModuleDestroy(): void {
    this.unsubscribe?.();
  }

  readonly ownerOf = (id: CorridorId): OrganisationId | null => this.owners.get(id) ?? null;

  onFrame(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /**
   * Joins the group of an audience and filter; the caller leaves it at its end.
   *
   * @throws ProblemError `too-many-groups`
   */
  async join(audience: Audience, filter: Filter): Promise<Group> {
    const key = canonicalJson({ audience, filter });
    for (;;) {
      const group = this.groups.get(key);
      if (group !== undefined) {
        group.members += 1; // in the tick of the look-up: nobody who leaves can close it between
        return group;
      }
      await this.opened(key, audience, filter);
    }
  }

  leave(group: Group): void {
    group.members -= 1;
    if (group.members === 0) this.groups.delete(group.key);
  }

  all(): readonly Group[] {
    return [...this.groups.values()];
  }

  cursorOf(group: Pick<Group, 'mark'>, seq: number): string {
    return this.sealer().seal({ epoch: this.epoch, seq, group: group.mark });
  }

  /** From the client's own cursor to the group's place, in the same tick in which the caller begins to hear its frames. */
  async catchUp(group: Group, cursor: string): Promise<CatchUp> {
    const place = await this.placeOf(group, cursor);
    if (place.kind === 'reset') return place;
    await this.reached(place.seq);
    const events: BoardEvent[] = [];
    let seq = place.seq;
    // Until nothing is left between what was read and what the group has been told: then not one event can fall between.
    while (seq < group.lastSeq) {
      if (group.lastSeq - place.seq > LONGEST_CATCH_UP) return { kind: 'reset', code: 'CURSOR_TOO_OLD' };
      const page = (await this.tail.since(seq, PAGE)).filter((event) => event.seq <= group.lastSeq);
      events.push(...this.seen(group, page).map(({ event }) => event));
      seq = page.at(-1)?.seq ?? group.lastSeq;
    }
    return { kind: 'frame', frame: { prev: cursor, cur: this.cursorOf(group, group.lastSeq), events } };
  }

  /** One page of what comes after a cursor, for readers that poll. */
  async page(group: Group, cursor: string, limit: number): Promise<CatchUp & { readonly isComplete?: boolean }> {
    const place = await this.placeOf(group, cursor);
    if (place.kind === 'reset') return place;
    const seen: Seen[] = [];
    let seq = place.seq;
    let isComplete = false;
    while (seen.length <= limit && !isComplete) {
      const page = await this.tail.since(seq, PAGE);
      isComplete = page.length < PAGE;
      seen.push(...this.seen(group, page));
      seq = page.at(-1)?.seq ?? seq;
    }
    const given = seen.slice(0, limit);
    const cur = this.cursorOf(group, given.at(-1)?.seq ?? place.seq);
    return {
      kind: 'frame',
      isComplete: seen.length <= limit,
      frame: { prev: cursor, cur, events: given.map(({ event }) => event) },
    };
  }

  /** The newest events that the group may see, oldest first, and its place; looks back no further than a catch-up would. */
  async newest(group: Group, limit: number): Promise<{ readonly events: readonly BoardEvent[]; readonly cursor: string }> {
    await this.reached(await this.tail.head()); // with what the reader itself wrote a moment ago
    const to = group.lastSeq;
    const from = Math.max(0, to - LONGEST_CATCH_UP);
    let seen: readonly Seen[] = [];
    for (let end = to; end > from && seen.length < limit; end -= PAGE) {
      const page = await this.tail.since(Math.max(from, end - PAGE), PAGE);
      const upToEnd = page.filter((event) => event.seq <= end);
      seen = [...this.seen(group, upToEnd), ...seen];
    }
    return { events: seen.slice(-limit).map(({ event }) => event), cursor: this.cursorOf(group, to) };
  }

  /** The last event up to `seq` that the group may see; 0 when there is none. Waits until the tail has come to `seq`. */
  async lastVisible(group: Group, seq: number): Promise<number> {
    await this.reached(seq);
    return group.lastSeq <= seq ? group.lastSeq : this.lookBack(group, seq, 0);
  }

  /**
   * A snapshot, or another process, may be a moment ahead of this one's tail.
   *
   * @throws ProblemError `not-ready` when the tail stands still
   */
  async reached(seq: number): Promise<void> {
    if (this.tail.seq >= seq) return;
    await new Promise<void>((resolve, reject) => {
      const stop = this.tail.subscribe(() => {
        if (this.tail.seq < seq) return;
        clearTimeout(late);
        stop();
        resolve();
      });
      const late = setTimeout(() => {
        stop();
        reject(new ProblemError(problem('not-ready', {})));
      }, LONGEST_WAIT_MS);
      this.tail.wake();
    });
  }

  /** The last event in (`after`, `to`] that they may see and want; `after` when there is none. */
  private async lookBack(group: Pick<Group, 'audience' | 'filter'>, to: number, after: number): Promise<number> {
    for (let end = to; end > after; end -= PAGE) {
      const page = await this.tail.since(Math.max(after, end - PAGE), PAGE);
      const last = this.seen(
        group,
        page.filter((event) => event.seq <= end),
      ).at(-1);
      if (last !== undefined) return last.seq;
    }
    return after;
  }

  private seen({ audience, filter }: Pick<Group, 'audience' | 'filter'>, events: readonly LoggedEvent[]): readonly Seen[] {
    return events.flatMap((logged) => {
      const event = redact(logged, audience, this.ownerOf);
      return event !== null && wantsEvent(filter, event) ? [{ seq: logged.seq, event }] : [];
    });
  }

  private async opened(key: string, audience: Audience, filter: Filter): Promise<void> {
    const underWay = this.opening.get(key);
    if (underWay !== undefined) return underWay;
    if (this.groups.size + this.opening.size >= MOST_GROUPS)
      throw new ProblemError(problem('too-many-groups', { retryAfterSeconds: RETRY_AFTER_SECONDS }));
    const opened = this.open(key, audience, filter).finally(() => this.opening.delete(key));
    this.opening.set(key, opened);
    return opened;
  }

  private async open(key: string, audience: Audience, filter: Filter): Promise<void> {
    const mark = groupMark(key);
    const group: Group = { key, mark, audience, filter, lastSeq: 0, members: 0 };
    // The log may grow while we look back; when nothing is left to look at, the group is in step with the tail.
    for (let from = 0, to = this.tail.seq; from < to; from = to, to = this.tail.seq) {
      const last = await this.lookBack(group, to, from);
      if (last > from) group.lastSeq = last;
    }
    this.groups.set(key, group);
  }

  private async placeOf(group: Group, cursor: string): Promise<{ kind: 'place'; seq: number } | { kind: 'reset'; code: ResetCode }> {
    const place = this.sealer().open(cursor);
    // Nothing that this database sealed: forged, or of another history.
    if (place?.epoch !== this.epoch) return { kind: 'reset', code: 'EPOCH_CHANGED' };
    if (place.group !== group.mark) return { kind: 'reset', code: 'AUTH_CHANGED' };
    // Another process may be ahead of this one's tail by a moment; only past the log itself is a cursor from another history.
    if (place.seq > this.tail.seq && place.seq > (await this.tail.head())) return { kind: 'reset', code: 'CURSOR_AHEAD' };
    return { kind: 'place', seq: place.seq };
  }

  /** Called by the tail: for each group once, however many listen. */
  private deliver(events: readonly LoggedEvent[]): void {
    for (const { body } of events) if (body.type === 'CorridorDeclared') this.owners.set(body.corridorId, body.organisationId);
    for (const group of this.groups.values()) {
      const seen = this.seen(group, events);
      const last = seen.at(-1);
      if (last === undefined) continue;
      const prev = this.cursorOf(group, group.lastSeq);
      group.lastSeq = last.seq;
      const frame: Frame = { prev, cur: this.cursorOf(group, last.seq), events: seen.map(({ event }) => event) };
      for (const listener of this.listeners) listener(group, frame);
    }
  }

  private sealer(): Cursors {
    if (this.cursors === undefined) throw new ProblemError(problem('not-ready', {}));
    return this.cursors;
  }
}
