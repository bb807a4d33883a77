// From a report to every screen: the time from sending a report until each of 1,000 dashboards has it, at 20 reports a second.
import { setTimeout as pause } from 'node:timers/promises';
import { openDashboards } from './dashboards.mjs';
import { median, number, nowMs, printTable, quantile } from './figures.mjs';
import { report } from './reports.mjs';
import { Sender } from './sender.mjs';

const DASHBOARDS = 1_000;
const EVERY_MS = 50;
const WARM_UP = 20;
const REPORTS = 100;
const ROUNDS = 3;

export async function run({ subjects }) {
  const turns = new Map(subjects.map(({ name }) => [name, []]));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const subject of subjects) turns.get(subject.name).push(await turn(subject));
  }
  const middle = (name, share) => median(turns.get(name).map((took) => quantile(took, share)));
  const rows = subjects.map(({ name }) => [
    name,
    number(middle(name, 0.5), 1),
    number(middle(name, 0.99), 1),
    number(middle(name, 1), 1),
    number(middle('ours', 0.99) / middle(name, 0.99), 2),
  ]);
  const title = `From a report to ${number(DASHBOARDS)} dashboards, at ${1000 / EVERY_MS} reports a second`;
  printTable(title, ['server', 'p50 ms', 'p99 ms', 'slowest ms', 'p99: ours ÷ this'], rows);
}

/** Resolves with the time of each delivery, ms. Reports leave by the clock, each on a connection of its own, answered or not the one before. */
async function turn(subject) {
  const dashboards = await openDashboards(subject, DASHBOARDS);
  const senders = await Promise.all(Array.from({ length: WARM_UP + REPORTS }, () => Sender.open(subject.port)));
  const sent = [];
  const startedAt = nowMs();
  for (const [index, sender] of senders.entries()) {
    await pause(Math.max(0, startedAt + index * EVERY_MS - nowMs()));
    sent.push({ at: nowMs(), ...report(subject, sender) });
  }
  const answers = sent.map(({ answered }) => answered);
  const [{ arrived }] = await Promise.all([dashboards.reached(sent.map(({ no }) => no)), ...answers]);
  for (const sender of senders) sender.close();
  await dashboards.close();
  return sent.flatMap(({ at }, index) => (index < WARM_UP ? [] : [...arrived[index]].map((arrivedAt) => arrivedAt - at)));
}
