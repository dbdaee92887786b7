// A browser whose every page is watched: an error in the console or a failed request fails the journey.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';
import { PASSWORD } from './server.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

// How long something may take before it counts as never happening: long, because a busy machine is no fault.
export const PATIENCE = 60_000;

// Where the browsers that scripts/setup takes are found.
const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

export async function openBrowser() {
  return chromium.launch({
    executablePath: process.env.PMS_CHROMIUM ?? BROWSERS.find((path) => existsSync(path)) ?? BROWSERS[0],
    args: [
      '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync',
    ],
  });
}

// What rings asks the server now and then, and a page that is left says how it was, also in the moment in which a journey has ended the session or the network.
// Only that is no fault of it.
function asksByItself(message) {
  const asked = /\/api\/v1\/(me\/(alerts|devices)|push\/key)|\/vitals$/.test(message.location().url);
  return asked && /Failed to load resource: (net::|.* status of 401)/.test(message.text());
}

// A person's browser window. `faults` gathers what went wrong in it; `close` fails if anything did.
export class Window {
  static async open(browser, server, options = {}) {
    const context = await browser.newContext({ baseURL: server.url, reducedMotion: 'reduce', ...options });
    context.setDefaultTimeout(PATIENCE);
    const window = new Window();
    window.context = context;
    window.noScript = options.javaScriptEnabled === false;
    window.faults = [];
    // The browser's remarks that are no fault of the page: that it took its time.
    window.expected = [
      /was preloaded using link preload but not used/,
      // That sound needs a click, which the page says itself.
      /AudioContext was not allowed to start/,
    ];
    window.page = await context.newPage();
    window.page.on('console', (message) => {
      if (!['error', 'warning'].includes(message.type()) || asksByItself(message)) return;
      window.faults.push(message.text());
    });
    window.page.on('pageerror', (error) => window.faults.push(String(error)));
    return window;
  }

  // An error that the journey brings about on purpose.
  expectFault(pattern) {
    this.expected.push(pattern);
  }

  // Goes to an address and waits until the page is alive (or, without script, loaded).
  async goto(path) {
    const response = await this.page.goto(path);
    await this.alive();
    return response;
  }

  // What the page says in passing.
  async told(text) {
    const toasts = this.page.locator('.toast');
    try {
      await toasts.filter({ hasText: text }).first().waitFor();
    } catch (error) {
      const said = (await toasts.allInnerTexts()).join(' | ');
      throw new Error(`${this.page.url()} does not say “${text}” but “${said}”. ${this.faults.join('\n')}`, { cause: error });
    }
  }

  // Does something that is sent to the server, and waits for its answer. `path`: of the server function.
  async answered(path, act) {
    const answer = this.page.waitForResponse((response) => new URL(response.url()).pathname === `/fn/${path}`);
    await act();
    return answer;
  }

  // The page says itself when the browser has taken it over.
  async alive() {
    if (this.noScript) return;
    try {
      await this.page.waitForFunction(() => document.documentElement.dataset.alive === 'true');
    } catch (error) {
      throw new Error(`${this.page.url()} did not come alive. ${this.faults.join('\n')}`, { cause: error });
    }
  }

  async signIn(username, next = '/', password = PASSWORD) {
    await this.goto(`/sign-in?next=${encodeURIComponent(next)}`);
    await this.page.getByLabel('User name or e-mail').fill(username);
    await this.page.getByLabel('Password').fill(password);
    await this.page.getByRole('button', { name: 'Sign in' }).click();
    await this.page.waitForURL((url) => url.pathname !== '/sign-in');
    await this.alive();
  }

  // What a program can find of WCAG 2.2 AA violations, each with where it is.
  async violations() {
    if (!(await this.page.evaluate(() => 'axe' in globalThis))) await this.page.evaluate(AXE);
    const { violations } = await this.page.evaluate(async () => {
      // It lies over the foot of the window, where the page can be scrolled from under it.
      const strip = document.getElementById('alert-strip');
      if (strip) strip.style.position = 'static';
      const found = await globalThis.axe.run(document, {
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
        // What is in order need not be described, which takes most of the time.
        resultTypes: ['violations'],
        selectors: false,
        preload: false,
      });
      strip?.style.removeProperty('position');
      return found;
    });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
  }

  async checkAccessibility(what) {
    assert.deepEqual(await this.violations(), [], `accessibility of ${what}`);
  }

  async close() {
    const unexpected = this.faults.filter((fault) => !this.expected.some((pattern) => pattern.test(fault)));
    await this.context.close();
    assert.deepEqual(unexpected, [], 'the browser’s console is clean');
  }
}
