/** Branded ids: a mixed-up id does not compile. Each is a lower-case UUID; only `parseId` makes one. */
type Id<Brand extends string> = string & { readonly __brand: Brand };

export type CorridorId = Id<'CorridorId'>;
export type SegmentId = Id<'SegmentId'>;
export type WindowId = Id<'WindowId'>;
export type AttackId = Id<'AttackId'>;
export type ObservationId = Id<'ObservationId'>;
export type HoldId = Id<'HoldId'>;
export type LimitId = Id<'LimitId'>;
export type OpeningRequestId = Id<'OpeningRequestId'>;
export type OrganisationId = Id<'OrganisationId'>;
export type PersonId = Id<'PersonId'>;
export type CommandId = Id<'CommandId'>;
export type TextId = Id<'TextId'>;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** @returns the id in lower case, or null when the text is no UUID */
export function parseId<T extends Id<string>>(text: string): T | null {
  const lower = text.toLowerCase();
  return UUID.test(lower) ? (lower as T) : null;
}

/** For radio and SMS: 1–3 letters without S T R N D W X G (they begin other fields of a message), then 1–2 digits. */
export type CorridorCode = string & { readonly __brand: 'CorridorCode' };
export const CODE_LETTERS = 'ABCEFHIJKLMOPQUVYZ';

export function parseCorridorCode(text: string): CorridorCode | null {
  const upper = text.toUpperCase();
  return /^[ABCEFHIJKLMOPQUVYZ]{1,3}[0-9]{1,2}$/.test(upper) ? (upper as CorridorCode) : null;
}
