// The floor: the least that a server can do which keeps each report and shows it. One row and one commit a request, and that row to every
// socket, as it came. No sign-in, no validation, no rule.
// Settings: PGHOST, PGPORT, PGUSER, PGDATABASE.
import { createServer } from 'node:http';
import pg from 'pg';
import { WebSocketServer } from 'ws';

const pool = new pg.Pool();
await pool.query('CREATE TABLE reports (id uuid PRIMARY KEY, body jsonb NOT NULL, received_at timestamptz NOT NULL DEFAULT now())');

const server = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', async () => {
    const body = Buffer.concat(chunks).toString();
    await pool.query('INSERT INTO reports (id, body) VALUES ($1, $2)', [JSON.parse(body).commandId, body]);
    response.writeHead(201, { 'content-type': 'application/json' }).end(body);
    for (const socket of sockets.clients) socket.send(body);
  });
});
const sockets = new WebSocketServer({ server });
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
