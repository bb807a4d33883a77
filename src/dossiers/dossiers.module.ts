import { Global, Injectable, Module } from '@nestjs/common';
import type { CorridorId } from '../domain/ids.js';
import { Clock } from '../event-log/clock.js';
import { WorkingSets, type Head, type Run, type Touches, type WorkingSet } from '../event-log/command.js';
import { ExpiredOperations } from '../event-log/expired-operations.js';
import { Followers } from '../event-log/follower.js';
import { Tail } from '../event-log/tail.js';
import { Texts } from '../event-log/texts.js';
import { Writer } from '../event-log/writer.js';
import { CorridorRefs } from './corridor-refs.js';
import { Dossiers } from './dossiers.service.js';
import { Due } from './due.service.js';
import { load, loadPeople, loadTaken } from './load.queries.js';
import { Memory, placeOf } from './memory.js';
import { ShownStatuses } from './shown-statuses.js';
import { DossierSet } from './working-set.js';

/** Loads what a batch needs. What falls due is decided again although no fact touches it: that is how time acts. */
@Injectable()
class LoadedSets extends WorkingSets {
  constructor(private readonly memory: Memory) {
    super();
  }

  override async load(run: Run, touches: readonly Touches[]): Promise<(head: Head) => Promise<WorkingSet>> {
    const [taken, people] = await Promise.all([loadTaken(run, touches), loadPeople(run, touches)]);
    return async (head) => {
      const place = placeOf(head.hash);
      const states = this.memory.recall(place, touches, head.now) ?? (await load(run, touches, head.now));
      const due = touches.flatMap((touch): readonly CorridorId[] => touch.due ?? []);
      return new DossierSet({ ...states, taken, people }, due, (left, hash) => {
        this.memory.keep(place, placeOf(hash), left);
      });
    };
  }
}

/** The log and the one safety-critical read beside it: every feature writes through `Writer` and reads decisions through `Dossiers`. */
@Global()
@Module({
  providers: [
    { provide: WorkingSets, useClass: LoadedSets },
    Memory,
    Writer,
    Tail,
    Followers,
    ExpiredOperations,
    Texts,
    Clock,
    Dossiers,
    Due,
    CorridorRefs,
    ShownStatuses,
  ],
  exports: [Writer, Tail, Followers, Texts, Clock, Dossiers, Due, CorridorRefs, ShownStatuses],
})
export class DossiersModule {}
