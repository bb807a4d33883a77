import { Fragment } from 'react';
import { FormattedMessage, useIntl } from 'react-intl';
import type { View } from '../../../client/follow.js';
import type { Instant } from '../../../src/domain/instant.js';
import type { Actions } from './actions.js';
import { CorridorDetail } from './CorridorDetail.js';
import { CorridorRow } from './CorridorRow.js';
import { PrintedAgain } from './PrintedHead.js';
import type { Viewer } from './viewer.js';
import { FOLDED, hasLeft, SECTIONS, type Row, type Section } from './rows.js';

interface Props {
  readonly rows: readonly Row[];
  readonly view: View;
  readonly now: Instant;
  readonly zone: string;
  readonly viewer: Viewer;
  readonly actions: Actions;
  readonly openId: string | null;
  readonly onToggle: (corridorId: string) => void;
}

/** What a board without corridors means: nothing is known unless the server said so. */
const EMPTY: Readonly<Record<View['phase'], string>> = {
  connecting: 'table.loading',
  signed_out: 'table.signedOut',
  current: 'table.empty',
  resyncing: 'table.empty',
};

/** The board: sections in the order of the first glance, the closed and the not agreed folded with their count. */
export function CorridorTable(props: Props) {
  const { rows } = props;
  if (rows.length === 0)
    return (
      <p className="empty">
        <FormattedMessage id={EMPTY[props.view.phase]} />
      </p>
    );
  const standing = SECTIONS.filter((section) => !FOLDED.has(section));
  return (
    <>
      {rows.some((row) => !FOLDED.has(row.section)) ? (
        <SectionsTable {...props} sections={standing} />
      ) : (
        <p className="empty">
          <FormattedMessage id="table.nothingStands" />
        </p>
      )}
      {[...FOLDED].map((section) => {
        const found = rows.filter((row) => row.section === section);
        if (found.length === 0) return null;
        const isOpen = found.some((row) => row.corridor.id === props.openId);
        return (
          <details key={section} className="folded" open={isOpen || undefined}>
            <summary>
              <FormattedMessage id="section.count" values={{ name: <FormattedMessage id={`section.${section}`} />, count: found.length }} />
            </summary>
            <SectionsTable {...props} sections={[section]} />
          </details>
        );
      })}
    </>
  );
}

function SectionsTable({
  rows,
  view,
  now,
  zone,
  viewer,
  actions,
  openId,
  onToggle,
  sections,
}: Props & { readonly sections: readonly Section[] }) {
  const intl = useIntl();
  const isFolded = sections.length === 1;
  return (
    <table className={isFolded ? 'corridors corridors-folded' : 'corridors'}>
      <caption className="hidden">
        {isFolded ? intl.formatMessage({ id: `section.${sections[0] ?? ''}` }) : intl.formatMessage({ id: 'table.caption' })}
      </caption>
      <thead className={isFolded ? 'hidden' : undefined}>
        <tr>
          {['word', 'corridor', 'inside', 'departure', 'weakest', 'reason', 'actions'].map((column) => (
            <th key={column} scope="col" className={`column-${column}`}>
              <FormattedMessage id={`table.${column}`} />
            </th>
          ))}
        </tr>
        <tr className="printed-again">
          <td colSpan={7}>
            <PrintedAgain view={view} rows={rows} zone={zone} />
          </td>
        </tr>
      </thead>
      {sections.map((section) => {
        const found = rows.filter((row) => row.section === section);
        return found.length === 0 ? null : (
          <tbody key={section} className={`section section-${section}`}>
            {!isFolded && (
              <tr className="section-head">
                <th colSpan={7} scope="rowgroup">
                  <FormattedMessage
                    id="section.count"
                    values={{
                      name: <FormattedMessage id={found.some(hasLeft) ? `section.${section}Before` : `section.${section}`} />,
                      count: found.length,
                    }}
                  />
                </th>
              </tr>
            )}
            {found.map((row) => (
              <Fragment key={row.corridor.id}>
                <CorridorRow
                  row={row}
                  now={now}
                  viewer={viewer}
                  actions={actions}
                  isOpen={openId === row.corridor.id}
                  onToggle={onToggle}
                />
                {openId === row.corridor.id && (
                  <tr className="detail-row">
                    <td colSpan={7}>
                      <CorridorDetail row={row} view={view} now={now} viewer={viewer} actions={actions} />
                    </td>
                  </tr>
                )}
              </Fragment>
            ))}
          </tbody>
        );
      })}
    </table>
  );
}
