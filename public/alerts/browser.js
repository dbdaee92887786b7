// What one browser is to the alerts: who is signed in, this page among its pages, the way to the others, and what is
// remembered.

// Who is signed in: a browser may be used by several people in turn, and none gets what is another's.
export const person = document.querySelector('meta[name="pms-person"]')?.content ?? '';

// This page among the browser's pages. Not `crypto.randomUUID`: it is only there under https.
export const tab = [...crypto.getRandomValues(new Uint32Array(2))].map((part) => part.toString(36)).join('');

// The browser's other pages, and its service worker, which uses the same name.
export const channel = globalThis.BroadcastChannel
  ? new BroadcastChannel('pms-alerts')
  : { postMessage() {}, addEventListener() {} };

// An id that sorts by the time at which it was made (UUIDv7), as everywhere in PMS.
export function newId(now = Date.now()) {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  for (let at = 0; at < 6; at++) bytes[at] = Math.floor(now / 2 ** (8 * (5 - at))) % 256;
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

// What the browser remembers for this person. Where it refuses to (private windows, a full disk), this page remembers
// for as long as it lives.
const prefix = `pms.${person}.`;
const fallback = new Map();

export const memory = {
  get(name) {
    try {
      return JSON.parse(localStorage.getItem(prefix + name)) ?? fallback.get(name) ?? null;
    } catch {
      return fallback.get(name) ?? null;
    }
  },
  set(name, value) {
    try {
      localStorage.setItem(prefix + name, JSON.stringify(value));
    } catch {
      fallback.set(name, value);
    }
  },
  remove(name) {
    fallback.delete(name);
    try {
      localStorage.removeItem(prefix + name);
    } catch {
      // Nothing is kept there, then.
    }
  },
  names() {
    const kept = new Set(fallback.keys());
    try {
      for (let at = 0; at < localStorage.length; at++) {
        const key = localStorage.key(at);
        if (key.startsWith(prefix)) kept.add(key.slice(prefix.length));
      }
    } catch {
      // As above.
    }
    return [...kept];
  },
};

// An element with a class and text or children. Text only ever becomes text: reasons and names are other people's words.
export function element(name, className = '', ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

export function button(text, variant, onClick) {
  const made = element('button', 'button', text);
  made.type = 'button';
  made.dataset.variant = variant;
  made.addEventListener('click', onClick);
  return made;
}
