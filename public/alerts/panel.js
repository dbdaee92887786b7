// The dialog that says what rings. It opens for each new alert, is announced once and not at each repeat, and can be put
// aside so that the page stays usable; only acknowledging ends it.
import { button, element } from './browser.js';
import { since } from './words.js';

const NOTE = 500;
// Somebody who has typed so lately is not interrupted by a dialog that takes the focus…
const TYPING = 2000;
// …but not for longer than this.
const WAIT = 10_000;
const LOOK = 250;
// A click that was meant for what the dialog has just covered acknowledges nothing.
const GUARD = 500;
const ASIDE = 'pms.aside';

export class Panel {
  constructor() {
    Object.assign(this, { onAcknowledge() {}, onAside() {} });
    this.alerts = [];
    this.items = new Map();
    // What was put aside stays aside on the next page, too.
    this.aside = new Set(remembered());
    this.announced = new Set(this.aside);
    this.typedAt = 0;
  }

  start() {
    const typed = ({ target }) => isEditable(target) && (this.typedAt = Date.now());
    window.addEventListener('keydown', typed, { capture: true, passive: true });
    window.addEventListener('input', typed, { capture: true, passive: true });
  }

  get isOpen() {
    return this.dialog?.open ?? false;
  }

  show(alerts, { sound, elsewhere }) {
    this.alerts = alerts;
    if (alerts.length === 0) {
      if (this.dialog) this.end();
      return;
    }
    this.dialog ?? this.make();
    this.fill(alerts);
    this.soundLine.textContent = soundWords(sound, elsewhere);
    const news = alerts.filter(({ id }) => !this.announced.has(id));
    if (news.length > 0) this.announce(news);
    if (!this.isOpen && alerts.some(({ id }) => !this.aside.has(id))) this.openSoon();
  }

  // Says why the server did not take an acknowledgement.
  refuse(sentences) {
    if (this.alerts.length > 0) this.error.textContent = sentences.join(' ');
  }

  // Opens it at once, by a person's wish.
  open() {
    clearInterval(this.waiting);
    this.waiting = null;
    this.aside.clear();
    remember(this.aside);
    if (!this.dialog || this.isOpen) return;
    this.guard();
    this.dialog.showModal();
    this.onAside();
  }

  // No button does anything for a moment. One that had the focus gets it back.
  guard() {
    const held = document.activeElement;
    const disable = (disabled) => {
      for (const one of this.dialog?.querySelectorAll('button') ?? []) one.disabled = disabled;
    };
    disable(true);
    clearTimeout(this.guarding);
    this.guarding = setTimeout(() => {
      disable(false);
      if (document.activeElement === document.body && this.dialog?.contains(held)) held.focus();
    }, GUARD);
  }

  setAside() {
    for (const { id } of this.alerts) this.aside.add(id);
    remember(this.aside);
  }

  putAside() {
    this.setAside();
    this.dialog.close();
    this.onAside();
  }

  openSoon() {
    if (this.waiting) return;
    const from = Date.now();
    const typing = () =>
      isEditable(document.activeElement) && Date.now() - this.typedAt < TYPING && Date.now() - from < WAIT;
    if (!typing()) return this.open();
    this.waiting = setInterval(() => typing() || this.open(), LOOK);
  }

  end() {
    clearInterval(this.waiting);
    this.waiting = null;
    this.dialog.close();
    this.dialog.remove();
    this.live.remove();
    this.dialog = null;
    this.items.clear();
    this.announced.clear();
    this.aside.clear();
    remember(this.aside);
  }

  make() {
    this.title = element('h2', 'alert-dialog-title');
    this.title.id = 'alert-dialog-title';
    // Takes the focus when the dialog opens: a key that was meant for something else does nothing there.
    this.title.tabIndex = -1;
    this.title.autofocus = true;
    this.list = element('ul', 'alert-dialog-list');
    this.list.id = 'alert-dialog-list';
    this.soundLine = element('p', 'alert-dialog-sound');
    this.error = element('p', 'alert-dialog-error');
    this.error.setAttribute('role', 'alert');
    const aside = button('Put aside', 'quiet', () => this.putAside());
    const hint = element('p', 'alert-dialog-hint', 'It goes on ringing until you acknowledge.');
    const foot = element('div', 'alert-dialog-foot', aside, hint);
    this.dialog = element('dialog', 'alert-dialog', this.title, this.list, this.error, foot, this.soundLine);
    this.dialog.setAttribute('role', 'alertdialog');
    this.dialog.setAttribute('aria-labelledby', this.title.id);
    this.dialog.setAttribute('aria-describedby', this.list.id);
    // Escape, and whatever else closes a dialog, only puts it aside: known before it closes, or what the page hears in
    // between would open it again.
    this.dialog.addEventListener('cancel', () => this.setAside());
    this.dialog.addEventListener('close', () => {
      if (this.dialog && !this.isOpen && this.alerts.length > 0) this.putAside();
    });
    // The page's own keys are for the page.
    this.dialog.addEventListener('keydown', (event) => event.stopPropagation());
    this.live = element('p', 'visually-hidden');
    this.live.setAttribute('aria-live', 'assertive');
    document.body.append(this.dialog, this.live);
  }

  // Keeps the items that are there: somebody may be writing a note in one.
  fill(alerts) {
    const { length } = alerts;
    const title = length === 1 ? `Urgent: ${alerts[0].project.name}` : `${length} urgent projects need you`;
    if (this.title.textContent !== title) this.title.textContent = title;
    const wanted = new Set(alerts.map(({ id }) => id));
    const moves = wanted.size !== this.items.size || alerts.some(({ id }) => !this.items.has(id));
    for (const [id, { item }] of this.items) {
      if (wanted.has(id)) continue;
      if (item.contains(document.activeElement)) this.title.focus();
      item.remove();
      for (const known of [this.items, this.announced, this.aside]) known.delete(id);
    }
    for (const alert of alerts) {
      if (!this.items.has(alert.id)) {
        this.items.set(alert.id, this.itemOf(alert));
        this.list.append(this.items.get(alert.id).item);
      }
      const { time } = this.items.get(alert.id);
      const words = since(alert.since);
      if (time.textContent !== words) time.textContent = words;
    }
    // Another alert's button may now be where somebody is about to click.
    if (moves && this.isOpen) this.guard();
  }

  itemOf(alert) {
    const { project } = alert;
    const who = alert.raised_by?.display_name || alert.raised_by?.username || 'Somebody who has left';
    const time = element('time');
    time.dateTime = alert.since;
    time.title = new Date(alert.since).toLocaleString();
    const note = element('textarea', 'input textarea');
    Object.assign(note, { rows: 2, maxLength: NOTE, id: `alert-note-${alert.id}` });
    const label = element('label', 'field-label', 'Note for the others');
    label.htmlFor = note.id;
    const open = element('a', 'button', 'Open project');
    open.href = `/projects/${encodeURIComponent(project.key)}`;
    open.dataset.variant = 'secondary';
    open.addEventListener('click', (event) => event.ctrlKey || event.metaKey || this.putAside());
    const done = button('Acknowledge', 'danger', () => {
      this.error.textContent = '';
      this.onAcknowledge(alert.id, note.value.trim());
    });
    done.setAttribute('aria-label', `Acknowledge ${project.name}`);
    const item = element(
      'li',
      'alert-dialog-item',
      element('h3', 'alert-dialog-project', `${project.name} `, element('span', 'task-key', project.key)),
      element('p', 'alert-dialog-reason', alert.reason),
      element('p', 'alert-dialog-from', `Raised by ${who}, `, time),
      element('details', 'alert-dialog-note', element('summary', '', 'Add a note'), label, note),
      element('div', 'alert-dialog-acts', done, open),
    );
    return { item, time };
  }

  announce(news) {
    for (const { id } of news) this.announced.add(id);
    const words = news.map(({ project, reason }) => `Urgent: ${project.name}. ${reason}`).join(' ');
    // Where the dialog opens at once, the reader reads it anyway; inside it, the list is not read again by itself.
    (this.isOpen ? this.dialog : document.body).append(this.live);
    this.live.textContent = words;
  }
}

function soundWords(sound, elsewhere) {
  if (sound === 'absent') return 'This browser has no sound for pages.';
  if (elsewhere) return 'Another window of this browser sounds.';
  return sound === 'running' ? '' : 'Sound is off in this window. Click anywhere, or press a key, to turn it on.';
}

function isEditable(target) {
  return Boolean(target?.matches?.('textarea, select, input:not([type="checkbox"], [type="radio"], [type="button"], [type="submit"])')) ||
    Boolean(target?.isContentEditable);
}

function remembered() {
  try {
    return JSON.parse(sessionStorage.getItem(ASIDE)) ?? [];
  } catch {
    return [];
  }
}

function remember(ids) {
  try {
    sessionStorage.setItem(ASIDE, JSON.stringify([...ids]));
  } catch {
    // The next page opens the dialog again, then.
  }
}
