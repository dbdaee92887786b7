// The REST API as a journey uses it to furnish a workspace.
import assert from 'node:assert/strict';
import { PASSWORD } from './server.mjs';

export class Client {
  static async signIn(server, username, password = PASSWORD) {
    const client = new Client();
    client.url = server.url;
    const answer = await fetch(`${server.url}/api/auth/signin`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username, password }),
    });
    assert.equal(answer.status, 200, 'signed in');
    client.token = (await answer.text()).trim();
    // For a browser that goes on from here.
    client.cookie = answer.headers.getSetCookie()[0];
    return client;
  }

  async send(method, path, body) {
    const answer = await fetch(this.url + path, {
      method,
      headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' },
      body: body && JSON.stringify(body),
    });
    const text = await answer.text();
    assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text}`);
    return text ? JSON.parse(text) : null;
  }

  get(path) {
    return this.send('GET', path);
  }

  post(path, body) {
    return this.send('POST', path, body);
  }

  // Changes a task and answers it as it is now.
  edit(task, edit) {
    return this.send('PATCH', `/api/v1/tasks/${task.id}`, { version: task.version, ...edit });
  }

  async roleId(name) {
    const { items } = await this.get('/api/v1/roles');
    return items.find((role) => role.name === name).id;
  }

  // Accounts with the journeys' password, made on the command line as an operator would.
  async addPeople(server, usernames, role = 'Member') {
    for (const username of usernames) server.addPerson(username, role);
    const { items } = await this.get('/api/v1/users?limit=200');
    return usernames.map((username) => items.find((person) => person.username === username));
  }
}
