import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const LATEST_MS = 60_000;

/**
 * Opens that many dashboards of a server, in a process of their own.
 *
 * @param others how many there are already: people and addresses go on from there
 */
export async function openDashboards(subject, count, others = 0) {
  const child = fork(join(import.meta.dirname, 'dashboard-sockets.mjs'), { serialization: 'advanced' });
  const exited = once(child, 'exit').then(([code]) => {
    if (code !== 0) throw new Error(`the dashboards ended (${code})`);
  });
  const said = async (message) => {
    child.send(message);
    const answered = once(child, 'message', { signal: AbortSignal.timeout(LATEST_MS) });
    const [answer] = (await Promise.race([answered, exited])) ?? [];
    return answer;
  };
  await said({ open: { ...(await subject.dashboards()), count, others } });
  return {
    /**
     * Resolves when these reports, by number, have reached every dashboard: with the instants (ms of `nowMs`) at which each dashboard got
     * each of them, and with how many messages have come in all since the last time.
     */
    reached: (nos) => said({ expect: nos }),
    close: async () => {
      child.disconnect();
      await exited;
    },
  };
}
