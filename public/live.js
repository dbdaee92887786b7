// Tells the page what the server says: window events `pms:live`, whose `detail` has a `kind` ('change', 'inbox',
// 'urgent', 'present', 'resync', 'ready', 'state', 'held') and what belongs to it. Plain script, so that alerts work before
// and without the module. The page begins where it was rendered: its `<meta name="pms-live">` has the id of the last event
// that is in it.
'use strict';

(() => {
  const meta = document.querySelector('meta[name="pms-live"]');
  if (!meta) return;

  const LATE = 30_000; // What came this short a time ago is told to a part of the page that begins to listen now.
  const MANY = 100; // Held changes beyond this are "anything".
  const LONGEST_PAUSE = 30_000;
  let recent = []; // [{ at, message }]
  let held = []; // Changes that wait for the page to be seen.
  let state = 'connecting';
  let answered = false;
  let send = () => {};

  window.pmsLive = {
    // For who listens only now: the state, and what came a moment ago.
    recent: () => {
      forget();
      return [{ kind: 'state', state }, ...recent.map(({ message }) => message)];
    },
  };

  function forget() {
    const since = Date.now() - LATE;
    recent = recent.filter(({ at }) => at > since);
  }

  function hear(message) {
    answered = true;
    if (message.kind === 'state') state = message.state;
    // Nobody looks: what has changed is fetched when somebody does, not each time.
    if (document.hidden && (message.kind === 'change' || message.kind === 'resync')) hold(message);
    else tell(message);
  }

  function tell(message) {
    forget();
    if (message.kind !== 'state') recent.push({ at: Date.now(), message });
    dispatch(message);
  }

  function dispatch(message) {
    window.dispatchEvent(new CustomEvent('pms:live', { detail: message }));
  }

  function hold(message) {
    // Alerts don't wait.
    dispatch({ kind: 'held', message });
    held.push(...(message.changes ?? [message]));
    if (held.length > MANY) held = [{ kind: 'resync' }];
  }

  function release() {
    const [changes, others] = [held.filter((one) => one.action), held.filter((one) => one.kind)];
    held = [];
    if (others.length > 0) tell({ kind: 'resync' });
    else if (changes.length > 0) tell({ kind: 'change', changes });
  }

  function connect(port) {
    port.onmessage = ({ data }) => hear(data);
    send = (message) => port.postMessage(message);
    hello();
  }

  const address = `/live-worker.js?v=${meta.dataset.build}`;

  function begin() {
    try {
      const worker = new SharedWorker(address, { name: meta.dataset.user });
      worker.onerror = () => answered || beginHere();
      connect(worker.port);
    } catch {
      beginHere();
    }
  }

  // Where the browser has no shared workers, or does not load this one, the page runs the same code itself.
  function beginHere(tries = 0) {
    const script = document.createElement('script');
    script.src = address;
    script.onerror = () => {
      hear({ kind: 'state', state: 'lost' });
      setTimeout(() => beginHere(tries + 1), Math.min(LONGEST_PAUSE, 1000 * 2 ** tries));
    };
    script.onload = () => {
      const { port1, port2 } = new MessageChannel();
      window.onconnect({ ports: [port1] });
      connect(port2);
    };
    document.head.append(script);
  }

  const hello = () => send({ type: 'hello', since: meta.content });

  document.addEventListener('visibilitychange', () => {
    if (document.hidden) return;
    send({ type: 'wake' });
    release();
  });
  window.addEventListener('online', () => send({ type: 'wake' }));
  window.addEventListener('pagehide', () => send({ type: 'bye' }));
  window.addEventListener('pageshow', (event) => {
    // From the cache of pages: it may be hours old.
    if (event.persisted) hello();
  });
  begin();
})();
