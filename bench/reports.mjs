/** What every report's id begins with, so that a dashboard finds it in whatever a server sends; then its number, 12 hex digits. */
export const MARK = 'beefbeef-0000-4000-8000-';
let reports = 0;

/** A report on one corridor after another; the same body for each server. */
export function nextReport(corridors) {
  const no = (reports += 1);
  const corridor = corridors[no % corridors.length];
  const body = {
    commandId: MARK + no.toString(16).padStart(12, '0'),
    segmentId: corridor.segmentIds[0],
    seen: 'manned_post',
    condition: 'quiet',
    passability: { bus: 'passable' },
  };
  return { no, corridor, body };
}

/** Sends the next report of a server over a connection. `answered` is when it has been acknowledged, and refuses anything else. */
export function report(subject, sender) {
  const { no, ...request } = subject.nextRequest();
  const answered = sender.send(request).then(({ status, body }) => {
    if (status !== 201) throw new Error(`${subject.name} refused a report: ${status} ${body}`);
  });
  return { no, answered };
}

/** The address from which the index-th connects when so many share one: all of 127.0.0.0/8 is this machine. */
export function addressOf(index, most) {
  return `127.0.1.${Math.floor(index / most) + 1}`;
}
