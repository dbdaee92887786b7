// What is seen of an alert outside the page: the system's notifications, the tab's title and icon, the app's badge.
import { memory } from './browser.js';

const SHOWN = 'shown';
const LOCK = 'pms-notices';
const FLASH = 1000;
// A push message that has just shown the same alert is not rung over.
const JUST_NOW = 20_000;

export class Notices {
  constructor() {
    this.icon = document.querySelector('link[rel="icon"]');
    this.plainIcon = this.icon?.href;
    this.signed = 0;
    this.still = matchMedia('(prefers-reduced-motion: reduce)');
  }

  show(alerts) {
    this.sign(alerts);
    this.notify(alerts).catch(() => {});
  }

  // Title, icon and badge. Others may use the badge, too: it is only cleared by who set it.
  sign(alerts) {
    if (this.signed !== alerts.length) {
      const badge = alerts.length ? navigator.setAppBadge?.(alerts.length) : this.signed && navigator.clearAppBadge?.();
      badge?.catch?.(() => {});
      if (this.icon) this.icon.href = alerts.length ? '/icon-alert.svg' : this.plainIcon;
      this.signed = alerts.length;
    }
    this.words = alerts.length === 0 ? '' : urgent(alerts);
    if (this.words && !this.clock) {
      this.clock = setInterval(() => this.flash(), FLASH);
      this.flash();
    } else if (!this.words && this.clock) {
      clearInterval(this.clock);
      this.clock = null;
      if (document.title === this.flashed) document.title = this.title;
    }
  }

  // The page changes its title as it goes on: what is not ours is its own.
  flash() {
    const ours = document.title === this.flashed;
    if (!ours) this.title = document.title;
    if (ours && !this.still.matches) {
      document.title = this.title;
      return;
    }
    this.flashed = this.still.matches ? `${this.words} · ${this.title}` : this.words;
    document.title = this.flashed;
  }

  // Each round of each alert once in this browser, whichever page is first; the others find it noted.
  async notify(alerts) {
    if (!globalThis.Notification || Notification.permission !== 'granted' || !navigator.serviceWorker) return;
    const registration = await navigator.serviceWorker.getRegistration('/');
    if (!registration?.active) return;
    await inTurn(async () => {
      const shown = memory.get(SHOWN) ?? {};
      const rounds = Object.fromEntries(alerts.map(({ id, rounds = 0 }) => [id, rounds]));
      const due = alerts.filter(({ id }) => !(shown[id] >= rounds[id]));
      if (JSON.stringify(shown) !== JSON.stringify(rounds)) memory.set(SHOWN, rounds);
      for (const id of Object.keys(shown)) if (!(id in rounds)) await close(registration, id);
      for (const alert of due) await this.notifyOf(registration, alert);
    });
  }

  async notifyOf(registration, alert) {
    const tag = tagOf(alert.id);
    const [there] = await registration.getNotifications({ tag });
    if (there?.data?.push && Date.now() - there.timestamp < JUST_NOW) return;
    await registration.showNotification(`Urgent: ${alert.project.name}`, {
      body: alert.reason,
      tag,
      renotify: true,
      requireInteraction: true,
      icon: '/icon-192.png',
      timestamp: Date.now(),
      actions: [
        { action: 'acknowledge', title: 'Acknowledge' },
        { action: 'open', title: 'Open project' },
      ],
      data: { alert: alert.id, navigate: `/projects/${alert.project.key}` },
    });
  }
}

// Takes away every notification and the badge, at a sign-out.
export async function clear(registration) {
  navigator.clearAppBadge?.().catch(() => {});
  memory.remove(SHOWN);
  for (const notification of (await registration?.getNotifications()) ?? []) notification.close();
}

async function close(registration, id) {
  for (const notification of await registration.getNotifications({ tag: tagOf(id) })) notification.close();
}

function inTurn(act) {
  return navigator.locks ? navigator.locks.request(LOCK, act) : act();
}

// As the server names it in its push messages, so that one replaces the other.
function tagOf(id) {
  return `alert-${id.replaceAll('-', '')}`;
}

function urgent(alerts) {
  return alerts.length === 1 ? `Urgent: ${alerts[0].project.name}` : `${alerts.length} urgent projects`;
}
