import type { CorridorEvent, Stance } from './corridor.js';
import { accept, refuse, type Decision } from './decision.js';
import type { Dossier } from './dossier.js';
import type { TextRef } from './event.js';
import type { CommandId } from './ids.js';
import type { Actor } from './permission.js';
import { problem, type Problem } from './problem.js';

export interface ProposeStance {
  readonly commandId: CommandId;
  readonly actor: Actor;
  readonly stance: Stance;
  readonly reason: TextRef;
}

/** The first of two people. With the destination under a party to the conflict and no alternative recorded, `supported` is refused. */
export function proposeStance(dossier: Dossier, command: ProposeStance): Decision<CorridorEvent> {
  const { corridor } = dossier;
  if (command.stance === corridor.stance) return refuse(problem('already-decided', { was: corridor.stance }));
  const refusal = underAParty(dossier, command.stance);
  if (refusal !== null) return refuse(refusal);
  return accept({
    type: 'StanceProposed',
    corridorId: corridor.id,
    proposalId: command.commandId,
    stance: command.stance,
    reason: command.reason,
  });
}

export interface ApproveStance {
  readonly commandId: CommandId;
  readonly actor: Actor;
  readonly proposalId: CommandId;
}

/** The second person, another one. The stance stays over attempts until two people change it. */
export function approveStance(dossier: Dossier, command: ApproveStance): Decision<CorridorEvent> {
  const { corridor } = dossier;
  const proposal = corridor.stanceProposal;
  if (proposal?.id !== command.proposalId) return refuse(problem('proposal-unknown', { open: proposal === null ? [] : [proposal.id] }));
  if (proposal.proposedBy === command.actor.id) return refuse(problem('same-person', { firstBy: proposal.proposedBy }));
  const refusal = underAParty(dossier, proposal.stance);
  if (refusal !== null) return refuse(refusal);
  return accept({
    type: 'StanceSet',
    corridorId: corridor.id,
    proposalId: proposal.id,
    stance: proposal.stance,
    proposedBy: proposal.proposedBy,
  });
}

function underAParty({ corridor }: Dossier, stance: Stance): Problem | null {
  if (stance !== 'supported' || corridor.destinationParty === null || corridor.alternativeIds.length > 0) return null;
  return problem('destination-under-a-party', { party: corridor.destinationParty });
}
