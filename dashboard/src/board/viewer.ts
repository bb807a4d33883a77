import type { Permission } from '../../../src/domain/permission.js';
import type { Me, Rest } from '../../../client/rest.js';

/** Who looks at the board, and what the server lets them do. The server decides again at every act. */
export interface Viewer {
  readonly me: Me | null;
  readonly api: Rest;
  readonly may: (permission: Permission, organisationId: string | undefined) => boolean;
}

export function viewerOf(me: Me | null, api: Rest): Viewer {
  return {
    me,
    api,
    // Only its own organisation decides on a corridor.
    may: (permission, organisationId) =>
      me !== null && me.permissions.includes(permission) && (organisationId === undefined || organisationId === me.organisation.id),
  };
}

/** Message id for a person: the viewer, a rule, or somebody else. Names of people are not on the board. */
export function whoId(viewer: Viewer, personId: string | null | undefined): string {
  if (personId == null) return 'who.rule';
  return personId === viewer.me?.person.id ? 'who.you' : 'who.another';
}
