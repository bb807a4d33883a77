import type { DomainEvent } from './event.js';
import type { Problem } from './problem.js';

/** What a rule answers: facts, or why not. A rule never throws for a refusal. */
export type Decision<Event extends DomainEvent = DomainEvent> =
  { readonly kind: 'accepted'; readonly events: readonly Event[] } | { readonly kind: 'refused'; readonly problem: Problem };

export function accept<Event extends DomainEvent>(...events: readonly Event[]): Decision<Event> {
  return { kind: 'accepted', events };
}

export function refuse(problem: Problem): Decision<never> {
  return { kind: 'refused', problem };
}
