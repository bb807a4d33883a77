import { FormattedMessage, useIntl } from 'react-intl';
import type { SeenPeopleInside } from '../../../src/domain/audience.js';
import type { Instant } from '../../../src/domain/instant.js';
import { age } from '../words/times.js';
import type { OnRoad } from './rows.js';

/** A number of people as a range. What nobody knows is "?", what nobody counted "–", which `PeopleAge` says; 0 was counted. */
export function PeopleRange({ people }: { readonly people: OnRoad }) {
  const intl = useIntl();
  const number = (value: number): string => intl.formatNumber(value, { numberingSystem: 'latn' });
  if (people.is === 'nobody') return <FormattedMessage id="people.none" />;
  if (people.is === 'unknown') return <FormattedMessage id="people.unknown" />;
  if (people.is === 'uncounted') return <span aria-hidden="true">–</span>;
  const id = people.max === null ? 'people.atLeast' : people.max === people.min ? 'people.exact' : 'people.range';
  // A range reads from the left in every language.
  return (
    <bdi dir="ltr">
      <FormattedMessage id={id} values={{ min: number(people.min), max: number(people.max ?? people.min) }} />
    </bdi>
  );
}

interface AgeProps {
  readonly onRoad: OnRoad;
  readonly people: SeenPeopleInside | null | undefined;
  readonly now: Instant;
}

/** How old the number is, or that nobody counted. */
export function PeopleAge({ onRoad, people, now }: AgeProps) {
  const intl = useIntl();
  if (onRoad.is === 'uncounted') return <FormattedMessage id="people.uncounted" />;
  if (people == null) return null;
  return <FormattedMessage id="people.age" values={{ age: age(intl, people.asOf, now) }} />;
}
