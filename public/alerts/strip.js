// The strip at the foot of every page: an alert that was put aside, or what this browser still lacks to alert its
// person. It fills the element that the page keeps for it, and what the page marks with `data-arm-device`.
import { button, element } from './browser.js';
import { lacks, stateLines, steps } from './words.js';

// The click comes at most this much later than the pointer or key is let go: with a touch it need not be the next event.
const CLICK = 300;
const SVG = 'http://www.w3.org/2000/svg';
const ALERT = 'M12 4 2.8 19.5h18.4zM12 10v4.5M12 17h.01';
const BELL = 'M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15zM10 20.5h4';

export class Strip {
  constructor(panel, device) {
    Object.assign(this, { panel, device });
    this.alerts = [];
    this.signedOut = false;
    this.pressed = false;
  }

  start() {
    // Pages come and go without the browser loading anything, and bring their own places for the button.
    new MutationObserver(() => this.fillPlaces()).observe(document.body, { childList: true, subtree: true });
    document.addEventListener('click', (event) => {
      if (event.target.closest?.('button[data-arm-device]')) this.device.arm();
    });
    // Pressing a button turns sound on before it is let go. Drawn anew in between, it would never be clicked.
    for (const kind of ['pointerdown', 'keydown']) {
      window.addEventListener(kind, (event) => this.press(event), { capture: true, passive: true });
    }
    for (const kind of ['pointerup', 'pointercancel', 'keyup']) {
      window.addEventListener(kind, () => this.letGo(), { capture: true, passive: true });
    }
    // Capturing, it would be any element's.
    window.addEventListener('blur', () => this.letGo());
    // After whoever handles it.
    window.addEventListener('click', () => this.letGo(0));
  }

  press({ target, button = 0 }) {
    const was = this.pressed;
    clearTimeout(this.letting);
    this.pressed = button === 0 && Boolean(target.closest?.('#alert-strip, [data-arm-device]'));
    if (was && !this.pressed) this.draw();
  }

  letGo(after = CLICK) {
    if (!this.pressed) return;
    clearTimeout(this.letting);
    this.letting = setTimeout(() => {
      this.pressed = false;
      this.draw();
    }, after);
  }

  show(alerts, { signedOut }) {
    Object.assign(this, { alerts, signedOut });
    if (!this.pressed) this.draw();
  }

  draw() {
    const host = document.getElementById('alert-strip') ?? this.makeHost();
    const [key, tone, build] = this.content();
    this.fillPlaces();
    if (this.key === key && this.host === host) return;
    Object.assign(this, { key, host });
    // Whoever stands on its button must not be thrown to the top of the page. The last one acknowledges nothing.
    const held = host.contains(document.activeElement);
    host.dataset.tone = tone;
    host.replaceChildren(...build());
    if (held) ([...host.querySelectorAll('button, a, summary')].at(-1) ?? document.getElementById('main'))?.focus();
  }

  // What it says: a name for it, its tone, and what makes it.
  content() {
    const { alerts } = this;
    if (alerts.length > 0 && !this.panel.isOpen) {
      return [`rings ${alerts.map(({ id }) => id)}`, 'danger', () => this.ringing()];
    }
    if (this.signedOut) return ['signed out', 'warning', signIn];
    const lack = this.device.lack();
    return lack ? [`lacks ${lack}`, 'warning', () => this.lacking(lack)] : ['', 'neutral', () => []];
  }

  ringing() {
    const { alerts } = this;
    const [first] = alerts;
    const words =
      alerts.length === 1
        ? `${first.project.name} is urgent. It rings until you acknowledge.`
        : `${alerts.length} projects are urgent. They ring until you acknowledge.`;
    const parts = [icon(ALERT), element('p', 'alert-strip-text', words)];
    if (alerts.length === 1) {
      parts.push(small(button('Acknowledge', 'danger', () => this.panel.onAcknowledge(first.id, ''))));
    }
    parts.push(small(button(alerts.length === 1 ? 'Show' : 'Show them', 'secondary', () => this.panel.open())));
    return parts;
  }

  lacking(lack) {
    const { title, text, act } = lacks[lack];
    const words = element('p', 'alert-strip-text', element('strong', '', title), ' ', text);
    const parts = [icon(BELL), words];
    if (act) parts.push(small(button(act, 'secondary', () => this.device.arm())));
    if (lack === 'denied') parts.push(howTo());
    return parts;
  }

  makeHost() {
    const host = element('section', 'alert-strip');
    host.id = 'alert-strip';
    host.setAttribute('aria-label', 'Urgent alerts');
    document.body.append(host);
    return host;
  }

  // The places where a page wants the button itself, with what this browser can do.
  fillPlaces() {
    if (this.pressed) return;
    for (const place of document.querySelectorAll('[data-arm-device]:not(button)')) {
      const lines = stateLines(this.device);
      const key = JSON.stringify(lines);
      if (place.dataset.state === key) continue;
      place.dataset.state = key;
      const list = element('ul', 'arm-device-state');
      for (const { good, text } of lines) {
        const line = element('li', '', text);
        line.dataset.good = good;
        list.append(line);
      }
      const arm = place.querySelector('button') ?? button('Arm and test this browser', 'primary', () => this.device.arm());
      const denied = this.device.permission === 'denied' ? [howTo()] : [];
      place.classList.add('arm-device');
      const held = arm === document.activeElement;
      place.replaceChildren(list, arm, ...denied);
      if (held) arm.focus();
    }
  }
}

function signIn() {
  const link = element('a', '', 'Sign in again');
  link.href = `/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`;
  link.rel = 'external';
  const text = element('p', 'alert-strip-text', 'You are signed out: urgent alerts do not ring here. ', link);
  return [icon(BELL), text];
}

function howTo() {
  const list = element('ol', 'alert-strip-steps');
  list.append(...steps().map((step) => element('li', '', step)));
  return element('details', 'alert-strip-how', element('summary', '', 'How to allow them'), list);
}

function icon(path) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  const line = document.createElementNS(SVG, 'path');
  line.setAttribute('d', path);
  svg.append(line);
  return svg;
}

function small(control) {
  control.dataset.size = 'small';
  return control;
}
