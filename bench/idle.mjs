// What an idle dashboard costs: the memory of the server before and after 1,500 of them have come, divided by their number.
import { setTimeout as pause } from 'node:timers/promises';
import { residentKiB } from './child.mjs';
import { openDashboards } from './dashboards.mjs';
import { number, printTable } from './figures.mjs';

/** There before, so that what the server keeps ready for any crowd that comes is not counted as that of the others. */
const FIRST = 500;
const DASHBOARDS = 1_500;
const LOOK_MS = 300;
const STEADY_LOOKS = 5;

export async function run({ subjects }) {
  const rows = [];
  for (const subject of subjects) rows.push(await turn(subject));
  const title = `Memory of ${number(DASHBOARDS)} idle dashboards, beside ${FIRST} others`;
  printTable(title, ['server', 'before MiB', 'after MiB', 'KiB a dashboard'], rows);
}

async function turn(subject) {
  const first = await openDashboards(subject, FIRST);
  const before = await settledKiB(subject.pid);
  const others = await openDashboards(subject, DASHBOARDS, FIRST);
  const after = await settledKiB(subject.pid);
  await others.close();
  await first.close();
  return [subject.name, number(before / 1024, 1), number(after / 1024, 1), number((after - before) / DASHBOARDS, 1)];
}

/** Asks for garbage collections until so many in a row have freed nothing more. */
async function settledKiB(pid) {
  let least = Number.POSITIVE_INFINITY;
  for (let steady = 0; steady < STEADY_LOOKS; steady += 1) {
    process.kill(pid, 'SIGUSR2');
    await pause(LOOK_MS);
    const now = residentKiB(pid);
    if (now < least) steady = 0;
    least = Math.min(least, now);
  }
  return least;
}
