// What a burst costs the server: its CPU time from 100 reports at once until each of 1,000 dashboards has all of them, writing included.
import { cpuMs } from './child.mjs';
import { openDashboards } from './dashboards.mjs';
import { median, number, printTable } from './figures.mjs';
import { report } from './reports.mjs';
import { Sender } from './sender.mjs';

const DASHBOARDS = 1_000;
const REPORTS = 100;
const ROUNDS = 3;
/** Measured as one, because /proc counts CPU time in steps of 10 ms. */
const BURSTS = 5;

export async function run({ subjects }) {
  const turns = new Map(subjects.map(({ name }) => [name, []]));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const subject of subjects) turns.get(subject.name).push(await turn(subject));
  }
  const middle = (name, figure) => median(turns.get(name).map((burst) => burst[figure]));
  const rows = subjects.map(({ name }) => [
    name,
    number(middle(name, 'cpuMs')),
    number(middle(name, 'messages'), 1),
    number(middle('ours', 'cpuMs') / middle(name, 'cpuMs'), 2),
  ]);
  const title = `A burst of ${REPORTS} reports to ${number(DASHBOARDS)} dashboards: ${number(REPORTS * DASHBOARDS)} deliveries`;
  printTable(title, ['server', 'CPU ms', 'messages a dashboard', 'ours ÷ this'], rows);
}

async function turn(subject) {
  const dashboards = await openDashboards(subject, DASHBOARDS);
  const senders = await Promise.all(Array.from({ length: REPORTS }, () => Sender.open(subject.port)));
  await burst(subject, senders, dashboards); // warm-up
  const before = cpuMs(subject.pid);
  let messages = 0;
  for (let no = 0; no < BURSTS; no += 1) messages += await burst(subject, senders, dashboards);
  const used = cpuMs(subject.pid) - before;
  for (const sender of senders) sender.close();
  await dashboards.close();
  return { cpuMs: used / BURSTS, messages: messages / BURSTS / DASHBOARDS };
}

async function burst(subject, senders, dashboards) {
  const sent = senders.map((sender) => report(subject, sender));
  const answers = sent.map(({ answered }) => answered);
  const [{ messages }] = await Promise.all([dashboards.reached(sent.map(({ no }) => no)), ...answers]);
  return messages;
}
