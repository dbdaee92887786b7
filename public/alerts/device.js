// This browser as one of the person's devices: what it can do to alert them, told to the server, and the button that arms
// it.
import { channel, memory, newId, person, tab } from './browser.js';
import { clear } from './notices.js';
import { deviceName } from './words.js';

const ID = 'device';
const REPORTED = 'reported';
const PUSH = 'push';
// Who armed this browser once: then it is worth looking whether it may sound without a click.
const ARMED = 'armed';
// A report that says nothing new is repeated after this: a browser that was silent for three minutes counts as closed.
const FRESH = 90_000;
// Another page that has not said for this long that it sounds is gone or frozen.
const GONE = 90_000;
// The other pages answer within this, so that the strip does not flash.
const SETTLE = 400;
// How long an answer may take.
const PATIENCE = 15_000;
// What could not be connected is tried again after this.
const AGAIN = 300_000;
// A sign-out waits for the push service at most this long.
const FAREWELL = 2000;
const SIGN_OUT = '/fn/session/sign-out';

export class Device {
  constructor(sound) {
    Object.assign(this, { sound, onChange() {}, onSignOut() {} });
    this.id = memory.get(ID) ?? newId();
    memory.set(ID, this.id);
    // Until the browser has said otherwise, what it said last: a report in between must not take push away.
    this.push = this.permission === 'granted' ? memory.get(PUSH) : null;
    this.pushTrouble = '';
    this.failedAt = 0;
    // The browser's other pages, and when they last said that they can sound.
    this.armedPages = new Map();
    this.settled = false;
  }

  get permission() {
    return isSecureContext && globalThis.Notification ? Notification.permission : 'absent';
  }

  get canPush() {
    return Boolean(navigator.serviceWorker && globalThis.PushManager && globalThis.Notification);
  }

  get armedElsewhere() {
    return [...this.armedPages.values()].some((at) => Date.now() - at < GONE);
  }

  // The first thing that this browser lacks to alert its person, by a name of `lacks`; null if nothing.
  lack() {
    if (!this.settled) return null;
    const { permission, sound } = this;
    if (sound.state === 'absent' && permission === 'absent') return 'mute';
    if (permission === 'default') return 'ask';
    if (sound.state === 'locked' && !this.armedElsewhere) return 'sound';
    return permission === 'denied' ? 'denied' : null;
  }

  start() {
    if (memory.get(ARMED) || matchMedia('(display-mode: standalone)').matches) this.sound.probe();
    this.listen();
    channel.postMessage({ kind: 'hello' });
    setTimeout(() => {
      this.settled = true;
      this.changed();
      // In a network without a push service the browser may never answer.
      this.connect().finally(() => this.changed());
    }, SETTLE);
  }

  listen() {
    channel.addEventListener('message', ({ data }) => {
      if (data.kind === 'hello') this.say();
      if (data.kind === 'page') {
        if (data.armed) this.armedPages.set(data.tab, Date.now());
        else this.armedPages.delete(data.tab);
        this.onChange();
      }
      // The service worker has a new push address.
      if (data.kind === 'subscribed') this.connect().finally(() => this.changed());
    });
    window.addEventListener('pagehide', () => {
      channel.postMessage({ kind: 'page', tab, armed: false });
      this.report({ leaving: true });
    });
    window.addEventListener('pageshow', ({ persisted }) => persisted && this.report());
    // Whoever allows notifications in the browser's settings need not press anything here.
    navigator.permissions?.query({ name: 'notifications' }).then((status) => {
      status.addEventListener('change', () => this.connect().finally(() => this.changed()));
    }).catch(() => {});
    document.addEventListener('submit', (event) => this.signOut(event), { capture: true });
  }

  // In a click: sound, permission and push, and a test of the tone. The permission has to be asked for before anything
  // is waited for, or the browser does not count it to the click.
  async arm() {
    memory.set(ARMED, true);
    this.sound.unlock();
    const asked = this.permission === 'default' ? Notification.requestPermission() : null;
    this.soundTest();
    await asked;
    this.changed();
    await this.connect();
    this.changed();
  }

  soundTest() {
    if (this.sound.state === 'running') return this.sound.test();
    this.sound.context?.resume().then(() => this.sound.test(), () => {});
  }

  changed() {
    this.report();
    this.onChange();
  }

  // Now and then: the browser may have another push address, or none any more, or give one where it did not before.
  async check() {
    const subscription = await this.registration?.pushManager?.getSubscription().catch(() => null);
    const known = subscription && addressOf(subscription).endpoint === this.push?.endpoint;
    const missing = this.permission === 'granted' && this.canPush && !known;
    if (missing && !this.connecting && Date.now() - this.failedAt > AGAIN) {
      this.connect().finally(() => this.changed());
    } else this.report();
  }

  connect() {
    this.connecting ??= this.tryToConnect().finally(() => (this.connecting = null));
    return this.connecting;
  }

  // Where notifications are allowed: the service worker, and a push subscription for the server's key.
  async tryToConnect() {
    if (this.gone || this.permission !== 'granted' || !navigator.serviceWorker) return this.takesPush(null);
    try {
      this.registration = await navigator.serviceWorker.register('/sw.js', { scope: '/', updateViaCache: 'none' });
      await navigator.serviceWorker.ready;
      this.takesPush(this.canPush ? await this.subscribe() : null);
    } catch (error) {
      this.takesPush(null);
      this.failedAt = Date.now();
      this.pushTrouble = error instanceof Trouble ? error.message : 'The browser’s push service did not answer.';
    }
  }

  takesPush(address) {
    this.push = address;
    this.pushTrouble = '';
    memory.set(PUSH, address);
  }

  async subscribe() {
    const manager = this.registration.pushManager;
    const before = await manager.getSubscription();
    const key = await serverKey();
    // Without a network there is no key to compare with, and no reason to give up what there is.
    if (before && (key === null || isFor(before, key))) return addressOf(before);
    if (key === null) throw new Trouble('The server can’t be reached.');
    await before?.unsubscribe();
    return addressOf(await manager.subscribe({ userVisibleOnly: true, applicationServerKey: key }));
  }

  // Tells the server what this browser can do. One report after the other: the last one has to be the one that stays.
  async report({ leaving = false } = {}) {
    this.say(leaving);
    if (this.gone) return;
    if (leaving) return this.tell(true);
    if (this.telling) {
      this.tellAgain = true;
      return;
    }
    this.telling = true;
    await this.tell(false);
    this.telling = false;
    if (!this.tellAgain) return;
    this.tellAgain = false;
    this.report();
  }

  // If it is news, or the last report is old.
  async tell(leaving) {
    const here = this.sound.state === 'running' && !leaving;
    const sound = here || this.armedElsewhere ? 'armed' : this.sound.state === 'absent' ? 'absent' : 'locked';
    const body = JSON.stringify({ name: deviceName(), sound, permission: this.permission, push: this.push });
    const last = memory.get(REPORTED);
    if (last?.body === body && (leaving || Date.now() - last.at < FRESH)) return;
    memory.set(REPORTED, { body, at: Date.now() });
    const outcome = await put(this.id, body);
    if (outcome !== 'taken') memory.remove(REPORTED);
    else if (!leaving) {
      this.leaveForWorker(body);
      // Pages that list devices look again.
      window.dispatchEvent(new CustomEvent('pms:device'));
    }
    if (outcome.refused && this.push) this.withoutPush(outcome.refused);
  }

  // The server sends nothing to this browser's push service. The rest of what the browser can do counts all the same.
  withoutPush(why) {
    this.takesPush(null);
    this.failedAt = Date.now();
    this.pushTrouble = why;
    this.changed();
  }

  // The other pages of this browser hear whether this one can sound.
  say(leaving = false) {
    channel.postMessage({ kind: 'page', tab, armed: this.sound.state === 'running' && !leaving });
  }

  // What the service worker has to know while no page is open: whose acknowledgements it keeps, and what to report if the
  // push service changes the subscription.
  async leaveForWorker(body) {
    if (!globalThis.caches) return;
    try {
      const shelf = await caches.open('pms-device');
      await shelf.put('/device', new Response(JSON.stringify({ id: this.id, person, report: JSON.parse(body) })));
    } catch {
      // The next page finds the new subscription by itself.
    }
  }

  // Whoever signs out of this browser is not alerted by it any more. The server has to hear it before the session ends,
  // so the form waits, but never for long.
  async signOut(event) {
    const form = event.target;
    if (new URL(form.action, location.href).pathname !== SIGN_OUT || this.gone) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.gone = true;
    channel.postMessage({ kind: 'signed-out' });
    const soon = new Promise((resolve) => setTimeout(resolve, FAREWELL));
    await Promise.race([Promise.allSettled([this.onSignOut(), this.disconnect()]), soon]);
    form.requestSubmit(event.submitter);
  }

  async disconnect() {
    const known = memory.get(REPORTED) !== null;
    for (const name of [REPORTED, PUSH]) memory.remove(name);
    const registration = await navigator.serviceWorker?.getRegistration('/');
    await Promise.allSettled([
      known && fetch(`/api/v1/me/devices/${this.id}`, { method: 'DELETE', keepalive: true }),
      registration?.pushManager?.getSubscription().then((subscription) => subscription?.unsubscribe()),
      clear(registration),
      globalThis.caches?.delete('pms-device'),
    ]);
  }
}

class Trouble extends Error {}

function addressOf(subscription) {
  const { endpoint, keys } = subscription.toJSON();
  return { endpoint, p256dh: keys.p256dh, auth: keys.auth };
}

// The key with which the server signs its messages; null if there is no answer just now.
async function serverKey() {
  const answer = await fetch('/api/v1/push/key', { signal: AbortSignal.timeout?.(PATIENCE) }).catch(() => null);
  if (answer === null || answer.status >= 500) return null;
  if (!answer.ok) throw new Trouble('This PMS sends no push messages.');
  const { key } = await answer.json();
  const bytes = atob(key.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(bytes, (letter) => letter.charCodeAt(0));
}

function isFor(subscription, key) {
  const kept = subscription.options?.applicationServerKey;
  if (!kept) return true;
  const bytes = new Uint8Array(kept);
  return bytes.length === key.length && bytes.every((byte, at) => byte === key[at]);
}

// `taken`, `later`, or `{ refused: why }`.
async function put(id, body) {
  try {
    const answer = await fetch(`/api/v1/me/devices/${id}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body,
      keepalive: true,
      signal: AbortSignal.timeout?.(PATIENCE),
    });
    if (answer.ok) return 'taken';
    if (answer.status !== 422) return 'later';
    const { detail, errors } = await answer.json();
    return { refused: errors?.map(({ message }) => message).join(' ') || detail };
  } catch {
    return 'later';
  }
}
