// What a test of the alerts stands on: a service of its own and a browser with one person's windows. Each window's tone is
// heard by an analyser, from page script: what a test evaluates in a page counts as a person's click and would unlock it.
import assert from 'node:assert/strict';
import { after, afterEach, before } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { openBrowser } from '../browser.mjs';
import { Service } from './service.mjs';

export { pause };

// How long something may take on a busy machine before it counts as never happening.
const PATIENCE = 20_000;
// An ear hears what was played in the last tenth of a second.
const EAR = 100;

export class Stage {
  constructor() {
    before(async () => {
      this.browser = await openBrowser();
    });
    afterEach(async () => {
      await this.person?.close();
      this.person = null;
    });
    after(() => this.browser?.close());
  }

  // A person with a browser profile of their own, and the service that they use.
  async open(options = {}) {
    this.person = new Person(await new Service().start());
    await this.person.open(this.browser, options);
    return this.person;
  }
}

class Person {
  constructor(service) {
    this.service = service;
    this.windows = [];
    this.faults = [];
    // The browser's remark that sound needs a click, and what tests bring about on purpose.
    this.expected = [/AudioContext was not allowed to start/];
  }

  // `permission` for notifications: `granted`, `denied`, or `prompt`, where `answer` is what the person will say.
  // `without`: names that the browser does not have.
  async open(browser, { permission = 'granted', answer = 'granted', without = [], ...options }) {
    this.context = await browser.newContext({ baseURL: this.service.url, ...options });
    this.context.setDefaultTimeout(PATIENCE);
    await this.context.addInitScript(ears);
    await this.context.addInitScript(pushService);
    if (permission === 'granted') await this.context.grantPermissions(['notifications'], { origin: this.service.url });
    await this.context.addInitScript(notifications, { permission, answer });
    await this.context.addInitScript((names) => names.forEach((name) => delete globalThis[name]), without);
  }

  // Another window of the same browser.
  async window(path = '/') {
    const page = await this.context.newPage();
    const window = new Window(page, this);
    this.windows.push(window);
    await page.goto(path);
    return window;
  }

  expectFault(pattern) {
    this.expected.push(pattern);
  }

  get worker() {
    const [worker] = this.context.serviceWorkers();
    return worker;
  }

  // The system's notifications of this person, as the service worker knows them.
  notices() {
    return this.worker.evaluate(async () => {
      // Listed while one is being shown, that one would be forgotten.
      const notices = await navigator.locks.request('pms-notices', () => self.registration.getNotifications());
      return notices.map(({ title, body, tag, requireInteraction, renotify, actions, data }) => ({
        title, body, tag, requireInteraction, renotify, data, actions: actions.map(({ action }) => action),
      }));
    });
  }

  // Presses a button of the first notification, or (without a name) the notification itself.
  press(action = '') {
    return this.worker.evaluate(async (action) => {
      const [notification] = await navigator.locks.request('pms-notices', () => self.registration.getNotifications());
      self.dispatchEvent(new NotificationEvent('notificationclick', { notification, action }));
    }, action);
  }

  // What the push service would bring.
  push(page, data) {
    return this.toWorker(page, 'ServiceWorker.deliverPushMessage', { data });
  }

  // The browser says to the service worker that the network is back.
  sync(page, tag) {
    return this.toWorker(page, 'ServiceWorker.dispatchSyncEvent', { tag, lastChance: false });
  }

  async toWorker(page, method, params) {
    const session = await this.context.newCDPSession(page);
    const registered = new Promise((resolve) => {
      session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
        const own = registrations.find(({ scopeURL }) => scopeURL.startsWith(this.service.url));
        if (own) resolve(own.registrationId);
      });
    });
    await session.send('ServiceWorker.enable');
    const registrationId = await registered;
    await session.send(method, { origin: this.service.url, registrationId, ...params });
    await session.detach();
  }

  async close() {
    await this.context.close();
    await this.service.stop().catch(() => {});
    const faults = this.faults.filter((fault) => !this.expected.some((pattern) => pattern.test(fault)));
    assert.deepEqual(faults, [], 'the browser’s console is clean');
  }
}

export class Window {
  constructor(page, person) {
    this.page = page;
    this.dialog = page.getByRole('alertdialog');
    this.strip = page.locator('#alert-strip');
    this.heard = { level: 0, hertz: 0, at: 0, loudAt: 0, shownAt: 0, tones: new Set() };
    page.on('console', (message) => {
      const text = message.text();
      if (text.startsWith('ear ')) this.hear(text);
      else if (['error', 'warning'].includes(message.type())) person.faults.push(text);
    });
    page.on('pageerror', (error) => person.faults.push(String(error)));
  }

  hear(text) {
    const [, level, hertz, shown, at] = text.split(' ').map(Number);
    Object.assign(this.heard, { level, hertz, at });
    if (level > 0.05) this.heard.loudAt = at;
    if (shown) this.heard.shownAt = at;
    for (const tone of [660, 880]) if (level > 0.05 && Math.abs(hertz - tone) < 30) this.heard.tones.add(tone);
  }

  get sounds() {
    return this.heard.level > 0.05;
  }

  async untilItSounds() {
    // Between two tones there is a fifth of a second without.
    await until(() => this.sounds, 'it sounds');
  }

  // Falls silent, and takes its dialog away, within a second after `since`, by the page's own clock: how long a busy
  // machine takes to tell of it does not count.
  async fallsSilent(since) {
    const alarmed = () => Math.max(this.heard.loudAt, this.heard.shownAt);
    await until(() => this.heard.at - alarmed() > 1500, 'it is silent');
    const after = alarmed() - EAR - since;
    assert.ok(after <= 1000, `it is silent ${after} ms after it should be`);
  }

  // Whether it makes no sound for a time in which a ringing page would.
  async isSilent(milliseconds = 1500) {
    // What was heard last is up to a tenth of a second old.
    await pause(250);
    const end = Date.now() + milliseconds;
    while (Date.now() < end) {
      if (this.sounds) return false;
      await pause(50);
    }
    return true;
  }

  // Until the page says, in the dialog or the strip, that sound is off. By `look`: a locator that waits for these words
  // would unlock the sound of a page that is not there yet.
  async untilSoundIsOff() {
    const places = '[role="alertdialog"], #alert-strip';
    const said = `[...document.querySelectorAll('${places}')].some((at) => at.innerText.includes('Sound is off in this window'))`;
    await until(() => this.look(said), 'it says that sound is off');
  }

  // The page hears from the server that something is new, as `live.js` would tell it. By `look`: another window would
  // sound otherwise.
  async news(kind = 'urgent') {
    const detail = JSON.stringify({ kind });
    await this.look(`window.dispatchEvent(new CustomEvent('pms:live', { detail: ${detail} }))`);
  }

  // What an expression gives in the page, without counting as a person's click as `page.evaluate` and locators do.
  async look(expression) {
    this.session ??= await this.page.context().newCDPSession(this.page);
    const { result } = await this.session.send('Runtime.evaluate', { expression, userGesture: false });
    return result.value;
  }
}

// Waits until it is so.
export async function until(question, what, patience = PATIENCE) {
  const end = Date.now() + patience;
  for (;;) {
    const answer = await question();
    if (answer) return answer;
    assert.ok(Date.now() < end, `${what}: not within ${patience} ms`);
    await pause(50);
  }
}

// Runs in the page before anything else: says ten times a second what goes to the loudspeaker.
function ears() {
  const { connect } = AudioNode.prototype;
  let ear = null;
  AudioNode.prototype.connect = function (to, ...rest) {
    if (to instanceof AudioDestinationNode && !(to.context instanceof OfflineAudioContext)) {
      ear ??= new AnalyserNode(to.context, { fftSize: 4096, smoothingTimeConstant: 0 });
      connect.call(this, ear);
    }
    return connect.call(this, to, ...rest);
  };
  const samples = new Float32Array(4096);
  const spectrum = new Float32Array(2048);
  setInterval(() => {
    if (!ear) return;
    ear.getFloatTimeDomainData(samples);
    ear.getFloatFrequencyData(spectrum);
    const level = Math.sqrt(samples.reduce((sum, one) => sum + one * one, 0) / samples.length);
    const peak = spectrum.indexOf(Math.max(...spectrum));
    const hertz = Math.round((peak * ear.context.sampleRate) / 4096);
    const shown = Number(document.querySelector('dialog[open]') !== null);
    console.debug(`ear ${level.toFixed(3)} ${hertz} ${shown} ${Date.now()}`);
  }, 100);
}

// A push service: without internet the browser has none.
function pushService() {
  if (!globalThis.PushManager) return;
  let current = null;
  PushManager.prototype.getSubscription = async () => current;
  PushManager.prototype.subscribe = async (options) => {
    current = {
      options: { applicationServerKey: options.applicationServerKey.buffer },
      toJSON: () => ({ endpoint: 'https://push.example.org/box/1', keys: { p256dh: 'BPoint', auth: 'secret' } }),
      unsubscribe: async () => {
        current = null;
        console.debug('unsubscribed');
        return true;
      },
    };
    return current;
  };
}

// A browser without a window never answers when it is asked for the permission.
function notifications({ permission, answer }) {
  if (permission === 'granted') return;
  const kept = () => sessionStorage.getItem('permission') ?? (permission === 'prompt' ? 'default' : permission);
  Object.defineProperty(Notification, 'permission', { configurable: true, get: kept });
  Notification.requestPermission = async () => {
    if (kept() === 'default') sessionStorage.setItem('permission', answer);
    return kept();
  };
}
