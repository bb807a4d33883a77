import type { PersonId } from './ids.js';
import type { Instant } from './instant.js';

/** absolute: no waiver, no `not_applicable`. waivable: by a risk owner and a second person, until an end. advisory: shown. */
export type CriterionClass = 'absolute' | 'waivable' | 'advisory';

/**
 * The 25 readiness criteria in the order of domain 1.3. `computed` ones come from the dossier itself: consent and green light (1, 2),
 * the window (3), ordnance (9), time enough (13). `isInherited`: assessed once for an operation (5, 14, 16–23).
 */
export const CRITERIA = {
  consent_all_parties: { no: 1, class: 'absolute', isComputed: true, validHours: null },
  orders_transmitted: { no: 2, class: 'absolute', isComputed: true, validHours: null },
  time_defined: { no: 3, class: 'absolute', isComputed: true, validHours: null },
  route_defined: { no: 4, class: 'absolute', isComputed: false, validHours: null },
  users_defined: { no: 5, class: 'waivable', isComputed: false, validHours: null },
  voluntary_informed: { no: 6, class: 'absolute', isComputed: false, validHours: 24 },
  destination_choice: { no: 7, class: 'waivable', isComputed: false, validHours: 24 },
  no_forced_transfer: { no: 8, class: 'absolute', isComputed: false, validHours: 24 },
  eo_clear: { no: 9, class: 'absolute', isComputed: true, validHours: null },
  route_trafficable: { no: 10, class: 'waivable', isComputed: false, validHours: 24 },
  transport: { no: 11, class: 'waivable', isComputed: false, validHours: 6 },
  assembly_points: { no: 12, class: 'waivable', isComputed: false, validHours: 6 },
  sufficient_time: { no: 13, class: 'absolute', isComputed: true, validHours: null },
  comms_to_civilians: { no: 14, class: 'waivable', isComputed: false, validHours: 12 },
  comms_net: { no: 15, class: 'absolute', isComputed: false, validHours: 6 },
  medical: { no: 16, class: 'waivable', isComputed: false, validHours: 12 },
  monitoring: { no: 17, class: 'advisory', isComputed: false, validHours: 12 },
  notified_hns: { no: 18, class: 'advisory', isComputed: false, validHours: 24 },
  family_unity: { no: 19, class: 'waivable', isComputed: false, validHours: 24 },
  special_needs: { no: 20, class: 'advisory', isComputed: false, validHours: 24 },
  belongings_docs: { no: 21, class: 'advisory', isComputed: false, validHours: 24 },
  screening_rules: { no: 22, class: 'waivable', isComputed: false, validHours: 24 },
  reception: { no: 23, class: 'advisory', isComputed: false, validHours: 24 },
  abort_plan: { no: 24, class: 'absolute', isComputed: false, validHours: null },
  stayers_protected: { no: 25, class: 'advisory', isComputed: false, validHours: null },
} as const satisfies Readonly<
  Record<string, { readonly no: number; readonly class: CriterionClass; readonly isComputed: boolean; readonly validHours: number | null }>
>;

export type CriterionCode = keyof typeof CRITERIA;
export const CRITERION_CODES = Object.keys(CRITERIA) as readonly CriterionCode[];
/** Those that people assess. */
export const ASSESSED_CRITERIA = CRITERION_CODES.filter((code) => !CRITERIA[code].isComputed);

/** `not_applicable` counts as met, and says why. */
export const CRITERION_VALUES = ['met', 'partly', 'not_met', 'unknown', 'not_applicable'] as const;

export interface Criterion {
  readonly value: (typeof CRITERION_VALUES)[number];
  readonly assessedBy: PersonId | null;
  readonly assessedAt: Instant;
  /** At the latest the next go/no-go asks again; see `criterionEnd` in dossier.ts. */
  readonly validUntil: Instant;
  readonly waiver: { readonly riskOwner: PersonId; readonly grantedBy: PersonId; readonly until: Instant } | null;
}
