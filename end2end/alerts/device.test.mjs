// Arming a browser, and telling the server what it can do.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alertOf } from './service.mjs';
import { Stage, pause, until } from './stage.mjs';

const stage = new Stage();
const last = ({ service }) => service.reports.at(-1);

test('one button asks, turns sound on, subscribes to push, plays a test and reports', async () => {
  const person = await stage.open({ permission: 'prompt' });
  const window = await person.window();
  const { strip } = window;
  await strip.getByText('This browser is not armed for urgent alerts.').waitFor();
  await until(() => last(person)?.permission === 'default', 'it says that it is not armed');
  await strip.getByRole('button', { name: 'Arm this browser' }).click();
  await window.untilItSounds();
  await until(() => last(person)?.push, 'it reports');
  const { id, name, ...report } = last(person);
  assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.match(name, /^Chrome on /);
  assert.deepEqual(report, {
    method: 'PUT',
    sound: 'armed',
    permission: 'granted',
    push: { endpoint: 'https://push.example.org/box/1', p256dh: 'BPoint', auth: 'secret' },
  });
  await strip.waitFor({ state: 'hidden' });
  await until(() => window.heard.level < 0.01, 'the test ends', 4000);
  const place = window.page.locator('[data-arm-device]');
  for (const text of ['Sound: on.', 'Notifications: allowed.', 'Push messages: on']) await place.getByText(text).waitFor();

  const before = person.service.reports.length;
  await window.page.reload();
  await window.untilSoundIsOff();
  await until(() => last(person).sound === 'locked', 'a new page is locked, and says so');
  assert.equal(last(person).id, id, 'it is the same device');
  await strip.getByRole('button', { name: 'Turn sound on' }).click();
  await until(() => last(person).sound === 'armed', 'and armed again by one click');
  assert.ok(person.service.reports.slice(before).every(({ push }) => push), 'no report in between takes push away');
});

test('the place that a page keeps for the button arms, too', async () => {
  const person = await stage.open({ permission: 'prompt' });
  const { page } = await person.window();
  const place = page.locator('[data-arm-device]');
  await place.getByText('Notifications: not asked for yet.').waitFor();
  await place.getByRole('button', { name: 'Arm and test this browser' }).click();
  await place.getByText('Push messages: on').waitFor();
  // A page that comes later, without the browser loading anything.
  await page.evaluate(() => {
    const late = document.createElement('div');
    late.id = 'late';
    late.dataset.armDevice = '';
    document.querySelector('.page').append(late);
  });
  await page.locator('#late').getByText('Push messages: on').waitFor();
});

for (const [way, press, release] of [
  ['mouse', ({ mouse }) => mouse.down(), ({ mouse }) => mouse.up()],
  ['space bar', ({ keyboard }) => keyboard.down(' '), ({ keyboard }) => keyboard.up(' ')],
]) {
  test(`pressed slowly by ${way}, the button is still there when it is let go`, async () => {
    const person = await stage.open({ permission: 'prompt' });
    const { page } = await person.window();
    const place = page.locator('[data-arm-device]');
    const arm = place.getByRole('button', { name: 'Arm and test this browser' });
    await arm.hover();
    await arm.focus();
    await press(page);
    await until(() => last(person)?.sound === 'armed', 'pressing it turns sound on');
    await release(page);
    await place.getByText('Push messages: on').waitFor();
  });
}

test('blocked notifications get the steps of that browser, and sound works all the same', async () => {
  const person = await stage.open({ permission: 'denied' });
  const window = await person.window();
  await window.page.getByText('The page at').click();
  await window.strip.getByText('Notifications are blocked.').waitFor();
  await window.strip.getByText('How to allow them').click();
  await window.strip.getByText('Click the symbol before the address, then Site settings.').waitFor();
  await until(() => last(person)?.sound === 'armed', 'sound is reported');
  assert.deepEqual([last(person).permission, last(person).push], ['denied', null]);
  person.service.alerts = [alertOf('Quiet harbour')];
  await window.news();
  await window.untilItSounds();
});

test('a push service that the server does not send to costs the push messages only', async () => {
  const person = await stage.open();
  person.expectFault(/422/);
  person.service.pushRefused = true;
  const { page } = await person.window();
  await until(() => last(person)?.permission === 'granted', 'the rest is reported');
  assert.equal(last(person).push, null);
  await page.locator('[data-arm-device]').getByText('Push messages: off. PMS does not know this push service.').waitFor();
});

test('a push service that never answers keeps nothing else waiting', async () => {
  const person = await stage.open({ permission: 'prompt' });
  await person.context.addInitScript(() => (PushManager.prototype.subscribe = () => new Promise(() => {})));
  const { strip } = await person.window();
  await strip.getByRole('button', { name: 'Arm this browser' }).click();
  await until(() => last(person)?.permission === 'granted' && last(person).sound === 'armed', 'it is reported');
  await strip.waitFor({ state: 'hidden' });
});

test('somebody who refuses is told how to change that', async () => {
  const person = await stage.open({ permission: 'prompt', answer: 'denied' });
  const { strip } = await person.window();
  await strip.getByRole('button', { name: 'Arm this browser' }).click();
  await strip.getByText('Notifications are blocked.').waitFor();
  await until(() => last(person)?.permission === 'denied', 'it is reported');
});

test('a browser without notifications, push and workers still rings', async () => {
  const person = await stage.open({ without: ['Notification', 'PushManager'] });
  const window = await person.window();
  await window.page.getByText('The page at').click();
  await until(() => last(person)?.sound === 'armed', 'it is armed as far as it goes');
  assert.equal(last(person).permission, 'absent');
  await window.strip.waitFor({ state: 'hidden' });
  await window.page.locator('[data-arm-device]').getByText('Notifications: this browser has none.').waitFor();
  person.service.alerts = [alertOf('Quiet harbour')];
  await window.news();
  await window.untilItSounds();
  await window.dialog.getByRole('button', { name: 'Acknowledge' }).click();
  await until(() => person.service.acknowledged.length === 1, 'and acknowledges');
});

test('over plain http it rings and acknowledges, and says what needs https', async () => {
  const person = await stage.open();
  // A name that is not this machine's, so that the browser does not trust it as it trusts 127.0.0.1.
  await person.context.route('http://pms.test/**', async (route) => {
    const request = route.request();
    const { pathname, search } = new URL(request.url());
    const answer = await fetch(person.service.url + pathname + search, {
      method: request.method(), headers: { 'content-type': 'application/json' }, body: request.postData() ?? undefined,
    });
    const body = Buffer.from(await answer.arrayBuffer());
    await route.fulfill({ status: answer.status, headers: Object.fromEntries(answer.headers), body });
  });
  const window = await person.window('http://pms.test/');
  assert.equal(await window.page.evaluate(() => isSecureContext), false);
  await window.page.getByText('The page at').click();
  await until(() => last(person)?.sound === 'armed', 'it is armed as far as it goes');
  assert.deepEqual([last(person).permission, last(person).push], ['absent', null]);
  await window.page.locator('[data-arm-device]').getByText('Notifications: only over https.').waitFor();
  person.service.alerts = [alertOf('Quiet harbour')];
  await window.news();
  await window.untilItSounds();
  await window.dialog.getByRole('button', { name: 'Acknowledge' }).click();
  await until(() => person.service.acknowledged.length === 1, 'and acknowledges');
});

test('a browser with nothing at all says so and shows the alert', async () => {
  const person = await stage.open({ without: ['Notification', 'PushManager', 'AudioContext', 'webkitAudioContext'] });
  const { strip, dialog, page } = await person.window();
  await strip.getByText('This browser can neither sound nor notify.').waitFor();
  await until(() => last(person)?.sound === 'absent', 'it is reported');
  person.service.alerts = [alertOf('Quiet harbour')];
  await page.evaluate(() => window.dispatchEvent(new CustomEvent('pms:live', { detail: { kind: 'urgent' } })));
  await dialog.getByText('This browser has no sound for pages.').waitFor();
});

test('a second window is not nagged while another can sound', async () => {
  const person = await stage.open();
  const first = await person.window();
  await first.page.getByText('The page at').click();
  await until(() => last(person)?.sound === 'armed', 'the first is armed');
  const second = await person.window();
  await second.page.locator('[data-arm-device]').getByText('Sound: on in another window.').waitFor();
  await pause(600);
  assert.equal(await second.strip.isVisible(), false);
  assert.equal(last(person).sound, 'armed', 'the browser can sound');
  await first.page.close();
  await second.untilSoundIsOff();
  await until(() => last(person).sound === 'locked', 'now it can’t');
});

test('where urgent alerts are turned off, nothing is asked and nothing shown', async () => {
  const person = await stage.open();
  person.service.feature = 'off';
  person.service.alerts = [alertOf('Quiet harbour')];
  const { page, strip, dialog } = await person.window();
  await page.getByText('The page at').click();
  await pause(1000);
  assert.deepEqual(person.service.asked.filter((line) => line.includes('/api/')), []);
  assert.equal((await strip.isVisible()) || (await dialog.count()) > 0, false);
});

test('somebody who is signed out elsewhere is told that it does not ring here', async () => {
  const person = await stage.open();
  person.expectFault(/401/);
  person.service.alerts = [alertOf('Quiet harbour')];
  const window = await person.window('/projects');
  await window.page.getByText('The page at').click({ force: true });
  await window.dialog.waitFor();
  person.service.signedIn = false;
  await window.news();
  const at = Date.now();
  await window.dialog.waitFor({ state: 'detached' });
  await window.fallsSilent(at);
  assert.equal(
    await window.strip.getByRole('link', { name: 'Sign in again' }).getAttribute('href'),
    '/sign-in?next=%2Fprojects',
  );
});

test('a push address that the browser has changed is reported, and pages hear of the report', async () => {
  const person = await stage.open();
  const { page } = await person.window();
  await until(() => last(person)?.push, 'the first is known');
  const told = await page.evaluateHandle(() => {
    const told = [];
    window.addEventListener('pms:device', () => told.push('told'));
    PushManager.prototype.getSubscription = async () => ({
      toJSON: () => ({ endpoint: 'https://push.example.org/box/2', keys: { p256dh: 'BOther', auth: 'other' } }),
    });
    return told;
  });
  await person.worker.evaluate(() => self.dispatchEvent(new ExtendableEvent('pushsubscriptionchange')));
  await until(() => last(person).push?.endpoint.endsWith('/2'), 'the page reports the other');
  await until(() => told.evaluate((told) => told.length > 0), 'it says so');
});

test('a push address that could not be had is tried again', async () => {
  const person = await stage.open();
  await person.context.addInitScript(() => {
    const { subscribe } = PushManager.prototype;
    PushManager.prototype.subscribe = async function (...options) {
      if (!globalThis.answers) throw new Error('No answer');
      return subscribe.apply(this, options);
    };
  });
  const { page } = await person.window();
  await page.clock.install();
  await page.reload();
  await page.clock.runFor(1000);
  await page.locator('[data-arm-device]').getByText('The browser’s push service did not answer.').waitFor();
  await page.evaluate(() => (globalThis.answers = true));
  await page.clock.runFor(60_000);
  assert.equal(last(person).push, null, 'not at once');
  await page.clock.fastForward(300_000);
  await until(() => last(person).push, 'it is tried again');
});

test('signing out sends what is kept', async () => {
  const person = await stage.open();
  person.expectFault(/503|401/);
  person.service.alerts = [alertOf('Quiet harbour')];
  person.service.refusal = { status: 503 };
  const { page, dialog } = await person.window();
  await dialog.getByRole('button', { name: 'Acknowledge' }).click();
  await dialog.waitFor({ state: 'detached' });
  await until(() => person.service.asked.some((line) => line.endsWith('/acknowledge')), 'it is refused for now');
  person.service.refusal = null;
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.waitForURL('**/sign-in');
  assert.equal(person.service.acknowledged.length, 1);
});

test('signing out takes the device, its push address and its notifications away', async () => {
  const person = await stage.open();
  person.expectFault(/401/);
  const window = await person.window();
  const other = await person.window();
  await until(() => last(person)?.push, 'it is known');
  person.service.alerts = [alertOf('Quiet harbour')];
  for (const one of [window, other]) await one.news();
  await until(async () => person.worker && (await person.notices()).length === 1, 'it is notified');
  let unsubscribed = false;
  window.page.on('console', (message) => (unsubscribed ||= message.text() === 'unsubscribed'));
  await window.dialog.getByRole('button', { name: 'Put aside' }).click();
  await window.page.getByRole('button', { name: 'Sign out' }).click();
  await window.page.waitForURL('**/sign-in');
  const { asked } = person.service;
  const gone = asked.findIndex((line) => line.startsWith('DELETE /api/v1/me/devices/'));
  assert.ok(gone > 0 && gone < asked.indexOf('POST /fn/session/sign-out'), 'before the session ends');
  assert.ok(unsubscribed);
  assert.deepEqual(await person.notices(), []);
  await other.dialog.waitFor({ state: 'detached' });
  await other.strip.getByText('You are signed out').waitFor();
});
