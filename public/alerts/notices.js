// What is seen of an alert outside the page: the system's notifications, the tab's title and icon, the app's badge.
import { memory } from './browser.js';

const SHOWN = 'shown';
const LOCK = 'pms-notices';
const FLASH = 1000;
// What has just been shown is not rung over.
const JUST_NOW = 20_000;

export class Notices {
  constructor() {
    this.icon = document.querySelector('link[rel="icon"]');
    this.plainIcon = this.icon?.href;
    this.signed = 0;
    this.still = matchMedia('(prefers-reduced-motion: reduce)');
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

  // What the server, asked at `began`, says that rings. Each round of each alert is shown once in this browser, whichever
  // page is first; the others find it noted. What has ended goes, also what a push message has shown.
  async notify(alerts, began) {
    const registration = await allowed();
    if (!registration) return;
    await inTurn(async () => {
      const shown = memory.get(SHOWN) ?? {};
      const rounds = Object.fromEntries(alerts.map((alert) => [alert.id, roundOf(alert)]));
      const due = alerts.filter(({ id }) => !(shown[id] >= rounds[id]));
      if (JSON.stringify(shown) !== JSON.stringify(rounds)) memory.set(SHOWN, rounds);
      for (const notification of await registration.getNotifications()) {
        const { data, timestamp } = notification;
        if (data?.alert && !(data.alert in rounds) && timestamp < began) notification.close();
      }
      for (const alert of due) await this.notifyOf(registration, alert);
    });
  }

  // It is acknowledged.
  async close(id) {
    const registration = await allowed();
    if (!registration) return;
    await inTurn(async () => {
      for (const notification of await registration.getNotifications({ tag: tagOf(id) })) notification.close();
    });
  }

  async notifyOf(registration, alert) {
    const tag = tagOf(alert.id);
    const round = roundOf(alert);
    const [there] = await registration.getNotifications({ tag });
    const isSame = there?.data?.push || there?.data?.round === round;
    if (isSame && Date.now() - there.timestamp < JUST_NOW) return;
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
      data: { alert: alert.id, round, navigate: `/projects/${alert.project.key}` },
    });
  }
}

// Takes away every notification and the badge, at a sign-out.
export async function clear(registration) {
  navigator.clearAppBadge?.().catch(() => {});
  memory.remove(SHOWN);
  await inTurn(async () => {
    for (const notification of (await registration?.getNotifications()) ?? []) notification.close();
  });
}

// Where notifications may be shown.
async function allowed() {
  if (globalThis.Notification?.permission !== 'granted') return null;
  const registration = await navigator.serviceWorker?.getRegistration('/');
  return registration?.active ? registration : null;
}

// A raise rings at once, and the server counts that as the first round a moment later.
function roundOf({ rounds = 0 }) {
  return Math.max(1, rounds);
}

// One page or the service worker after the other: Chromium forgets a notification if they are listed while it is being
// shown, and then nothing happens when it is pressed.
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
