// Acknowledged writes a second over HTTP, and how long one takes, for 1, 8 and 64 senders who each wait for their answer.
import { cpuMs, familyCpuMs } from './child.mjs';
import { median, number, printTable, quantile } from './figures.mjs';
import { report } from './reports.mjs';
import { Sender } from './sender.mjs';

const SENDERS = [1, 8, 64];
const ROUNDS = 9;
const TURN_MS = 2_000;
const WARM_UP_MS = 2_000;

export async function run({ subjects, postgres }) {
  for (const subject of subjects) await load(postgres, subject, Math.max(...SENDERS), WARM_UP_MS);
  const rows = [];
  for (const senders of SENDERS) {
    const turns = new Map(subjects.map(({ name }) => [name, []]));
    for (let round = 0; round < ROUNDS; round += 1) {
      // Each begins in its turn: nobody always writes while PostgreSQL tidies up behind the same one.
      const first = round % subjects.length;
      for (const subject of [...subjects.slice(first), ...subjects.slice(0, first)]) {
        turns.get(subject.name).push(await load(postgres, subject, senders, TURN_MS));
      }
    }
    const middle = (name, figure) => median(turns.get(name).map((turn) => turn[figure]));
    for (const { name } of subjects) {
      const ratios = turns.get(name).map((turn, round) => turns.get('ours')[round].rate / turn.rate);
      rows.push([
        `${senders} × ${name}`,
        number(middle(name, 'rate')),
        number(middle(name, 'p50'), 1),
        number(middle(name, 'p99'), 1),
        number(middle(name, 'serverCpuMs'), 2),
        number(middle(name, 'postgresCpuMs'), 2),
        number(middle(name, 'generatorShare') * 100),
        number(median(ratios), 2),
      ]);
    }
  }
  printTable(
    'Acknowledged writes',
    ['senders', 'writes/s', 'p50 ms', 'p99 ms', 'server CPU ms a write', 'PostgreSQL', 'generator CPU %', 'ours ÷ this'],
    rows,
  );
}

async function load(postgres, subject, count, forMs) {
  const senders = await Promise.all(Array.from({ length: count }, () => Sender.open(subject.port)));
  const tookMs = [];
  const serverBefore = cpuMs(subject.pid);
  const postgresBefore = familyCpuMs(postgres.pid);
  const generatorBefore = process.cpuUsage();
  const startedAt = performance.now();
  const until = startedAt + forMs;
  await Promise.all(senders.map((sender) => sendUntil(until, sender, subject, tookMs)));
  const took = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(generatorBefore);
  for (const sender of senders) sender.close();
  return {
    rate: (tookMs.length / took) * 1000,
    p50: quantile(tookMs, 0.5),
    p99: quantile(tookMs, 0.99),
    serverCpuMs: (cpuMs(subject.pid) - serverBefore) / tookMs.length,
    postgresCpuMs: (familyCpuMs(postgres.pid) - postgresBefore) / tookMs.length,
    generatorShare: (user + system) / 1000 / took,
  };
}

async function sendUntil(until, sender, subject, tookMs) {
  for (let sentAt = performance.now(); sentAt < until; sentAt = performance.now()) {
    await report(subject, sender).answered;
    tookMs.push(performance.now() - sentAt);
  }
}
