// What a browser notices of a page reaches whoever runs PMS, and nothing of whose it is.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Stage, eventually } from '../stage.mjs';

const stage = new Stage({ ada: 'Administrator' });

const answer = (page) => page.waitForResponse((response) => new URL(response.url()).pathname === '/vitals');

test('what goes wrong in a page is in the log of the server', async () => {
  const window = await stage.window('ada');
  window.expectFault(/the crane is stuck/);
  await window.goto('/search?q=treasure');
  const answered = answer(window.page);
  await window.page.evaluate(() => {
    setTimeout(() => {
      throw new Error(`the crane is stuck at ${location.href}`);
    });
  });
  assert.equal((await answered).status(), 204);
  await eventually(() => /the crane is stuck at http:\S+\/search/.test(stage.server.log), true, 'it is in the log');
  assert.ok(!/treasure/.test(stage.server.log), 'what somebody looked for is not');
  await window.close();
});

test('how a page was is said once, when it is put away', async () => {
  const window = await stage.window('ada');
  await window.goto('/projects');
  await window.page.getByRole('heading', { name: 'Projects' }).first().click();
  const sent = [];
  window.page.on('request', (request) => new URL(request.url()).pathname === '/vitals' && sent.push(request));
  const putAway = () =>
    window.page.evaluate(() => {
      Object.defineProperty(document, 'hidden', { value: true, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    });
  const answered = answer(window.page);
  await putAway();
  assert.equal((await answered).status(), 204);
  await putAway();
  assert.equal(sent.length, 1);
  await window.close();
});
