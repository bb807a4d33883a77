import type { Instant } from '../domain/instant.js';
import type { CorridorFeature } from './corridor-features.js';

/** A GeoJSON FeatureCollection with members of ours beside it, as RFC 7946 allows. */
export interface CorridorCollection {
  readonly type: 'FeatureCollection';
  /** Always true: a status board, not a guarantee and not a permission. */
  readonly not_for_navigation: true;
  /** What this is: set where it is an exercise or history, and when the server doubts itself. */
  readonly notice: string | null;
  /** The server doubts its own freshness: everything usable is shown as unknown. */
  readonly degraded: boolean;
  /** The first instant at which any word in it may change by time alone; null: none. */
  readonly validUntil: Instant | null;
  readonly features: CorridorFeature[];
}
