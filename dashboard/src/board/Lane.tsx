import { FormattedMessage, useIntl } from 'react-intl';
import { HOUR_MS, addMs, earliestOf, instantFromMs, latestOf, msBetween, msOf, type Instant } from '../../../src/domain/instant.js';
import type { SeenStatus } from '../../../src/domain/audience.js';
import { Mark } from '../words/Mark.js';
import { clockTime, timeNear } from '../words/times.js';
import { nameOf, zoneOf } from '../corridor.js';
import { type Row } from './rows.js';

const BEFORE_MS = HOUR_MS;
const SHOWN_MS = 12 * HOUR_MS;
const ROW_PX = 24;
const AXIS_PX = 22;

interface Bar {
  readonly row: Row;
  readonly startsAt: Instant;
  readonly firstStartAt: Instant;
  readonly firstEndAt: Instant;
  readonly lastEndAt: Instant;
  readonly lastDepartureAt: Instant | null;
}

/** The windows of the running attempts over twelve hours: what all agree on, what only some claim, and the last departure. */
export function Lane({ rows, now, zone }: { readonly rows: readonly Row[]; readonly now: Instant; readonly zone: string }) {
  const intl = useIntl();
  const from = addMs(now, -BEFORE_MS);
  const bars = rows.flatMap((row) => barOf(row)).filter((bar) => bar.lastEndAt > from && bar.firstStartAt < addMs(from, SHOWN_MS));
  const isMirrored = document.documentElement.dir === 'rtl';
  const at = (instant: Instant): number => Math.min(100, Math.max(0, (100 * msBetween(from, instant)) / SHOWN_MS));
  const span = (start: Instant, end: Instant): { readonly x: string; readonly width: string } => {
    const [left, right] = [at(start), at(end)];
    return { x: `${String(isMirrored ? 100 - right : left)}%`, width: `${String(Math.max(0, right - left))}%` };
  };
  const x = (instant: Instant): string => `${String(isMirrored ? 100 - at(instant) : at(instant))}%`;
  const height = AXIS_PX + bars.length * ROW_PX;
  return (
    <section className="panel lane" aria-labelledby="lane">
      <h2 id="lane" className="panel-title">
        <FormattedMessage id="lane.title" />
      </h2>
      {bars.length === 0 ? (
        <p className="beneath">
          <FormattedMessage id={rows.some(({ corridor }) => isWithheld(corridor.status)) ? 'lane.withheld' : 'lane.empty'} />
        </p>
      ) : (
        <div className="lane-body">
          <ul className="lane-names">
            {bars.map(({ row }) => (
              <li key={row.corridor.id} className={`said-${row.word}`}>
                <Mark display={row.word} /> {row.corridor.code}
              </li>
            ))}
          </ul>
          <svg className="lane-chart" width="100%" height={height} role="img" aria-label={bars.map((bar) => labelOf(bar)).join('; ')}>
            <LanePattern />
            {hoursFrom(from).map((hour) => (
              <g key={hour} className="lane-hour">
                <line x1={x(hour)} x2={x(hour)} y1={AXIS_PX - 4} y2={height} />
                <text x={x(hour)} y={12} textAnchor="middle">
                  {clockTime(intl, hour, zone)}
                </text>
              </g>
            ))}
            {bars.map((bar, index) => {
              const y = AXIS_PX + index * ROW_PX + 5;
              const departureEnd = bar.lastDepartureAt === null ? null : earliestOf([bar.lastDepartureAt, bar.firstEndAt]);
              return (
                <g key={bar.row.corridor.id} className={`lane-bar bar-${bar.row.word}`}>
                  <rect {...span(bar.firstStartAt, bar.lastEndAt)} y={y} height={ROW_PX - 10} rx="3" className="lane-claimed" />
                  <rect {...span(bar.startsAt, departureEnd ?? bar.firstEndAt)} y={y} height={ROW_PX - 10} rx="3" className="lane-agreed" />
                  {departureEnd !== null && (
                    <rect {...span(departureEnd, bar.firstEndAt)} y={y} height={ROW_PX - 10} className="lane-guard" />
                  )}
                  {departureEnd !== null && departureEnd > from && (
                    <line x1={x(departureEnd)} x2={x(departureEnd)} y1={y - 3} y2={y + ROW_PX - 7} className="lane-departure" />
                  )}
                </g>
              );
            })}
            <line className="lane-now" x1={x(now)} x2={x(now)} y1={AXIS_PX - 4} y2={height} />
          </svg>
        </div>
      )}
      {bars.length > 0 && (
        <p className="beneath lane-note">
          <svg width="22" height="10" aria-hidden="true">
            <rect width="22" height="10" className="lane-guard" />
          </svg>
          <FormattedMessage id="lane.guard" />
        </p>
      )}
    </section>
  );

  function labelOf(bar: Bar): string {
    return intl.formatMessage(
      { id: 'lane.label' },
      {
        corridor: nameOf(bar.row.corridor),
        start: timeNear(intl, bar.startsAt, now, zoneOf(bar.row.corridor)),
        end: timeNear(intl, bar.firstEndAt, now, zoneOf(bar.row.corridor)),
      },
    );
  }
}

/** Hatching for the time in which nobody may leave any more. */
function LanePattern() {
  return (
    <defs>
      <pattern id="guard" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect width="2" height="6" className="lane-hatch" />
      </pattern>
    </defs>
  );
}

/** Partners read the days of a window; its hours are not theirs. */
function isWithheld(status: SeenStatus | null): boolean {
  return status?.window != null && status.window.startClaims === undefined;
}

function barOf(row: Row): readonly Bar[] {
  const { status } = row.corridor;
  const window = status?.window;
  if (status === null || window == null || window.isCancelled || row.section === 'closed') return [];
  const [starts, ends] = [window.startClaims ?? [], window.endClaims ?? []];
  const [startsAt, firstStartAt, firstEndAt, lastEndAt] = [latestOf(starts), earliestOf(starts), earliestOf(ends), latestOf(ends)];
  if (startsAt === null || firstStartAt === null || firstEndAt === null || lastEndAt === null) return [];
  return [{ row, startsAt, firstStartAt, firstEndAt, lastEndAt, lastDepartureAt: status.lastDepartureAt }];
}

function hoursFrom(from: Instant): readonly Instant[] {
  const first = Math.ceil(msOf(from) / (2 * HOUR_MS)) * 2 * HOUR_MS;
  return Array.from({ length: 6 }, (_, step) => instantFromMs(first + step * 2 * HOUR_MS));
}
