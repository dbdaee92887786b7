// What the browser noticed of this page: how long it took, how calm it was, and what went wrong in it. The numbers are said
// once, when the page is put away for the first time; what went wrong, soon. For whoever runs PMS, and without whose it is.
'use strict';

(() => {
  const WHERE = '/vitals';
  const SOON = 1000;
  const MOST_ERRORS = 5; // Of one page: what is broken says the same again and again.
  const LONGEST = 300; // Characters of a text.
  const SAME_SHIFT = 1000; // What moves within this time is one unrest, of …
  const LONGEST_SHIFT = 5000; // … this length at the most.
  const FASTEST = 40; // Milliseconds; what answers faster is not told apart.
  const FORGIVEN = 50; // Of so many acts the slowest is left out.

  const observers = [];
  const slowest = new Map(); // Milliseconds, by act.
  let drawn = null;
  let moved = null;
  let shift = { from: -Infinity, to: -Infinity, sum: 0 };
  let errors = [];
  let left = MOST_ERRORS;
  let timer = 0;
  let isTold = false;
  // What was drawn while nobody looked took as long as they did not look.
  const wasSeen = !document.hidden;

  function watch(type, take, options = {}) {
    if (!globalThis.PerformanceObserver?.supportedEntryTypes?.includes(type)) return false;
    const all = (list) => list.forEach(take);
    const observer = new PerformanceObserver((list) => all(list.getEntries()));
    observer.observe({ type, buffered: true, ...options });
    observers.push(() => all(observer.takeRecords()));
    return true;
  }

  const begun = performance.getEntriesByType('navigation')[0]?.activationStart ?? 0;
  watch('largest-contentful-paint', ({ startTime }) => (drawn = Math.max(0, startTime - begun)));
  const act = ({ interactionId, duration }) => {
    if (interactionId) slowest.set(interactionId, Math.max(slowest.get(interactionId) ?? 0, duration));
  };
  watch('event', act, { durationThreshold: FASTEST });
  watch('first-input', act);
  const isCalm = watch('layout-shift', ({ startTime, value, hadRecentInput }) => {
    if (hadRecentInput) return;
    const goesOn = startTime - shift.to < SAME_SHIFT && startTime - shift.from < LONGEST_SHIFT;
    shift = goesOn ? { ...shift, to: startTime, sum: shift.sum + value } : { from: startTime, to: startTime, sum: value };
    moved = Math.max(moved, shift.sum);
  });
  if (isCalm) moved = 0;

  function tellNumbers() {
    if (isTold || !document.hidden) return;
    isTold = true;
    observers.forEach((take) => take());
    const count = performance.interactionCount ?? slowest.size;
    const answered = [...slowest.values()].sort((a, b) => b - a);
    const inp = answered[Math.min(answered.length - 1, Math.floor(count / FORGIVEN))];
    send({ lcp: wasSeen ? drawn : null, inp: inp ?? null, cls: moved });
  }

  window.addEventListener('error', ({ message, filename, lineno, colno, error }) => {
    // A picture that did not load has no message.
    if (message) note(message, placeIn(error) || `${filename}:${lineno}:${colno}`);
  });
  window.addEventListener('unhandledrejection', ({ reason }) => note(reason?.message ?? reason, placeIn(reason)));

  // Where it was thrown: of the module only this says which function it was.
  function placeIn(error) {
    const lines = typeof error?.stack === 'string' ? error.stack.split('\n') : [];
    return lines.find((line) => /:\d+|wasm-function/.test(line) && !line.includes(error.message))?.trim() ?? '';
  }

  function note(message, place) {
    if (left-- <= 0) return;
    errors.push({ message: shown(message), where: shown(place).replaceAll(location.origin, '') });
    timer ||= setTimeout(tellErrors, SOON);
  }

  // Without what stands in addresses after the path, which may be what somebody looked for, and without which extensions
  // somebody has.
  function shown(text) {
    let words = '';
    try {
      words = String(text);
    } catch {
      words = 'something without words';
    }
    const plain = words.replace(/[?#][^\s'")]*/g, '').replace(/\b[\w-]+-extension:\/\/[^\s:'")]*/g, 'extension');
    return [...plain].slice(0, LONGEST).join('');
  }

  function tellErrors() {
    clearTimeout(timer);
    timer = 0;
    if (errors.length > 0) send({ errors: errors.splice(0) });
  }

  function send(report) {
    try {
      // Without an answer: nobody waits for it, and a page that goes away still sends it.
      navigator.sendBeacon(WHERE, new Blob([JSON.stringify(report)], { type: 'application/json' }));
    } catch {
      // A browser that sends none.
    }
  }

  document.addEventListener('visibilitychange', () => {
    tellNumbers();
    if (document.hidden) tellErrors();
  });
})();
