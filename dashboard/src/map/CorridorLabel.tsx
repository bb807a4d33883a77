import { useIntl } from 'react-intl';
import { Mark } from '../words/Mark.js';
import type { MapCorridor } from './content.js';

interface Props {
  readonly corridor: MapCorridor;
  readonly isSelected: boolean;
  readonly onSelect: (corridorId: string) => void;
}

/** The mark and the radio code on the line. The board itself is the way for the keyboard; this one is for the pointer. */
export function CorridorLabel({ corridor, isSelected, onSelect }: Props) {
  const intl = useIntl();
  return (
    <button
      type="button"
      tabIndex={-1}
      className={`map-label word-${corridor.word}${isSelected ? ' map-label-selected' : ''}`}
      aria-label={intl.formatMessage(
        { id: 'map.labelled' },
        { code: corridor.code, corridor: corridor.name, word: intl.formatMessage({ id: `display.${corridor.word}` }) },
      )}
      onClick={() => {
        onSelect(corridor.id);
      }}
    >
      <Mark display={corridor.word} />
      <span>{corridor.code}</span>
    </button>
  );
}
