import type { IntlShape } from 'react-intl';
import type { Permission } from '../../../src/domain/permission.js';
import type { Me, Rest } from '../../../client/rest.js';

/** Person id → name, for the people of the viewer's organisation, where the viewer may know them. */
export type Names = ReadonlyMap<string, string>;

/** Who looks at the board, and what the server lets them do. The server decides again at every act. */
export interface Viewer {
  readonly me: Me | null;
  readonly names: Names;
  readonly api: Rest;
  readonly may: (permission: Permission, organisationId: string | undefined) => boolean;
}

export function viewerOf(me: Me | null, names: Names, api: Rest): Viewer {
  return {
    me,
    names,
    api,
    // Only its own organisation decides on a corridor.
    may: (permission, organisationId) =>
      me !== null && me.permissions.includes(permission) && (organisationId === undefined || organisationId === me.organisation.id),
  };
}

/** A person in words: you, a colleague by name, a rule, or somebody whose name is not for this viewer. */
export function whoIs(intl: IntlShape, viewer: Viewer, personId: string | null | undefined): string {
  if (personId == null) return intl.formatMessage({ id: 'who.rule' });
  if (personId === viewer.me?.person.id) return intl.formatMessage({ id: 'who.you' });
  return viewer.names.get(personId) ?? intl.formatMessage({ id: 'who.another' });
}
