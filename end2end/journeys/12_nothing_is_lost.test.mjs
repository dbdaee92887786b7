// What was answered is kept: through a kill in the middle of writing, and through a stop that finishes its work first.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { Client } from '../client.mjs';
import { Server } from '../server.mjs';
import { eventually } from '../stage.mjs';

const WRITERS = 8;

let server;

before(async () => {
  server = new Server();
  server.addPerson('ada');
  await server.start();
  const api = await Client.signIn(server, 'ada');
  await api.post('/api/v1/projects', { name: 'Storm', key: 'STO' });
});

after(() => server?.end());

test('kill -9 during writes loses nothing that was answered', async () => {
  for (let round = 0; round < 3; round += 1) {
    const answered = await writeUntil(60, () => server.stop('SIGKILL'));
    await server.start();
    const kept = await allTitles();
    assert.deepEqual(answered.filter((title) => !kept.has(title)), [], `round ${round}`);
  }
});

test('what a killed server was asked twice for is there once', async () => {
  const api = await Client.signIn(server, 'ada');
  const id = '01970000-0000-7000-8000-000000000042';
  const create = () => api.post('/api/v1/projects/STO/tasks', { id, title: 'Only once' });
  const first = await create();
  await server.stop('SIGKILL');
  await server.start();
  api.url = server.url;
  const again = await create();
  assert.equal(again.key, first.key);
});

test('asked to stop, it finishes what it has begun and loses nothing', async () => {
  let ended;
  const answered = await writeUntil(60, async () => {
    await server.stop('SIGTERM');
    ended = server.process.exitCode;
  });
  assert.equal(ended, 0, `it ended well: ${server.log}`);
  await server.start();
  const kept = await allTitles();
  assert.deepEqual(answered.filter((title) => !kept.has(title)), []);
});

test('a request that is on its way when it is asked to stop is still answered', async () => {
  const { token } = await Client.signIn(server, 'ada');
  const body = JSON.stringify({ title: 'Sent in two halves' });
  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  let answer = '';
  socket.on('data', (text) => (answer += text));
  socket.write(
    `POST /api/v1/projects/STO/tasks HTTP/1.1\r\nHost: ${hostname}:${port}\r\nAuthorization: Bearer ${token}\r\n` +
      `Content-Type: application/json\r\nContent-Length: ${body.length}\r\nExpect: 100-continue\r\n\r\n`,
  );
  // It has read the head and waits for the body.
  await eventually(() => answer.includes('100 Continue'), true);
  const stopped = server.stop('SIGTERM');
  await eventually(() => server.log.includes('stopping'), true);
  await assert.rejects(fetch(server.url), 'nobody new is let in');
  socket.write(body);
  await eventually(() => /^HTTP\/1\.1 201/m.test(answer), true, 'it is answered');
  await stopped;
  assert.equal(server.process.exitCode, 0);
  await server.start();
  assert.ok((await allTitles()).has('Sent in two halves'));
});

// Creates tasks from several sides at once; after `enough` answers something happens to the server in the middle of it.
// Gives the titles that were answered.
async function writeUntil(enough, happen) {
  const api = await Client.signIn(server, 'ada');
  const answered = [];
  const stamp = Date.now();
  let happening;
  const write = async (writer) => {
    for (let number = 0; ; number += 1) {
      const title = `${stamp} ${writer} ${number}`;
      try {
        await api.post('/api/v1/projects/STO/tasks', { title });
      } catch (error) {
        // Cut off, or turned away: that is not answered. Anything else is a fault.
        if (error instanceof TypeError) return;
        throw error;
      }
      answered.push(title);
      if (answered.length >= enough) happening ??= happen();
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer)));
  await happening;
  return answered;
}

async function allTitles() {
  const api = await Client.signIn(server, 'ada');
  const titles = new Set();
  let cursor = '';
  do {
    const page = await api.get(`/api/v1/tasks?project=STO&limit=200&cursor=${cursor}`);
    for (const { title } of page.items) titles.add(title);
    cursor = page.next;
  } while (cursor);
  return titles;
}
