import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { v5 } from 'uuid';
import { toList, toPage } from '../auth/paging.js';
import type { Ask } from '../auth/ask.js';
import { windowAsSeen } from '../domain/as-seen.js';
import { audienceOf } from '../domain/audience.js';
import {
  announceWindow,
  answerHotline,
  cancelWindow,
  extendWindow,
  makeClaim,
  recordConsent,
  recordOutcome,
  recordViolation,
  setBasis,
  shortenWindow,
} from '../domain/ceasefire.js';
import { refuse } from '../domain/decision.js';
import type { TextRef } from '../domain/event.js';
import type { CommandId, WindowId } from '../domain/ids.js';
import type { Actor } from '../domain/permission.js';
import { problem, ProblemError } from '../domain/problem.js';
import type { Claim, Edge } from '../domain/window.js';
import { textIdsIn, Texts } from '../event-log/texts.js';
import { CorridorRefs } from '../dossiers/corridor-refs.js';
import type {
  AnnounceWindowBody,
  AnswerHotlineBody,
  EdgeBody,
  EndClaimBody,
  ExtendWindowBody,
  ListWindowsQuery,
  MakeClaimBody,
  RecordConsentBody,
  RecordOutcomeBody,
  RecordViolationBody,
  SetBasisBody,
  ShortenWindowBody,
  WindowAnswer,
  WindowList,
  WindowStepBody,
  WindowView,
} from './ceasefires.dto.js';
import { findExtension, findWindow, findWindows, type WindowRow } from './ceasefires.queries.js';
import { WindowDecisions } from './window-decisions.js';

@Injectable()
export class CeasefiresService {
  constructor(
    private readonly decisions: WindowDecisions,
    private readonly refs: CorridorRefs,
    private readonly texts: Texts,
    private readonly database: DataSource,
  ) {}

  async announce(body: AnnounceWindowBody, ask: Ask): Promise<WindowAnswer> {
    const { externalId = null, kind, zone, announcedBy, basis = null, claims, provenance } = body;
    const corridorIds = await this.refs.readAll(body.corridorIds);
    const wordings = claims?.map((claim) => claim.wording) ?? [];
    return this.decisions.announce({ corridorIds, ask, body, texts: wordings }, (step, refs) =>
      announceWindow({
        ...step,
        externalId,
        kind,
        corridorIds,
        zone,
        announcedBy,
        basis,
        claims: (claims ?? []).map((claim, index) => ({
          ...toClaim(claim, refs[index]),
          about: claim.about,
          id: claimId(step.commandId, index),
        })),
        provenance: provenance ?? 'reported',
      }),
    );
  }

  makeClaim(windowId: WindowId, body: MakeClaimBody, ask: Ask): Promise<WindowAnswer> {
    const { claim } = body;
    return this.decisions.decide(
      { windowId, ask, body, permission: 'window.claim', texts: [claim.wording] },
      ({ window, step, texts: [wording] }) => makeClaim(window, { ...step, claim: { ...toClaim(claim, wording), about: claim.about } }),
    );
  }

  recordConsent(windowId: WindowId, body: RecordConsentBody, ask: Ask): Promise<WindowAnswer> {
    const { party, consent } = body;
    return this.decisions.decide(
      { windowId, ask, body, permission: 'window.record_consent', lane: 'urgent', ifMatch: 'never', texts: [body.voice] },
      ({ window, corridors, step, texts: [voice = null] }) => recordConsent(window, corridors, { ...step, party, consent, voice }),
    );
  }

  answerHotline(windowId: WindowId, body: AnswerHotlineBody, ask: Ask): Promise<WindowAnswer> {
    return this.decisions.decide({ windowId, ask, body, permission: 'window.answer_hotline' }, ({ window, corridors, step }) =>
      answerHotline(window, corridors, { ...step, party: body.party }),
    );
  }

  setBasis(windowId: WindowId, body: SetBasisBody, ask: Ask): Promise<WindowAnswer> {
    return this.decisions.decide({ windowId, ask, body, permission: 'window.decide' }, ({ window, step }) =>
      setBasis(window, { ...step, basis: body.basis }),
    );
  }

  extend(windowId: WindowId, body: ExtendWindowBody, ask: Ask): Promise<WindowAnswer> {
    const { claim } = body;
    return this.decisions.decide(
      { windowId, ask, body, permission: 'window.decide', texts: [claim.wording] },
      ({ window, step, texts: [wording] }) =>
        extendWindow(window, { ...step, claim: toClaim(claim, wording), approvedBy: null, reason: null }),
    );
  }

  async approveExtension(windowId: WindowId, claimId: CommandId, body: WindowStepBody, ask: Ask): Promise<WindowAnswer> {
    // Who made a claim never changes, so it may be looked up before the batch.
    const extension = await findExtension(this.database, windowId, claimId);
    return this.decisions.decide(
      { windowId, ask, body, permission: 'window.decide', texts: [body.reason] },
      ({ window, step, texts: [reason = null] }) => {
        const claim = window.claims.find((known) => known.id === claimId && known.about === 'end');
        const open = window.claims.filter((known) => known.about === 'end').map((known) => known.id);
        if (extension === null || claim === undefined) return refuse(problem('proposal-unknown', { open }));
        return extendWindow(window, {
          ...step,
          actor: { ...step.actor, id: extension.claimedBy },
          claim,
          approvedBy: step.actor.id,
          reason,
        });
      },
    );
  }

  shorten(windowId: WindowId, body: ShortenWindowBody, ask: Ask): Promise<WindowAnswer> {
    const { claim } = body;
    return this.decisions.decide(
      { windowId, ask, body, permission: 'window.decide', lane: 'urgent', ifMatch: 'never', texts: [claim.wording, body.reason] },
      ({ window, step, texts: [wording, reason = null] }) => shortenWindow(window, { ...step, claim: toClaim(claim, wording), reason }),
    );
  }

  cancel(windowId: WindowId, body: WindowStepBody, ask: Ask): Promise<WindowAnswer> {
    return this.decisions.decide(
      { windowId, ask, body, permission: 'window.decide', lane: 'urgent', ifMatch: 'never', texts: [body.reason] },
      ({ window, step, texts: [reason = null] }) => cancelWindow(window, { ...step, reason }),
    );
  }

  async recordViolation(windowId: WindowId, body: RecordViolationBody, ask: Ask): Promise<WindowAnswer> {
    const hitCorridorIds = await this.refs.readAll(body.hitCorridorIds ?? []);
    return this.decisions.decide(
      { windowId, ask, body, permission: 'window.decide', lane: 'urgent', ifMatch: 'never', texts: [body.note] },
      ({ window, step, texts: [note = null] }) =>
        recordViolation(window, { ...step, kind: body.kind, hitCorridorIds, attackId: null, note }),
    );
  }

  recordOutcome(windowId: WindowId, body: RecordOutcomeBody, ask: Ask): Promise<WindowAnswer> {
    const { outcome, violationKind = null } = body;
    return this.decisions.decide(
      { windowId, ask, body, permission: 'window.record_outcome', ifMatch: 'never', texts: [body.detail] },
      ({ window, step, texts: [detail = null] }) => recordOutcome(window, { ...step, outcome, violationKind, detail }),
    );
  }

  /** Windows that name a corridor the actor may see, in the order of their announcement. */
  async list(query: ListWindowsQuery, actor: Actor): Promise<WindowList> {
    const corridorId = query.corridorId === undefined ? null : await this.refs.read(query.corridorId);
    const rows = await findWindows(this.database, { ...toPage(query), actor, corridorId, day: query.day ?? null });
    const { items, next } = toList(query, rows);
    return { items: items.flatMap((row) => toWindowView(row, actor) ?? []), next };
  }

  /** @throws ProblemError `not-found` */
  async read(windowId: WindowId, actor: Actor): Promise<WindowView> {
    const row = await findWindow(this.database, windowId);
    const view = row === null ? null : toWindowView(row, actor);
    if (view === null) throw new ProblemError(problem('not-found', {}));
    return { ...view, texts: await this.texts.read(textIdsIn(view)) };
  }
}

/** Null: the reader may see none of its corridors. */
function toWindowView({ window, owners }: WindowRow, actor: Actor): WindowView | null {
  return windowAsSeen(window, audienceOf(actor), (id) => owners[id] ?? null) as WindowView | null;
}

function toClaim({ edge, claimedBy }: EndClaimBody, wording: TextRef | null = null): Omit<Claim, 'id' | 'about'> {
  return { edge: toEdge(edge), claimedBy, wording };
}

function toEdge({ kind, at, date }: EdgeBody): Edge {
  if (kind === 'instant' && at !== undefined) return { kind, at };
  if (kind === 'day' && date !== undefined) return { kind, date };
  return { kind: 'not_stated' };
}

/** Each claim of an announcement has an id of its own, the same at every repeat. */
function claimId(commandId: CommandId, index: number): CommandId {
  return v5(`claim ${String(index + 1)}`, Buffer.from(commandId.replaceAll('-', ''), 'hex')) as CommandId;
}
