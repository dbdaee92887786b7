// What a journey stands on: a PMS of its own with some people in it, and a browser.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { PATIENCE, Window, openBrowser } from './browser.mjs';
import { Client } from './client.mjs';
import { Server } from './server.mjs';

export class Stage {
  // `people`: user names with their workspace roles. `furnish` brings in what is there before the journey begins.
  // `mailbox`: where its e-mails go; without one it has no mail server. Call it once at the top of a journey.
  constructor(people, furnish = () => {}, mailbox = null) {
    before(async () => {
      await mailbox?.start();
      this.server = new Server(undefined, mailbox ? ['--smtp-url', mailbox.url, '--mail-from', 'pms@example.org'] : []);
      for (const [username, role] of Object.entries(people)) this.server.addPerson(username, role);
      [this.browser] = await Promise.all([openBrowser(), this.server.start()]);
      await furnish(this);
    });
    after(async () => {
      await this.browser?.close();
      await this.server?.end();
      mailbox?.stop();
      const errors = this.server.log.split('\n').filter((line) => /\bERROR\b|panicked/.test(line));
      assert.deepEqual(errors, [], 'the server’s log has no errors');
    });
  }

  // A window in which nobody is signed in yet.
  stranger(options = {}) {
    return Window.open(this.browser, this.server, options);
  }

  // A person's window. They came in before the journey begins, by the door that programs use.
  async window(username, options = {}) {
    const window = await this.stranger(options);
    await window.context.addCookies([await this.cookie(username)]);
    return window;
  }

  async cookie(username) {
    const { cookie } = await this.api(username);
    const [, name, value] = cookie.match(/^([^=]+)=([^;]+)/);
    return { name, value, url: this.server.url };
  }

  api(username) {
    return Client.signIn(this.server, username);
  }
}

// Tests that are chapters of one story: once one fails, those after it have nothing to stand on.
export function story() {
  let broken = false;
  return (name, chapter) =>
    test(name, async (context) => {
      if (broken) return context.skip('an earlier chapter failed');
      broken = true;
      await chapter();
      broken = false;
    });
}

// Waits until `read` gives what is expected; if it never does, says what it gives instead.
export async function eventually(read, expected, what) {
  const end = Date.now() + PATIENCE;
  for (;;) {
    const now = await read();
    if (isDeepStrictEqual(now, expected)) return;
    if (Date.now() > end) assert.deepEqual(now, expected, what);
    await pause(30);
  }
}
