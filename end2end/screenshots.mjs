// Pictures of every page at three widths in both themes, for eyes to look at:
// `PMS_BIN=target/release/pms node end2end/screenshots.mjs [part of a page's name]`. They land in end2end/screenshots.
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Window, openBrowser } from './browser.mjs';
import { THEMES, WIDTHS, furnish, overflow, visit } from './pages.mjs';
import { Server } from './server.mjs';

const folder = join(dirname(fileURLToPath(import.meta.url)), 'screenshots');
const wanted = process.argv[2] ?? '';

mkdirSync(folder, { recursive: true });
const server = new Server();
server.addPerson('ada');
await server.start();
const browser = await openBrowser();
try {
  const pages = await furnish(server);
  for (const [name, size] of Object.entries(WIDTHS)) {
    for (const theme of THEMES) {
      await shoot(pages, name, size, theme);
    }
  }
} finally {
  await browser.close();
  await server.end();
}

async function shoot(pages, name, [width, height], theme) {
  const window = await Window.open(browser, server, { viewport: { width, height }, colorScheme: theme });
  window.expectFault(/404/);
  await take(window, '/sign-in', `sign-in.${name}.${theme}`);
  await window.signIn('ada');
  for (const [page, path] of Object.entries(pages).filter(([page]) => page.includes(wanted))) {
    await take(window, path, `${page}.${name}.${theme}`);
  }
  for (const fault of window.faults) console.log(`${name} ${theme}: ${fault}`);
  await window.context.close();
}

async function take(window, path, name) {
  await visit(window, path);
  const wide = await overflow(window.page);
  if (wide > 0) console.log(`${name}: ${wide} pixels wider than the window`);
  await window.page.screenshot({ path: join(folder, `${name}.png`), fullPage: false });
}
