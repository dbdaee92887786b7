// Acknowledgements that the server does not have yet. They are kept in the browser with their time and sent again until
// there is an answer, so that acknowledging works without a connection and wins over repeats that come later.
import { memory, person } from './browser.js';

// Where the service worker, which has no `localStorage`, leaves what it could not send. See sw.js.
const SHELF = 'pms-acknowledgements';
const NAME = 'ack.';
// How long an answer may take.
const PATIENCE = 15_000;

export class Acks {
  constructor() {
    // When it was known that an alert is acknowledged: a list that the server began to make before then is out of date.
    this.settled = new Map();
    this.sending = new Set();
  }

  keep({ id, note, via, device }) {
    const at = new Date().toISOString();
    memory.set(NAME + id, { at, via, device, ...(note ? { note } : {}) });
  }

  // Whether an alert that the server named in an answer, asked for at `began`, is acknowledged all the same.
  silences(id, began) {
    return memory.get(NAME + id) !== null || (this.settled.get(id) ?? 0) >= began;
  }

  // Another page, or the service worker, has it; or the server, when it is `done`.
  heard({ id, kept, done }) {
    this.settled.set(id, Date.now());
    if (kept) this.take(id, kept);
    if (done) this.forget(id);
  }

  // From the service worker. Whose it is, it says if it knows.
  take(id, { person: whose, ...kept }) {
    if ((whose ?? person) !== person) return false;
    memory.set(NAME + id, kept);
    return true;
  }

  // Sends all that are kept: gives the ids of those that the server has now, and the sentences of those that it refuses
  // for good.
  async send() {
    const ids = memory.names().filter((name) => name.startsWith(NAME)).map((name) => name.slice(NAME.length));
    const outcomes = await Promise.all(ids.map((id) => this.sendOne(id)));
    return {
      done: ids.filter((_, at) => outcomes[at] === 'done'),
      refused: outcomes.filter((outcome) => outcome?.refused).map(({ refused }) => refused),
    };
  }

  async sendOne(id) {
    const kept = memory.get(NAME + id);
    if (kept === null || this.sending.has(id)) return null;
    this.sending.add(id);
    try {
      const answer = await fetch(`/api/v1/alerts/${encodeURIComponent(id)}/acknowledge`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(kept),
        keepalive: true,
        signal: AbortSignal.timeout?.(PATIENCE),
      });
      if (comesLater(answer.status)) return null;
      this.forget(id);
      if (answer.ok) this.settled.set(id, Date.now());
      // 404: the alert is gone, or another person's who used this browser.
      if (answer.ok || answer.status === 404) return 'done';
      const problem = await answer.json().catch(() => ({}));
      return { refused: problem.detail ?? problem.title ?? `The server answered ${answer.status}.` };
    } catch {
      // The network: it is kept.
      return null;
    } finally {
      this.sending.delete(id);
    }
  }

  forget(id) {
    memory.remove(NAME + id);
    globalThis.caches?.open(SHELF).then((shelf) => shelf.delete(`/kept/${id}`)).catch(() => {});
  }

  // Takes over what the service worker could not send while no page was open.
  async takeOver() {
    if (!globalThis.caches) return;
    try {
      const shelf = await caches.open(SHELF);
      for (const request of await shelf.keys()) {
        const { id, ...kept } = await (await shelf.match(request)).json();
        if (this.take(id, kept)) await shelf.delete(request);
      }
    } catch {
      // The browser keeps nothing for this page.
    }
  }
}

// Not signed in any more, too many requests, the server's own fault: none of them is about the acknowledgement.
function comesLater(status) {
  return status === 401 || status === 408 || status === 429 || status >= 500;
}
