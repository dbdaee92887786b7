// What the browser noticed of this page: how long it took, how calm it was, and what went wrong in it. Said when the page is
// put away; what went wrong, soon. Numbers for whoever runs PMS, without whose they are.
'use strict';

(() => {
  const WHERE = '/vitals';
  const SOON = 1000;
  const MOST_ERRORS = 5; // Of one page: what is broken says the same again and again.
  const SAME_SHIFT = 1000; // What moves within this time is one unrest, of …
  const LONGEST_SHIFT = 5000; // … this length at the most.
  const FASTEST = 40; // Milliseconds; what answers faster is not told apart.

  let told = {}; // Numbers since the last time.
  let errors = [];
  let left = MOST_ERRORS;
  let timer = 0;

  function watch(type, take, options = {}) {
    try {
      new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true, ...options });
    } catch {
      // A browser that does not know this one.
    }
  }

  watch('largest-contentful-paint', ({ startTime }) => (told.lcp = startTime));
  watch('event', ({ interactionId, duration }) => interactionId && (told.inp = Math.max(told.inp ?? 0, duration)), {
    durationThreshold: FASTEST,
  });
  let shift = { from: 0, to: 0, sum: 0 };
  watch('layout-shift', ({ startTime, value, hadRecentInput }) => {
    if (hadRecentInput) return;
    const goesOn = startTime - shift.to < SAME_SHIFT && startTime - shift.from < LONGEST_SHIFT;
    shift = goesOn ? { ...shift, to: startTime, sum: shift.sum + value } : { from: startTime, to: startTime, sum: value };
    told.cls = Math.max(told.cls ?? 0, shift.sum);
  });

  window.addEventListener('error', ({ message, filename, lineno }) => message && note(message, `${filename}:${lineno}`));
  window.addEventListener('unhandledrejection', ({ reason }) => note(String(reason?.message ?? reason), ''));

  function note(message, where) {
    if (left-- <= 0) return;
    // Without the query, which may say what somebody looked for.
    errors.push({ message: message.slice(0, 300), where: where.replace(location.origin, '').split('?')[0].slice(0, 200) });
    timer ||= setTimeout(tell, SOON);
  }

  function tell() {
    clearTimeout(timer);
    timer = 0;
    if (errors.length === 0 && Object.keys(told).length === 0) return;
    const report = JSON.stringify({ ...told, errors });
    [told, errors] = [{}, []];
    // Without an answer: nobody waits for it, and a page that goes away still sends it.
    navigator.sendBeacon(WHERE, new Blob([report], { type: 'application/json' }));
  }

  document.addEventListener('visibilitychange', () => document.hidden && tell());
})();
