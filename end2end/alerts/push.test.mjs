// The system's notifications, push messages, and acknowledgements that find no network.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alertOf } from './service.mjs';
import { Stage, pause, until } from './stage.mjs';

const stage = new Stage();

const tagOf = ({ id }) => `alert-${id.replaceAll('-', '')}`;

// As the server sends it: services/src/deliveries/words.rs. Its addresses are whole, under the name that PMS has for
// others, which need not be the one in this browser.
function message(alert) {
  return JSON.stringify({
    web_push: 8030,
    notification: {
      title: `Urgent: ${alert.project.name}`,
      body: alert.reason,
      navigate: `https://pms.example.org/projects/${alert.project.key}`,
      tag: tagOf(alert),
      requireInteraction: true,
      data: {
        id: 'delivery',
        reason: 'alert',
        urgent: true,
        alert: alert.id,
        acknowledge: 'https://pms.example.org/acknowledge?token=signed',
      },
    },
    mutable: true,
  });
}

// A window whose browser takes push messages.
async function armed(person) {
  const window = await person.window();
  await until(() => person.service.reports.at(-1)?.push, 'it is armed');
  return window;
}

test('each round is notified once for all windows of the browser, with its actions', async () => {
  const person = await stage.open();
  const windows = [await armed(person), await person.window(), await person.window()];
  await person.worker.evaluate(() => (self.times = 0));
  for (const { page } of windows) {
    await page.evaluate(() => {
      const show = ServiceWorkerRegistration.prototype.showNotification;
      ServiceWorkerRegistration.prototype.showNotification = function (...args) {
        localStorage.setItem('times', Number(localStorage.getItem('times') ?? 0) + 1);
        return show.apply(this, args);
      };
    });
  }
  // Just raised: it has not rung in the server's own count.
  const alert = alertOf('Quiet harbour', { rounds: 0 });
  person.service.alerts = [alert];
  for (const window of windows) await window.news();
  const [notice] = await until(async () => (await person.notices()).length && person.notices(), 'it is shown');
  assert.deepEqual(notice, {
    title: 'Urgent: Quiet harbour',
    body: 'The lamp is out',
    tag: tagOf(alert),
    requireInteraction: true,
    renotify: true,
    actions: ['acknowledge', 'open'],
    data: { alert: alert.id, round: 1, navigate: '/projects/QUI' },
  });
  const times = () => windows[0].page.evaluate(() => Number(localStorage.getItem('times')));
  await pause(500);
  person.service.alerts = [{ ...alert, rounds: 1 }];
  for (const window of windows) await window.news();
  await pause(500);
  assert.equal(await times(), 1);
  person.service.alerts = [{ ...alert, rounds: 2 }];
  for (const window of windows) await window.news();
  await until(async () => (await times()) === 2, 'the second round, once more');
  await pause(500);
  assert.equal(await times(), 2);
  await windows[1].dialog.getByRole('button', { name: 'Acknowledge' }).click();
  await until(async () => (await person.notices()).length === 0, 'acknowledged, it goes');
});

test('the notification acknowledges, and every window falls silent', async () => {
  const person = await stage.open();
  const window = await armed(person);
  await window.page.getByText('The page at').click();
  person.service.alerts = [alertOf('Quiet harbour')];
  await window.news();
  await window.untilItSounds();
  await until(async () => (await person.notices()).length === 1, 'it is notified');
  await person.press('acknowledge');
  await window.fallsSilent(Date.now());
  const [sent] = person.service.acknowledged;
  assert.equal(sent.via, 'notification');
  assert.ok(Date.parse(sent.at) <= Date.now());
});

test('an acknowledgement in a notification is kept before the server answers', async () => {
  const person = await stage.open();
  person.expectFault(/409/);
  const window = await armed(person);
  const kept = () =>
    window.page.evaluate(async () => {
      const shelf = await (await caches.open('pms-acknowledgements')).keys();
      return shelf.length + Object.keys(localStorage).filter((key) => key.includes('.ack.')).length;
    });
  const alert = alertOf('Quiet harbour');
  person.service.alerts = [alert];
  await window.news();
  await window.dialog.waitFor();
  await until(async () => (await person.notices()).length === 1, 'it is notified');
  const answer = person.service.holdBack();
  await person.press('acknowledge');
  await window.dialog.waitFor({ state: 'detached' });
  await until(async () => (await kept()) === 2, 'it is kept');
  answer();
  await until(async () => (await kept()) === 0, 'the server has it');
  assert.equal(person.service.acknowledged.length, 1);

  // What the server refuses rings again.
  person.service.alerts = [alertOf('Far lighthouse')];
  person.service.refusal = { status: 409 };
  await window.news();
  await until(async () => (await person.notices()).length === 1, 'it is notified');
  const went = window.page.waitForURL('**/projects/FAR');
  await person.press('acknowledge');
  await went;
  await window.dialog.waitFor();
  await until(async () => (await kept()) === 0, 'and is not kept');
});

test('what another person has acknowledged in this browser stays theirs', async () => {
  const person = await stage.open();
  const { page } = await armed(person);
  await page.evaluate(async () => {
    const shelf = await caches.open('pms-acknowledgements');
    for (const id of ['mine', 'theirs']) {
      const whose = document.querySelector('meta[name="pms-person"]').content;
      await shelf.put(`/kept/${id}`, Response.json({ id, at: new Date(), via: 'push', person: id === 'mine' ? whose : 'other' }));
    }
  });
  await page.reload();
  await until(() => person.service.acknowledged.length > 0, 'it is sent');
  await person.sync(page, 'pms-acknowledgements');
  await pause(500);
  assert.deepEqual(person.service.acknowledged.map(({ id }) => id), ['mine']);
});

test('a notification of an alert that has ended goes, also what a push message has shown', async () => {
  const person = await stage.open();
  const { page } = await armed(person);
  const [old, other] = [alertOf('Quiet harbour'), alertOf('Far lighthouse')];
  await page.goto('/sign-in');
  for (const alert of [old, other]) await person.push(page, message(alert));
  await until(async () => (await person.notices()).length === 2, 'both are shown');
  person.service.alerts = [other];
  await page.goto('/');
  await until(async () => (await person.notices()).length === 1, 'the one that has ended goes');
  assert.equal((await person.notices())[0].tag, tagOf(other));
});

test('what a page has just shown does not sound again when its push message comes', async () => {
  const person = await stage.open();
  const window = await armed(person);
  const alert = alertOf('Quiet harbour');
  person.service.alerts = [alert];
  await window.news();
  await until(async () => (await person.notices()).length === 1, 'the page shows it');
  await person.push(window.page, message(alert));
  const [notice] = await until(async () => (await person.notices())[0]?.data.push && person.notices(), 'the message does');
  assert.equal(notice.renotify, false);
  assert.equal((await person.notices()).length, 1);
});

test('a push message is shown and acknowledges', async () => {
  const person = await stage.open();
  const { page } = await armed(person);
  const alert = alertOf('Quiet harbour');
  await page.goto('/sign-in');
  person.service.alerts = [alert];
  await person.push(page, message(alert));
  const [notice] = await until(async () => (await person.notices()).length && person.notices(), 'it is shown');
  assert.deepEqual([notice.title, notice.tag, notice.actions], [
    'Urgent: Quiet harbour', tagOf(alert), ['acknowledge', 'open'],
  ]);
  await person.press('acknowledge');
  await until(() => person.service.acknowledged.length === 1, 'it is sent');
  assert.deepEqual([person.service.acknowledged[0].id, person.service.acknowledged[0].via], [alert.id, 'push']);
  assert.deepEqual(await person.notices(), []);
});

test('a push message that is no alert has no actions; one that is nonsense is shown all the same', async () => {
  const person = await stage.open();
  const { page } = await armed(person);
  await person.push(page, JSON.stringify({ web_push: 8030, notification: { title: 'You were assigned', navigate: '/tasks/QUI-1' } }));
  await person.push(page, 'not JSON');
  await person.push(page, 'null');
  const notices = await until(async () => (await person.notices()).length === 3 && person.notices(), 'all are shown');
  assert.deepEqual(notices.map(({ actions }) => actions.length), [0, 0, 0]);
  assert.deepEqual(notices.map(({ title }) => title).sort(), ['PMS', 'PMS', 'You were assigned']);
});

test('pressed, the notification brings the page forward and goes there, and nowhere else', async () => {
  const person = await stage.open();
  const { page, dialog } = await armed(person);
  const alert = alertOf('Quiet harbour');
  person.service.alerts = [alert];
  await person.push(page, message(alert));
  await until(async () => (await person.notices()).length === 1, 'it is shown');
  const went = page.waitForURL('**/projects/QUI');
  await person.press();
  await went;
  assert.deepEqual(person.service.acknowledged, [], 'looking is not acknowledging');
  await dialog.waitFor();
  for (const notice of await person.notices()) assert.ok(notice);
  await person.worker.evaluate(async () => (await self.registration.getNotifications()).forEach((one) => one.close()));
  await person.push(page, JSON.stringify({ notification: { title: 'Elsewhere', navigate: 'https://elsewhere.example/' } }));
  await until(async () => (await person.notices()).some(({ title }) => title === 'Elsewhere'), 'it is shown');
  await person.press();
  await page.waitForURL((url) => url.pathname === '/');
});

test('a page with half-written text stays where it is', async () => {
  const person = await stage.open();
  const { page } = await armed(person);
  await page.getByLabel('Comment').fill('Half a sen');
  await person.push(page, JSON.stringify({ notification: { title: 'Assigned', navigate: '/tasks/QUI-1' } }));
  await until(async () => (await person.notices()).length === 1, 'it is shown');
  await person.worker.evaluate(() => (self.clients.openWindow = async (address) => (self.opened = address)));
  await person.press();
  await until(() => person.worker.evaluate(() => self.opened), 'a new window opens');
  assert.equal(new URL(page.url()).pathname, '/');
  assert.equal(await page.getByLabel('Comment').inputValue(), 'Half a sen');
});

test('after the session has ended, the signed link of the message acknowledges', async () => {
  const person = await stage.open();
  person.expectFault(/401/);
  const { page } = await armed(person);
  await page.goto('/sign-in');
  const alert = alertOf('Quiet harbour');
  person.service.alerts = [alert];
  person.service.signedIn = false;
  await person.push(page, message(alert));
  await until(async () => (await person.notices()).length === 1, 'it is shown');
  await person.press('acknowledge');
  await until(() => person.service.acknowledged.length === 1, 'it is acknowledged');
  assert.ok(person.service.asked.includes('POST /fn/urgent/acknowledge-linked'));

  // Where the link is not taken, its page says why.
  person.service.alerts = [alert];
  person.service.linkRefused = true;
  person.expectFault(/404/);
  await person.push(page, message(alert));
  await until(async () => (await person.notices()).length === 1, 'it is shown again');
  await person.press('acknowledge');
  await page.waitForURL('**/acknowledge?token=signed');
});

test('acknowledged without a network, it is silent at once and sent later with its time', async () => {
  const person = await stage.open();
  person.expectFault(/ERR_INTERNET_DISCONNECTED|ERR_CONNECTION/);
  const window = await person.window();
  const other = await person.window();
  await window.page.getByText('The page at').click();
  const alert = alertOf('Quiet harbour');
  person.service.alerts = [alert];
  for (const one of [window, other]) await one.news();
  await window.untilItSounds();
  await person.context.setOffline(true);
  const before = Date.now();
  await window.dialog.getByRole('button', { name: 'Acknowledge' }).click();
  await window.dialog.waitFor({ state: 'detached' });
  await other.dialog.waitFor({ state: 'detached' });
  assert.ok(await window.isSilent());
  assert.deepEqual(person.service.acknowledged, []);
  const after = Date.now();
  // A repeat that the server sent meanwhile does not win over it.
  person.service.alerts = [{ ...alert, rounds: 3 }];
  await pause(1000);
  await person.context.setOffline(false);
  await until(() => person.service.acknowledged.length > 0, 'it is sent');
  const at = Date.parse(person.service.acknowledged[0].at);
  assert.ok(before <= at && at <= after, 'with the time of the click');
  assert.ok(await window.isSilent());
  assert.equal(await window.dialog.count(), 0);
  assert.deepEqual(await window.page.evaluate(() => Object.keys(localStorage).filter((key) => key.includes('.ack.'))), []);
});

test('an acknowledgement survives the page that made it', async () => {
  const person = await stage.open();
  person.expectFault(/503/);
  person.service.alerts = [alertOf('Quiet harbour')];
  person.service.refusal = { status: 503 };
  const { page, dialog } = await person.window();
  await dialog.getByRole('button', { name: 'Acknowledge' }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.reload();
  await pause(1000);
  assert.equal(await dialog.count(), 0, 'it does not ring again');
  person.service.refusal = null;
  await page.reload();
  await until(() => person.service.acknowledged.length === 1, 'it is sent by the next page');
});

test('what the service worker could not send, the next page sends', async () => {
  const person = await stage.open();
  person.expectFault(/503/);
  const { page, dialog } = await armed(person);
  await page.goto('/sign-in');
  const alert = alertOf('Quiet harbour');
  person.service.alerts = [alert];
  person.service.refusal = { status: 503 };
  await person.push(page, message(alert));
  await until(async () => (await person.notices()).length === 1, 'it is shown');
  await person.press('acknowledge');
  await until(() => page.evaluate(async () => (await caches.open('pms-acknowledgements')).keys().then((keys) => keys.length)), 'kept');
  person.service.refusal = null;
  await page.goto('/');
  await until(() => person.service.acknowledged.length > 0, 'it is sent');
  await pause(500);
  assert.equal(await dialog.count(), 0, 'and did not ring');
  assert.equal(person.service.acknowledged[0].via, 'push');
});

test('what the service worker could not send, it sends when the network is back', async () => {
  const person = await stage.open();
  person.expectFault(/503/);
  const { page } = await armed(person);
  await page.goto('/sign-in');
  const alert = alertOf('Quiet harbour');
  person.service.alerts = [alert];
  person.service.refusal = { status: 503 };
  await person.push(page, message(alert));
  await until(async () => (await person.notices()).length === 1, 'it is shown');
  await person.press('acknowledge');
  const kept = () =>
    page.evaluate(async () => (await caches.open('pms-acknowledgements')).keys().then((keys) => keys.length));
  await until(async () => (await kept()) === 1, 'it is kept');
  person.service.refusal = null;
  await person.sync(page, 'pms-acknowledgements');
  await until(() => person.service.acknowledged.length === 1, 'it is sent');
  await until(async () => (await kept()) === 0, 'and kept no longer');
});

test('a new push address is told to the server with every page closed', async () => {
  const person = await stage.open();
  const { page } = await armed(person);
  const before = person.service.reports.at(-1);
  await until(() => page.evaluate(async () => Boolean(await caches.match('/device'))), 'the worker knows the device');
  await page.goto('/sign-in');
  await person.worker.evaluate(() => {
    const keys = { p256dh: 'BOther', auth: 'other' };
    const newSubscription = { toJSON: () => ({ endpoint: 'https://push.example.org/box/2', keys }) };
    self.dispatchEvent(Object.assign(new ExtendableEvent('pushsubscriptionchange'), { newSubscription }));
  });
  const report = () => person.service.reports.at(-1);
  await until(() => report().push.endpoint.endsWith('/2'), 'it is told');
  assert.deepEqual([report().id, report().name, report().permission], [before.id, before.name, 'granted']);
  assert.deepEqual(report().push, { endpoint: 'https://push.example.org/box/2', p256dh: 'BOther', auth: 'other' });
});
