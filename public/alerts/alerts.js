// Urgent alerts in the browser: while any alert of the signed-in person rings, this page says so, and one page of the
// browser sounds, until that person acknowledges.
//
// Plain script, outside the WebAssembly module: it has to ring before the module is there, and when the module has
// failed. The parts: `sound` makes the tone, `leader` chooses the page that plays it, `panel` is what is seen, `device`
// arms this browser and reports it, `notices` are the system's notifications, `acks` keeps acknowledgements until the
// server has them. This file asks the server what rings and tells each of them.
import { Acks } from './acks.js';
import { Device } from './device.js';
import { Leader } from './leader.js';
import { channel, person, tab } from './browser.js';
import { Notices } from './notices.js';
import { Panel } from './panel.js';
import { Sound } from './sound.js';
import { Strip } from './strip.js';

// The net below the live events, in milliseconds. Each wait is a little longer than the last by chance, so that many
// pages that were opened together do not ask together.
const NET = 30_000;
// After a break many pages are connected again at once: each asks within this time.
const SPREAD = 1500;
// How long an answer may take.
const PATIENCE = 15_000;

const acks = new Acks();
const sound = new Sound();
const device = new Device(sound);
const leader = new Leader(channel, tab);
const notices = new Notices();
const panel = new Panel();
const strip = new Strip(panel, device);

// What rings, by id, in the order in which it began.
let ringing = new Map();
// The server said that nobody is signed in here.
let signedOut = false;
let asking = null;
let askAgain = false;

// Asks the server what rings. One question at a time; who asks meanwhile gets one more.
function ask() {
  if (asking) {
    askAgain = true;
    return asking;
  }
  asking = question().finally(() => {
    asking = null;
    if (askAgain) {
      askAgain = false;
      ask();
    }
  });
  return asking;
}

async function question() {
  const began = Date.now();
  const { status, items } = await answerOf('/api/v1/me/alerts');
  if (status === 401) return leave();
  // What rings goes on ringing when the server can't say: only an answer silences it.
  if (!items) return;
  signedOut = false;
  const rings = items.filter(({ id }) => !acks.silences(id, began));
  rings.sort((one, other) => one.since.localeCompare(other.since));
  ringing = new Map(rings.map((alert) => [alert.id, alert]));
  show();
  notices.notify(rings, began).catch(() => {});
}

async function answerOf(address) {
  try {
    const answer = await fetch(address, { cache: 'no-store', signal: AbortSignal.timeout?.(PATIENCE) });
    return { status: answer.status, items: answer.ok ? (await answer.json()).items : null };
  } catch {
    // The network. The net asks again.
    return { status: 0, items: null };
  }
}

// Brings everything into the state that fits what rings.
function show() {
  const alerts = [...ringing.values()];
  if (alerts.length > 0) sound.probe();
  leader.want(alerts.length > 0 && sound.state === 'running');
  panel.show(alerts, { sound: sound.state, elsewhere: leader.elsewhere() });
  strip.show(alerts, { signedOut });
  notices.sign(alerts);
}

function leave() {
  signedOut = true;
  ringing.clear();
  show();
}

// Silent here at once, in the browser's other pages by the channel, on other devices by the server.
function acknowledge(id, note, via = 'page') {
  acks.keep({ id, note, via, device: device.id });
  channel.postMessage({ kind: 'acknowledged', id });
  quiet(id);
  send();
}

function quiet(id) {
  ringing.delete(id);
  notices.close(id).catch(() => {});
  show();
}

// Sends what is kept. What the server refuses for good rings again, and says why.
async function send() {
  const { done, refused } = await acks.send();
  // The browser's other pages may have been told otherwise by the server in between.
  for (const id of done) channel.postMessage({ kind: 'acknowledged', id });
  if (refused.length === 0) return;
  await ask();
  panel.refuse(refused);
}

// What may have changed on either side while nobody could say so.
function again() {
  ask();
  send();
}

function wire() {
  panel.onAcknowledge = acknowledge;
  panel.onAside = show;
  leader.onLead = () => sound.ring();
  leader.onLose = () => sound.hush();
  leader.onChange = show;
  sound.onChange = () => {
    device.report();
    show();
  };
  device.onChange = show;
  device.onSignOut = send;
  channel.addEventListener('message', ({ data }) => {
    if (data.kind === 'acknowledged') {
      acks.heard(data);
      quiet(data.id);
    } else if (data.kind === 'refused') {
      acks.forget(data.id);
      ask();
    } else if (data.kind === 'signed-out') {
      device.gone = true;
      leave();
    } else if (data.kind === 'look') {
      ask();
    }
  });
}

// As a click on a link: the page's own router takes it, so that nothing is loaded anew and the sound stays on.
function go(target) {
  const link = document.createElement('a');
  link.href = target;
  document.body.append(link);
  link.click();
  link.remove();
}

// Whether somebody has written something here that would be lost elsewhere.
function isHalfWritten() {
  const fields = [...document.querySelectorAll('textarea, input:not([type]), input[type="text"]')];
  return fields.some((field) => field.value !== field.defaultValue && field.getClientRects().length > 0);
}

function listen() {
  navigator.serviceWorker?.addEventListener('message', ({ data, ports }) => {
    if (data?.kind !== 'go') return;
    const stays = isHalfWritten();
    ports[0]?.postMessage(stays ? 'stays' : 'goes');
    if (!stays) go(data.target);
  });
  window.addEventListener('pms:live', ({ detail }) => {
    // What the page is told only when somebody looks counts here at once.
    const { kind, changes = [] } = detail.kind === 'held' ? detail.message : detail;
    // What was urgent while there was no connection is not told again; what was acknowledged meanwhile waits here.
    if (kind === 'ready') setTimeout(again, Math.random() * SPREAD);
    const concerns = changes.some(({ action }) => /^(urgent|alert)\./.test(action));
    if (kind === 'urgent' || kind === 'resync' || concerns) ask();
  });
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState !== 'visible') return;
    sound.revive();
    again();
  });
  // A page that comes back from the browser's memory.
  window.addEventListener('pageshow', ({ persisted }) => persisted && ask());
  window.addEventListener('online', again);
  const net = () => {
    setTimeout(net, NET * (1 + Math.random() / 5));
    again();
    device.check();
  };
  setTimeout(net, NET);
}

// The service may have urgent alerts turned off: then nothing is asked for, and nothing shown.
function start() {
  if (document.querySelector('meta[name="pms-urgent"]')?.content === 'off') return;
  if (!person) return;
  wire();
  listen();
  for (const part of [sound, leader, panel, strip, device]) part.start();
  acks.takeOver().finally(again);
}

start();
