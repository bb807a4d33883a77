import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { redact, type Audience, type BoardEvent } from '../domain/audience.js';
import { canonicalJson } from '../domain/canonical-json.js';
import type { LoggedEvent } from '../domain/event.js';
import type { CorridorId, OrganisationId } from '../domain/ids.js';
import { problem, ProblemError, type ProblemDetails } from '../domain/problem.js';
import { Tail } from '../event-log/tail.js';
import { Cursors, groupMark, type Place } from './cursors.js';

/** What a client wants of what it may see; null: everything. */
export interface Filter {
  readonly corridorIds: readonly CorridorId[] | null;
}

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
  /** Room name on the sockets' server. */
  readonly room: string;
  /** The last event that this group could see; what its cursors say. */
  lastSeq: number;
  members: number;
}

const MOST_GROUPS = 500;
/** A client further behind takes a fresh snapshot. */
export const LONGEST_CATCH_UP = 10_000;
const PAGE = 1000;

type Listener = (group: Group, frame: Frame) => void;

/** The groups of this process. Cost grows with groups, not with sockets. */
@Injectable()
export class Groups implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly groups = new Map<string, Group>();
  private readonly opening = new Map<string, Promise<Group>>();
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
    const group = await this.find(audience, filter);
    group.members += 1;
    return group;
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

  /** From the client's own cursor to the group's place, in the same tick in which the caller joins the room. */
  async catchUp(group: Group, cursor: string): Promise<CatchUp> {
    const place = this.sealer().open(cursor);
    const fault = place === null ? 'AUTH_CHANGED' : await this.faultOf(group, place);
    if (place === null || fault !== null) return { kind: 'reset', code: fault ?? 'AUTH_CHANGED' };
    const events: BoardEvent[] = [];
    let seq = place.seq;
    // Until nothing is left between what was read and what the group has been told: then not one event can fall between.
    while (seq < group.lastSeq) {
      if (group.lastSeq - place.seq > LONGEST_CATCH_UP) return { kind: 'reset', code: 'CURSOR_TOO_OLD' };
      const page = await this.tail.since(seq, PAGE);
      if (page.length === 0) break;
      events.push(
        ...this.visible(
          group,
          page.filter((event) => event.seq <= group.lastSeq),
        ),
      );
      seq = Math.min(page.at(-1)?.seq ?? seq, group.lastSeq);
    }
    return { kind: 'frame', frame: { prev: cursor, cur: this.cursorOf(group, group.lastSeq), events } };
  }

  /** One page of what comes after a cursor, for readers that poll. */
  async page(group: Group, cursor: string, limit: number): Promise<CatchUp & { readonly isComplete?: boolean }> {
    const place = this.sealer().open(cursor);
    const fault = place === null ? 'AUTH_CHANGED' : await this.faultOf(group, place);
    if (place === null || fault !== null) return { kind: 'reset', code: fault ?? 'AUTH_CHANGED' };
    const events: { readonly seq: number; readonly event: BoardEvent }[] = [];
    let seq = place.seq;
    let isComplete = false;
    while (events.length < limit && !isComplete) {
      const page = await this.tail.since(seq, PAGE);
      isComplete = page.length < PAGE;
      for (const event of page) {
        const [seen] = this.visible(group, [event]);
        if (seen !== undefined) events.push({ seq: event.seq, event: seen });
      }
      seq = page.at(-1)?.seq ?? seq;
    }
    const given = events.slice(0, limit);
    const cur = this.cursorOf(group, given.at(-1)?.seq ?? place.seq);
    return {
      kind: 'frame',
      isComplete: isComplete && events.length <= limit,
      frame: { prev: cursor, cur, events: given.map(({ event }) => event) },
    };
  }

  /** The last event up to `seq` that the group may see; 0 when there is none. */
  async lastVisible(group: Pick<Group, 'audience' | 'filter'>, seq: number): Promise<number> {
    for (let to = seq; to > 0; to -= PAGE) {
      const page = await this.tail.since(Math.max(0, to - PAGE), PAGE);
      const visible = page.filter((event) => event.seq <= to && this.visible(group, [event]).length > 0);
      const last = visible.at(-1);
      if (last !== undefined) return last.seq;
    }
    return 0;
  }

  visible({ audience, filter }: Pick<Group, 'audience' | 'filter'>, events: readonly LoggedEvent[]): readonly BoardEvent[] {
    return events.flatMap((event) => {
      const seen = redact(event, audience, this.ownerOf);
      if (seen === null) return [];
      const wanted = filter.corridorIds === null || seen.corridorIds.some((id) => filter.corridorIds?.includes(id) === true);
      return wanted ? [seen] : [];
    });
  }

  private async find(audience: Audience, filter: Filter): Promise<Group> {
    const key = canonicalJson({ audience, filter });
    const known = this.groups.get(key) ?? this.opening.get(key);
    if (known !== undefined) return known;
    if (this.groups.size + this.opening.size >= MOST_GROUPS) throw new ProblemError(problem('too-many-groups', {}));
    const opened = this.open(key, audience, filter).finally(() => this.opening.delete(key));
    this.opening.set(key, opened);
    return opened;
  }

  private async open(key: string, audience: Audience, filter: Filter): Promise<Group> {
    const mark = groupMark(key);
    const group: Group = { key, mark, audience, filter, room: `group:${mark}`, lastSeq: 0, members: 0 };
    // The log may grow while we look back; only when it did not, the group is in step with the tail.
    for (;;) {
      const seq = this.tail.seq;
      group.lastSeq = await this.lastVisible(group, seq);
      if (seq === this.tail.seq) break;
    }
    this.groups.set(key, group);
    return group;
  }

  private async faultOf(group: Group, place: Place): Promise<ResetCode | null> {
    if (place.epoch !== this.epoch) return 'EPOCH_CHANGED';
    if (place.group !== group.mark) return 'AUTH_CHANGED';
    // Another process may be ahead of this one's tail by a moment; only past the log itself is a cursor from another history.
    if (place.seq > this.tail.seq && place.seq > (await this.tail.head())) return 'CURSOR_AHEAD';
    return null;
  }

  /** Called by the tail: for each group once, however many listen. */
  private deliver(events: readonly LoggedEvent[]): void {
    for (const { body } of events) if (body.type === 'CorridorDeclared') this.owners.set(body.corridorId, body.organisationId);
    for (const group of this.groups.values()) {
      const fresh = events.filter((event) => event.seq > group.lastSeq);
      const seen = this.visible(group, fresh);
      if (seen.length === 0) continue;
      const prev = this.cursorOf(group, group.lastSeq);
      group.lastSeq = fresh.findLast((event) => this.visible(group, [event]).length > 0)?.seq ?? group.lastSeq;
      const frame: Frame = { prev, cur: this.cursorOf(group, group.lastSeq), events: seen };
      for (const listener of this.listeners) listener(group, frame);
    }
  }

  private sealer(): Cursors {
    if (this.cursors === undefined) throw new ProblemError(problem('not-ready', {}));
    return this.cursors;
  }
}
