import { HOUR_MS, MINUTE_MS } from './instant.js';
import type { Exposure } from './corridor.js';

/**
 * The numbers of domain 1.5 marked (f). Every one is a proposal that access, security and protection officers must review before live
 * use. Durations in milliseconds.
 */
export const PHASES = ['planning', 'pre_opening', 'running', 'closing'] as const;
export type Phase = (typeof PHASES)[number];

interface Freshness {
  readonly liveMs: number;
  readonly staleMs: number;
}
const fresh = (liveMin: number, staleMin: number): Freshness => ({ liveMs: liveMin * MINUTE_MS, staleMs: staleMin * MINUTE_MS });

/** How long an observation of a segment stays live, and when it is stale: by phase and exposure. */
export const EVIDENCE: Readonly<Record<Phase, Readonly<Record<Exposure, Freshness>>>> = {
  planning: { line: fresh(24 * 60, 72 * 60), fire_risk: fresh(24 * 60, 72 * 60), quiet: fresh(72 * 60, 7 * 24 * 60) },
  pre_opening: { line: fresh(30, 60), fire_risk: fresh(60, 120), quiet: fresh(120, 240) },
  running: { line: fresh(30, 60), fire_risk: fresh(30, 60), quiet: fresh(60, 120) },
  closing: { line: fresh(15, 30), fire_risk: fresh(30, 60), quiet: fresh(60, 120) },
};
/** A line or crossing segment while running, with someone in it or due in 30 min. */
export const EVIDENCE_LINE_OCCUPIED = fresh(15, 30);

/** How long a party's answered hotline stands. */
export const HOTLINE: Readonly<Record<Phase, Freshness>> = {
  planning: fresh(24 * 60, 24 * 60),
  pre_opening: fresh(60, 60),
  running: fresh(30, 60),
  closing: fresh(30, 30),
};

export const PRE_OPENING_MS = 2 * HOUR_MS;
export const GREEN_LIGHT_MS = 2 * HOUR_MS;
/** A blind segment is released only with a passage this fresh. */
export const BLIND_PASSAGE_MS = 2 * HOUR_MS;
/** "N vehicles in ≤ 24 h, hard surface": after that the use says nothing any more. */
export const USED_NO_INCIDENT_MS = 24 * HOUR_MS;
/** A hold that nobody lifts suspends. */
export const HOLD_UNLIFTED_MS = 30 * MINUTE_MS;
/** The hold after an unanswered warning ends after this only if the team's newer report covers the segment. */
export const WARNING_HOLD_MS = 30 * MINUTE_MS;
export const VOICE_OPENING_MS = 60 * MINUTE_MS;
/** The second person's approval must come within this, in real time. */
export const APPROVAL_MS = 15 * MINUTE_MS;
/** An override or waiver of an opening ends at the latest after this (S2). */
export const LONGEST_OVERRIDE_MS = 6 * HOUR_MS;
export const LONGEST_WAIVER_MS = 24 * HOUR_MS;
/** Go/no-go instants before the start; what was assessed before one must be assessed again. */
export const GO_NO_GO_MS = [24 * HOUR_MS, 2 * HOUR_MS, 30 * MINUTE_MS] as const;

export const SLOW_SPEED_KMH = 25;
export const CHECKPOINT_WAIT_MS = 30 * MINUTE_MS;
/** The margin of the last safe departure: max(30 min, 20 % of the transit). */
export const MARGIN_MS = 30 * MINUTE_MS;
export const MARGIN_SHARE = 0.2;

/** A strike this near makes a cleared segment `struck_since`, km; cluster and scatterable munitions reach further. */
export const STRUCK_KM = 0.5;
export const STRUCK_CLUSTER_KM = 2;
