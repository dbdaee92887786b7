// The service worker: what reaches a person with every page of PMS closed. It shows push messages and does what their
// buttons say. It keeps no pages; those always come from the server.
const channel = new BroadcastChannel('pms-alerts');
const SHELF = 'pms-acknowledgements';
const SYNC = 'pms-acknowledgements';
// As in alerts/notices.js.
const LOCK = 'pms-notices';
// How long an answer of the server may take, and a page that shows notifications, in milliseconds.
const PATIENCE = 15_000;
const TURN = 2000;
// How long a page has to say that it goes where it was asked to, in milliseconds.
const ANSWER = 1000;
// For how long a notification does not sound again, in milliseconds.
const JUST_NOW = 20_000;

// A new version works at once: it shares nothing with pages that an older one began.
self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('push', (event) => event.waitUntil(show(event.data)));

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(clicked(event.notification, event.action));
});

self.addEventListener('pushsubscriptionchange', (event) => event.waitUntil(subscribeAgain(event)));

// Chromium calls this when the network is back; elsewhere the next page takes the shelf over.
self.addEventListener('sync', (event) => {
  if (event.tag === SYNC) event.waitUntil(sendShelf());
});

// Always shows something: a browser takes the right to push away from those who don't.
async function show(data) {
  const { notification, badge } = read(data);
  const { title, body = '', tag = '', navigate = '/', requireInteraction = false, ...rest } = notification;
  const { alert = null, acknowledge = null } = rest.data ?? {};
  const actions = alert
    ? [{ action: 'acknowledge', title: 'Acknowledge' }, { action: 'open', title: 'Open project' }]
    : [];
  if (Number.isInteger(badge)) self.navigator.setAppBadge?.(badge).catch(() => {});
  channel.postMessage({ kind: 'look' });
  await inTurn(async () =>
    self.registration.showNotification(String(title || 'PMS'), {
      body: String(body),
      tag: String(tag),
      // Without a tag it would be an error; and a page may have shown the same alert this moment.
      renotify: tag !== '' && !(await hasJustSounded(tag)),
      requireInteraction: requireInteraction || alert !== null,
      icon: '/icon-192.png',
      timestamp: Date.now(),
      actions,
      data: { alert, acknowledge, navigate, push: true },
    }),
  );
}

// Never beside a page that lists or shows notifications: see alerts/notices.js. One that hangs is not waited for.
function inTurn(act) {
  return navigator.locks.request(LOCK, { signal: AbortSignal.timeout(TURN) }, act).catch((error) => {
    if (error.name === 'TimeoutError') return act();
    throw error;
  });
}

async function hasJustSounded(tag) {
  const [there] = await self.registration.getNotifications({ tag });
  return there !== undefined && Date.now() - there.timestamp < JUST_NOW;
}

// A message in the form of Declarative Web Push (which Safari shows by itself), or whatever else came.
function read(data) {
  let message = null;
  try {
    message = data?.json();
  } catch {
    return { notification: { title: 'PMS', body: data.text() } };
  }
  const notification = message?.notification;
  if (!notification || typeof notification !== 'object') return { notification: { title: 'PMS' } };
  return { notification, badge: message.app_badge };
}

async function clicked(notification, action) {
  const { alert = null, acknowledge = null, navigate = '/', push = false } = notification.data ?? {};
  if (action !== 'acknowledge' || !alert) return open(navigate);
  const kept = { at: new Date().toISOString(), via: push ? 'push' : 'notification', person: (await device())?.person };
  // Silent here at once, and kept before the server is asked: the browser may end this worker while it waits. Then a page
  // that is open sends it, or the next one, or this worker when the network is back.
  channel.postMessage({ kind: 'acknowledged', id: alert, kept });
  await keep(alert, kept).catch(() => {});
  const outcome = await send({ id: alert, ...kept }, acknowledge);
  if (outcome === 'done' || outcome === 'refused') await settle(alert, outcome);
  else await self.registration.sync?.register(SYNC).catch(() => {});
  if (outcome === 'refused') await open(navigate);
  // The page behind the link asks for one more press, but for no password.
  if (outcome === 'signed out') await open(acknowledge ?? navigate);
}

async function keep(id, kept) {
  const shelf = await caches.open(SHELF);
  await shelf.put(`/kept/${id}`, new Response(JSON.stringify({ id, ...kept })));
}

// The server has answered. What it refuses rings again.
async function settle(id, outcome) {
  channel.postMessage(outcome === 'done' ? { kind: 'acknowledged', id, done: true } : { kind: 'refused', id });
  const shelf = await caches.open(SHELF);
  await shelf.delete(`/kept/${id}`);
}

// `done`, `refused`, `signed out`, or `later`.
async function send({ id, at, via }, acknowledge) {
  try {
    const answer = await fetch(`/api/v1/alerts/${encodeURIComponent(id)}/acknowledge`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ at, via }),
      credentials: 'same-origin',
      keepalive: true,
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (answer.ok) return 'done';
    // The session may be over long since, or be somebody else's; the message brought a signed link of its own.
    if ((answer.status === 401 || answer.status === 404) && acknowledge) return await sendByLink(acknowledge);
    if (answer.status === 401) return 'signed out';
    return answer.status === 408 || answer.status === 429 || answer.status >= 500 ? 'later' : 'refused';
  } catch {
    return 'later';
  }
}

// What the form on the link's page sends: the token says whose alert it is.
async function sendByLink(link) {
  const token = new URL(here(link)).searchParams.get('token') ?? '';
  const body = new URLSearchParams({ token });
  const signal = AbortSignal.timeout(PATIENCE);
  const answer = await fetch('/fn/urgent/acknowledge-linked', { method: 'POST', body, keepalive: true, signal });
  return answer.ok ? 'done' : 'signed out';
}

async function sendShelf() {
  const shelf = await caches.open(SHELF);
  const person = (await device())?.person;
  for (const request of await shelf.keys()) {
    const kept = await (await shelf.match(request)).json();
    if (kept.person !== person) continue;
    const outcome = await send(kept, null);
    // The browser tries again later if this fails.
    if (outcome === 'later') throw new Error('The server is not there yet.');
    if (outcome !== 'signed out') await settle(kept.id, outcome);
  }
}

// A page that is open comes to the front and goes there; otherwise a new one opens.
async function open(path) {
  const target = here(path);
  const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const page = pages.find(({ url }) => url === target) ?? pages.find(({ focused }) => focused) ?? pages[0];
  try {
    if (!page) return await self.clients.openWindow(target);
    const answer = page.url === target ? 'goes' : await asked(page, target);
    // One click opens a window or brings one to the front, not both.
    if (answer === 'stays') return await self.clients.openWindow(target);
    // Without a click that the browser believes in, it stays where it is, and goes there all the same.
    await page.focus().catch(() => {});
    if (answer === null) await page.navigate(target);
  } catch {
    // No window may be opened, or the page has just gone.
  }
}

// The address on this site: a message leads to no other, whatever name PMS has in it.
function here(address) {
  const { pathname, search } = new URL(address, self.location.origin);
  return new URL(pathname + search, self.location.origin).href;
}

// Asks the page to go there by itself: loaded anew, its sound would be locked. Says `goes`, `stays` if text would be lost,
// or null if the page has no answer.
function asked(page, target) {
  const { port1, port2 } = new MessageChannel();
  const answer = new Promise((resolve) => {
    port1.onmessage = ({ data }) => resolve(data);
    setTimeout(() => resolve(null), ANSWER);
  });
  page.postMessage({ kind: 'go', target }, [port2]);
  return answer;
}

// The push service has given this browser another address. The last report that a page left here is sent again with it.
async function subscribeAgain(event) {
  await reportAgain(event).catch(() => {});
  channel.postMessage({ kind: 'subscribed' });
}

// What a page has left here about this browser.
async function device() {
  const left = await caches.match('/device', { cacheName: 'pms-device' }).catch(() => null);
  return left?.json();
}

async function reportAgain(event) {
  const left = await device();
  if (!left) return;
  const options = event.oldSubscription?.options ?? { userVisibleOnly: true, applicationServerKey: await serverKey() };
  const subscription = event.newSubscription ?? (await self.registration.pushManager.subscribe(options));
  const { endpoint, keys } = subscription.toJSON();
  const report = { ...left.report, sound: 'locked', push: { endpoint, p256dh: keys.p256dh, auth: keys.auth } };
  await fetch(`/api/v1/me/devices/${left.id}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(report),
    signal: AbortSignal.timeout(PATIENCE),
  });
}

async function serverKey() {
  const { key } = await (await fetch('/api/v1/push/key')).json();
  return key;
}
