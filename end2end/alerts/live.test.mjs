// What pages hear of the stream of events, and that alerts miss nothing when it breaks.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alertOf } from './service.mjs';
import { Stage, until } from './stage.mjs';

const stage = new Stage();
const ASK = 'GET /api/v1/me/alerts';

async function open() {
  const person = await stage.open();
  person.service.live = true;
  await person.context.addInitScript(() => {
    window.said = [];
    window.addEventListener('pms:live', ({ detail }) => window.said.push(detail.state ?? detail.kind));
  });
  return person;
}

const said = ({ page }) => page.evaluate(() => window.said);
const hears = (window, what) => until(async () => (await said(window)).includes(what), `it hears ${what}`);

test('after a break the page asks what rings', async () => {
  const person = await open();
  const window = await person.window();
  await hears(window, 'ready');
  person.service.alerts = [alertOf('Quiet harbour')];
  for (const stream of person.service.streams) stream.destroy();
  await window.dialog.waitFor({ timeout: 10_000 });
});

test('a page that nobody looks at asks at once, and tells the rest when somebody does', async () => {
  const person = await open();
  const window = await person.window();
  await hears(window, 'ready');
  await window.page.evaluate(() => Object.defineProperty(document, 'hidden', { value: true, configurable: true }));
  // What the page asks by itself in its first moments.
  await window.page.waitForTimeout(2000);
  const asked = () => person.service.asked.filter((line) => line === ASK).length;
  for (const [name, data] of [['resync', {}], ['change', { changes: [{ action: 'alert.acknowledged' }] }]]) {
    const before = asked();
    person.service.tell(name, data);
    await until(() => asked() > before, `it asks after ${name}`, 5000);
  }
  const before = asked();
  person.service.tell('change', { changes: [{ action: 'task.renamed' }] });
  await window.page.waitForTimeout(500);
  assert.equal(asked(), before);
  assert.equal((await said(window)).includes('resync'), false);
  await window.page.evaluate(() => {
    delete document.hidden;
    document.dispatchEvent(new Event('visibilitychange'));
  });
  await hears(window, 'resync');
});

test('signed in again in one window, the others hear that they missed something', async () => {
  const person = await open();
  const first = await person.window();
  await hears(first, 'live');
  person.service.tell('bye', { reason: 'signed_out' });
  await hears(first, 'signed_out');
  const second = await person.window();
  await hears(first, 'resync');
  await hears(second, 'live');
  assert.deepEqual((await said(first)).slice(-4), ['connecting', 'live', 'ready', 'resync']);
  const heard = await said(second);
  assert.equal(heard[0], 'connecting');
  assert.equal(heard.includes('signed_out') || heard.includes('resync'), false);
});

test('a worker that does not load is done without, and tried again', async () => {
  const person = await open();
  person.expectFault(/503|SharedWorker/);
  person.service.lost = 2;
  const window = await person.window();
  await hears(window, 'lost');
  await hears(window, 'live');
});
