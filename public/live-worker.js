// One stream of events for all pages that a browser shows of PMS: browsers open few connections to one place, and ten
// pages with a stream each would leave none for the eleventh.
//
// A page says `hello` with the id of the last event that it knows, `bye` when it goes, and `wake` when it thinks that
// the network is back. It hears every event from that id on, and how the connection is.
'use strict';

(() => {
  const KEPT = 500; // Events that are told again to a page that comes later.
  const SILENCE = 40_000; // The server says something every 15 seconds; after this long the connection is dead.
  const LONGEST_PAUSE = 30_000;
  const PATIENCE = 10_000; // How long an answer may take.
  const EVENTS = ['ready', 'change', 'inbox', 'urgent', 'present', 'resync', 'beat'];

  const pages = new Set();
  let behind = []; // Pages that have missed what came while nobody was signed in.
  let source = null;
  let state = 'connecting'; // 'live' | 'connecting' | 'lost' | 'signed_out'
  let last = null; // The id of the last event.
  let kept = []; // [{ id, message }], oldest first.
  let oldest = null; // The id before the first that is kept.
  let tries = 0;
  let retry = null;
  let watchdog = null;

  self.onconnect = (connect) => {
    const page = connect.ports[0];
    page.onmessage = ({ data }) => hear(page, data);
  };

  function hear(page, { type, since }) {
    if (type === 'bye') {
      pages.delete(page);
      if (pages.size === 0) stop();
    } else if (type === 'wake') {
      if (retry !== null) connect();
    } else if (type === 'hello') {
      const anew = source === null && retry === null;
      if (anew) begin(since);
      pages.add(page);
      page.postMessage({ kind: 'state', state });
      if (!anew) catchUp(page, since);
    }
  }

  // The first page decides where the stream begins. Whoever was signed out and is here again starts anew.
  function begin(since) {
    behind = [...pages];
    become('connecting');
    last = oldest = since;
    kept = [];
    tries = 0;
    connect();
  }

  function stop() {
    close();
    clearTimeout(retry);
    retry = null;
    state = 'connecting';
  }

  function catchUp(page, since) {
    const [change, access] = since.split('.').map(Number);
    const [first, first_access] = oldest.split('.').map(Number);
    if (change < first || access < first_access) page.postMessage({ kind: 'resync' });
    else kept.filter(({ id }) => Number(id.split('.')[0]) > change).forEach(({ message }) => page.postMessage(message));
  }

  function connect() {
    clearTimeout(retry);
    retry = null;
    close();
    source = new EventSource(`/api/v1/events?since=${encodeURIComponent(last)}`);
    for (const name of EVENTS) source.addEventListener(name, (event) => told(name, event));
    source.addEventListener('bye', (event) => {
      if (JSON.parse(event.data).reason === 'signed_out') leave();
      else comeAgain();
    });
    source.onerror = () => comeAgain();
    guard();
  }

  function close() {
    source?.close();
    source = null;
    clearTimeout(watchdog);
  }

  // A connection that a sleeping computer or a proxy has forgotten says nothing, not even that it is broken.
  function guard() {
    clearTimeout(watchdog);
    watchdog = setTimeout(comeAgain, SILENCE);
  }

  function told(name, event) {
    guard();
    if (event.lastEventId) last = event.lastEventId;
    if (name === 'ready') tries = 0;
    become('live');
    if (name === 'beat') return;
    const message = { ...JSON.parse(event.data), kind: name };
    if (name === 'change' || name === 'resync') keep(message);
    tell(message);
    if (name === 'ready') behind.splice(0).forEach((page) => page.postMessage({ kind: 'resync' }));
  }

  function keep(message) {
    kept.push({ id: last, message });
    while (kept.length > KEPT) oldest = kept.shift().id;
  }

  // The pauses grow and are never the same, so that a server that comes back is not stormed by everybody at once.
  function comeAgain() {
    close();
    tries += 1;
    become(tries > 1 ? 'lost' : 'connecting');
    const pause = Math.min(LONGEST_PAUSE, 500 * 2 ** Math.min(tries, 8)) * (0.5 + Math.random() / 2);
    clearTimeout(retry);
    retry = setTimeout(tries % 3 === 2 ? lookFirst : connect, pause);
  }

  // A stream that is refused does not say why: perhaps nobody is signed in any more.
  async function lookFirst() {
    const answer = await fetch('/api/v1/account', { signal: AbortSignal.timeout?.(PATIENCE) }).catch(() => null);
    if (answer?.status === 401) leave();
    else connect();
  }

  function leave() {
    close();
    clearTimeout(retry);
    retry = null;
    become('signed_out');
  }

  function become(now) {
    if (state === now) return;
    state = now;
    tell({ kind: 'state', state });
  }

  function tell(message) {
    for (const page of pages) page.postMessage(message);
  }
})();
