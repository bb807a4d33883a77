import type { Lifecycle } from './corridor.js';
import type { Reason } from './status.js';

/** One mistake in a request: where, which rule, and what is allowed, in words. */
export interface FieldError {
  /** JSON path in the body, query or path: `segments[0].line`, `query.limit`. */
  readonly field: string;
  readonly code: string;
  readonly message: string;
}

type Nothing = Readonly<Record<string, never>>;

/** What each refusal tells besides its title. A code keeps its meaning once published. */
export interface ProblemDetails {
  readonly 'invalid-request': { readonly errors: readonly FieldError[] };
  readonly 'malformed-json': Nothing;
  readonly 'body-too-large': { readonly limitBytes: number };
  readonly 'unsupported-media-type': { readonly allowed: readonly string[] };
  readonly 'request-too-slow': Nothing;
  readonly unauthenticated: Nothing;
  readonly 'sign-in-failed': Nothing;
  readonly 'origin-not-allowed': Nothing;
  readonly forbidden: { readonly permission: string };
  readonly 'not-found': Nothing;
  readonly 'method-not-allowed': { readonly allowed: readonly string[] };
  readonly 'command-id-reused': Nothing;
  /** The field that named it. Nothing of whose it is. */
  readonly 'id-taken': { readonly field: string };
  readonly 'sign-in-name-taken': Nothing;
  readonly 'own-account': Nothing;
  readonly 'stale-version': { readonly currentVersion: number; readonly current: unknown };
  readonly 'if-match-required': Nothing;
  readonly 'attempt-ended': { readonly lifecycle: Lifecycle };
  readonly 'attempt-running': { readonly lifecycle: Lifecycle; readonly attemptNo: number };
  readonly 'no-attempt': Nothing;
  readonly 'transition-not-allowed': { readonly lifecycle: Lifecycle; readonly allowed: readonly Lifecycle[] };
  readonly 'consent-missing': { readonly parties: readonly { readonly party: string; readonly consent: string }[] };
  readonly 'window-missing': Nothing;
  readonly 'window-of-other-corridor': { readonly windowId: string };
  readonly 'window-over': { readonly windowId: string };
  readonly 'window-cancelled': { readonly windowId: string };
  readonly 'edge-not-ordered': { readonly startsAt: string; readonly endsAt: string };
  readonly 'party-not-relevant': { readonly party: string; readonly allowed: readonly string[] };
  readonly 'segment-unknown': { readonly segmentId: string; readonly allowed: readonly string[] };
  readonly 'mode-not-permitted': { readonly mode: string; readonly allowed: readonly string[] };
  readonly 'same-person': { readonly firstBy: string };
  readonly 'proposal-unknown': { readonly open: readonly string[] };
  readonly 'destination-under-a-party': { readonly party: string };
  readonly 'hold-unknown': { readonly standing: readonly string[] };
  readonly 'hold-not-cleared': { readonly clearBy: string };
  readonly 'takes-two-people': { readonly corridorId: string; readonly easier: readonly string[] };
  readonly 'clear-by-another': { readonly liftedBy: string };
  readonly 'danger-not-over': { readonly attackId: string; readonly endsAt: string };
  readonly 'limit-unknown': { readonly standing: readonly string[] };
  readonly 'criterion-computed': { readonly criterion: string };
  readonly 'criterion-absolute': { readonly criterion: string };
  readonly 'criterion-not-waivable': { readonly criterion: string };
  readonly 'ends-too-late': { readonly latest: string };
  readonly 'opening-request-unknown': { readonly open: readonly string[] };
  readonly 'opening-request-expired': { readonly requestedAt: string; readonly validMinutes: number };
  readonly 'requester-not-active': Nothing;
  readonly 'opening-void': { readonly shown: unknown; readonly current: unknown };
  readonly 'opening-not-safe': { readonly reasons: readonly Reason[] };
  readonly 'holds-standing': { readonly holds: readonly string[] };
  readonly 'road-not-looked-at': { readonly attacks: readonly string[] };
  readonly 'people-inside': { readonly min: number; readonly max: number | null };
  readonly 'already-decided': { readonly was: string };
  readonly 'discount-instead': { readonly use: string };
  readonly 'clock-is-live': Nothing;
  readonly 'clock-goes-forward': { readonly now: string };
  readonly 'too-many-requests': { readonly retryAfterSeconds: number };
  readonly 'too-many-groups': { readonly retryAfterSeconds: number };
  readonly 'cursor-unknown': { readonly reset: 'EPOCH_CHANGED' | 'CURSOR_TOO_OLD' | 'CURSOR_AHEAD' | 'AUTH_CHANGED' };
  readonly 'database-unavailable': { readonly retryAfterSeconds: number };
  readonly 'not-ready': Nothing;
  readonly unexpected: Nothing;
}
export type ProblemCode = keyof ProblemDetails;

export interface ProblemKind {
  /** HTTP status: shapes 400, not signed in 401, not allowed 403, unknown or unseen 404, refused by a rule 409, stale 412, too many 429, database 503. */
  readonly status: number;
  readonly title: string;
  /** For the person at the radio: what to do now. */
  readonly advice: string;
}

/** The one catalogue of refusals. A code without an entry does not compile. */
export const PROBLEMS: Readonly<Record<ProblemCode, ProblemKind>> = {
  'invalid-request': { status: 400, title: 'The request has mistakes', advice: 'Correct the fields listed in `errors` and send again.' },
  'malformed-json': { status: 400, title: 'The body is not JSON', advice: 'Send one JSON object, UTF-8.' },
  'body-too-large': { status: 413, title: 'The body is too large', advice: 'Send fewer items at once.' },
  'unsupported-media-type': { status: 415, title: 'This media type is not read here', advice: 'Send `Content-Type: application/json`.' },
  'request-too-slow': { status: 408, title: 'The request took too long to arrive', advice: 'Send again.' },
  unauthenticated: { status: 401, title: 'Nobody is signed in', advice: 'Sign in and send again.' },
  'sign-in-failed': { status: 401, title: 'Sign-in failed', advice: 'Check name and password or ask for a new one-time code.' },
  'origin-not-allowed': { status: 403, title: 'This page may not write here', advice: 'Open the board from its own address.' },
  forbidden: { status: 403, title: 'Your role does not allow this', advice: 'Ask a person whose role has the permission.' },
  'not-found': { status: 404, title: 'There is no such thing, or you may not see it', advice: 'Check the id or code with the sender.' },
  'method-not-allowed': { status: 405, title: 'This address does not take that method', advice: 'See the API page.' },
  'command-id-reused': {
    status: 409,
    title: 'This commandId was used for something else',
    advice: 'Make a new commandId for a new command.',
  },
  'id-taken': { status: 409, title: 'This id is taken', advice: 'Make a new id for the field named in `field`.' },
  'sign-in-name-taken': { status: 409, title: 'This sign-in name is taken', advice: 'Choose another sign-in name.' },
  'own-account': { status: 409, title: 'Nobody changes their own role or disables themselves', advice: 'Ask another administrator.' },
  'stale-version': { status: 412, title: 'It has changed since you read it', advice: 'Read it again, decide again.' },
  'if-match-required': { status: 428, title: 'Say which version you decided on', advice: 'Send `If-Match` with the ETag that you read.' },
  'attempt-ended': { status: 409, title: 'This attempt has ended', advice: 'Start a new attempt; tell people inside by voice.' },
  'attempt-running': { status: 409, title: 'An attempt is still running', advice: 'Close it before you start another.' },
  'no-attempt': { status: 409, title: 'No attempt has been started', advice: 'Start an attempt first.' },
  'transition-not-allowed': { status: 409, title: 'This step does not lead there', advice: 'Take one of the steps in `allowed`.' },
  'consent-missing': {
    status: 409,
    title: 'A relevant party has not confirmed the terms',
    advice: 'Record the consent of each party in `parties` for this window.',
  },
  'window-missing': { status: 409, title: 'No window has been chosen', advice: 'Choose the window of this attempt.' },
  'window-of-other-corridor': { status: 409, title: 'This window does not name this corridor', advice: 'Choose a window that names it.' },
  'window-over': { status: 409, title: 'This window is over', advice: 'Choose another, or record its extension.' },
  'window-cancelled': { status: 409, title: 'This window was cancelled', advice: 'Choose another window.' },
  'edge-not-ordered': { status: 409, title: 'The window would end before it starts', advice: 'Check both edges with who claims them.' },
  'party-not-relevant': {
    status: 409,
    title: 'This is no relevant party of the corridor',
    advice: 'Name one of the parties in `allowed`.',
  },
  'segment-unknown': { status: 409, title: 'The corridor has no such segment', advice: 'Name one of the segments in `allowed`.' },
  'mode-not-permitted': { status: 409, title: 'The corridor does not permit this mode', advice: 'Name one of the modes in `allowed`.' },
  'same-person': {
    status: 409,
    title: 'A second person must do this',
    advice: 'Ask another coordinator; the first can’t approve their own request.',
  },
  'proposal-unknown': {
    status: 409,
    title: 'There is no such proposal open',
    advice: 'Approve one of the proposals in `open`, or make a new one.',
  },
  'destination-under-a-party': {
    status: 409,
    title: 'The destination lies under a party to the conflict',
    advice: 'Record an alternative destination before you support the corridor.',
  },
  'hold-unknown': { status: 409, title: 'There is no such hold', advice: 'Name one of the holds in `standing`.' },
  'hold-not-cleared': {
    status: 409,
    title: 'Nobody has cleared this hold',
    advice: 'Ask who set it, or the team nearest the cause, for a "clear".',
  },
  'takes-two-people': {
    status: 409,
    title: 'One person may not make an open corridor easier to use',
    advice: 'Stop the corridor, change what is in `easier`, and let two people open it again. What makes it worse is taken at once.',
  },
  'clear-by-another': { status: 409, title: 'The clear must come from another person', advice: 'One person clears, the other lifts.' },
  'danger-not-over': {
    status: 409,
    title: 'The fire that set this hold is less than three hours old',
    advice: 'Discount the report if it has no effect here; else lift the hold once the time in `endsAt` has come.',
  },
  'limit-unknown': { status: 409, title: 'There is no such limit', advice: 'Name one of the limits in `standing`.' },
  'criterion-computed': { status: 409, title: 'This criterion is worked out by the system', advice: 'Record the facts that it rests on.' },
  'criterion-absolute': {
    status: 409,
    title: 'This criterion is always applicable',
    advice: 'Assess it as met, partly, not met or unknown.',
  },
  'criterion-not-waivable': { status: 409, title: 'This criterion can’t be waived', advice: 'It must be met.' },
  'ends-too-late': { status: 409, title: 'It would last too long', advice: 'Name an end not later than `latest`.' },
  'opening-request-unknown': { status: 409, title: 'There is no such opening request', advice: 'Request the opening again.' },
  'opening-request-expired': { status: 409, title: 'The opening request is older than 15 minutes', advice: 'Request the opening again.' },
  'requester-not-active': {
    status: 409,
    title: 'Who requested the opening may no longer do so',
    advice: 'Another coordinator must request it.',
  },
  'opening-void': {
    status: 412,
    title: 'What decides has become worse since the request',
    advice: 'Read both contents, request again if it still holds.',
  },
  'opening-not-safe': {
    status: 409,
    title: 'On the present evidence the corridor can’t be opened',
    advice: 'Do what the reasons say; then request again.',
  },
  'holds-standing': { status: 409, title: 'A hold stands', advice: 'Every hold must be lifted before it opens.' },
  'road-not-looked-at': {
    status: 409,
    title: 'Nobody has looked at the road since the attack',
    advice: 'Ask the team for a report "road looked at" of each segment.',
  },
  'people-inside': { status: 409, title: 'People are still inside', advice: 'Account for them, or name how many are unaccounted.' },
  'already-decided': { status: 409, title: 'This was already decided', advice: 'Nothing more to do.' },
  'discount-instead': { status: 409, title: 'A grade can’t take a report out of the dangers', advice: 'Discount it, with a reason.' },
  'clock-is-live': { status: 409, title: 'The live clock can’t be touched', advice: 'Use an exercise database.' },
  'clock-goes-forward': { status: 409, title: 'The exercise clock only goes forward', advice: 'Name a later instant.' },
  'too-many-requests': { status: 429, title: 'Too many requests', advice: 'Wait, then send again. Stops have a limit of their own.' },
  'too-many-groups': { status: 429, title: 'Too many different views at once', advice: 'Use a simpler filter.' },
  'cursor-unknown': { status: 410, title: 'This place in the stream can’t be resumed', advice: 'Take a fresh snapshot.' },
  'database-unavailable': {
    status: 503,
    title: 'The database does not answer in time',
    advice: 'Send again with the same commandId. Tell people by voice meanwhile.',
  },
  'not-ready': { status: 503, title: 'The server is not ready', advice: 'Wait a moment, then try again.' },
  unexpected: {
    status: 500,
    title: 'Something went wrong on our side',
    advice: 'Send again with the same commandId; report the request id.',
  },
};

export interface Problem<Code extends ProblemCode = ProblemCode> {
  readonly code: Code;
  readonly details: ProblemDetails[Code];
}

export function problem<Code extends ProblemCode>(code: Code, details: ProblemDetails[Code]): Problem<Code> {
  return { code, details };
}

/** A refusal on its way to the edge. Rules return problems; only services and the writer's edge throw them. */
export class ProblemError extends Error {
  constructor(readonly problem: Problem) {
    super(PROBLEMS[problem.code].title);
    this.name = 'ProblemError';
  }
}
