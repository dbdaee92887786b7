// How a drawing of two thousand tasks feels: `PMS_BIN=target/release/pms node end2end/graph_measure.mjs`. Prints
// milliseconds; bench/RESULTS.md keeps what was found.
import { performance } from 'node:perf_hooks';
import { Window, openBrowser } from './browser.mjs';
import { Client } from './client.mjs';
import { Server } from './server.mjs';

const TASKS = 2000;

const server = new Server();
server.addPerson('ada');
await server.start();
const browser = await openBrowser();
try {
  await furnish();
  const window = await Window.open(browser, server, { viewport: { width: 1440, height: 900 } });
  await window.signIn('ada');
  await load(window, 'the page, first time');
  await load(window, 'the page, again');
  await act(window.page);
  for (const fault of window.faults) console.log(`console: ${fault}`);
  await window.context.close();
} finally {
  await browser.close();
  await server.end();
}

// Every task waits for one or two of the dozen before it.
async function furnish() {
  const api = await Client.signIn(server, 'ada');
  const items = Array.from({ length: TASKS }, (_, at) => `- [ ] Task number ${at + 1} of the plan`);
  await api.post('/api/v1/import/checklist', { project_key: 'BIG', markdown: items.join('\n') });
  const rows = [];
  for (let at = 2; at <= TASKS; at += 1) {
    rows.push(`BIG-${at - 1 - (at * 7) % Math.min(at - 1, 12)},BIG-${at}`);
    if (at % 2 === 0 && at > 40) rows.push(`BIG-${at - 13 - (at % 20)},BIG-${at}`);
  }
  await api.post('/api/v1/import/dependencies', { csv: rows.join('\n') });
  console.log(`${TASKS} tasks, ${rows.length} dependencies`);
}

async function load(window, what) {
  const start = performance.now();
  const response = await window.page.goto('/projects/BIG/graph');
  const bytes = (await response.body()).length;
  await window.page.locator('svg.graph').waitFor();
  const drawn = performance.now();
  await window.alive();
  const [{ transferSize }] = await window.page.evaluate(() =>
    performance.getEntriesByType('navigation').map(({ transferSize }) => ({ transferSize })));
  console.log(`${what}: drawn after ${ms(drawn - start)}, usable after ${ms(performance.now() - start)}, ${bytes} bytes, ${transferSize} on the wire`);
}

async function act(page) {
  await page.locator('.graph-node[tabindex="0"]').focus();
  const times = [];
  for (let step = 0; step < 30; step += 1) {
    const start = performance.now();
    await page.keyboard.press(step % 6 === 5 ? 'ArrowDown' : 'ArrowRight');
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    times.push(performance.now() - start);
  }
  console.log(`an arrow key, until two frames later: ${spread(times)}`);
  const start = performance.now();
  await page.keyboard.press('Enter');
  await page.locator('.graph-node.is-chosen').waitFor();
  console.log(`choosing, until the chain is marked: ${ms(performance.now() - start)}`);
  for (const key of ['-', '-', '+', '0']) {
    const start = performance.now();
    await page.keyboard.press(key);
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    console.log(`key ${key}, until two frames later: ${ms(performance.now() - start)}`);
  }
  console.log(`frames while the whole is scrolled through: ${spread(await frames(page))}`);
}

// Milliseconds between frames while the drawing is scrolled from one corner to the other at its full size.
async function frames(page) {
  for (let step = 0; step < 20; step += 1) await page.keyboard.press('+');
  return page.evaluate(async () => {
    const view = document.querySelector('.graph-view');
    const times = [];
    let last = performance.now();
    for (let step = 0; step < 120; step += 1) {
      view.scrollTo((view.scrollWidth * step) / 120, (view.scrollHeight * step) / 120);
      await new Promise((done) => requestAnimationFrame(done));
      times.push(performance.now() - last);
      last = performance.now();
    }
    return times;
  });
}

function spread(times) {
  const sorted = times.toSorted((a, b) => a - b);
  return `half within ${ms(sorted[Math.floor(sorted.length / 2)])}, 95 of 100 within ${ms(sorted[Math.floor(sorted.length * 0.95)])}`;
}

function ms(time) {
  return `${time.toFixed(0)} ms`;
}
