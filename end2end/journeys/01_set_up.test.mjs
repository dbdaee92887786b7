// From the printed link to an account, out and in again, with and without script.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Window, openBrowser } from '../browser.mjs';
import { PASSWORD, Server } from '../server.mjs';

let browser;
let server;

before(async () => {
  browser = await openBrowser();
  server = await new Server().start();
});

after(async () => {
  await browser?.close();
  await server?.end();
});

test('a wrong set-up link says where the right one is', async () => {
  const window = await Window.open(browser, server);
  window.expectFault(/409/);
  await window.goto('/set-up?token=wrong');
  await fillFirstAccount(window.page);
  await window.page.getByRole('button', { name: /create/i }).click();
  await window.page.getByText('restart the server: it prints a new one').waitFor();
  await window.close();
});

test('the printed link makes the first account and signs it in', async () => {
  const window = await Window.open(browser, server);
  await window.goto(await server.setUpLink);
  await window.checkAccessibility('set-up');
  await fillFirstAccount(window.page);
  await window.page.getByRole('button', { name: /create/i }).click();
  await window.page.waitForURL((url) => url.pathname === '/');
  await window.alive();
  await window.close();
});

test('a person signs out and in again', async () => {
  const window = await Window.open(browser, server);
  await window.goto('/projects');
  assert.equal(new URL(window.page.url()).pathname, '/sign-in', 'nobody sees pages without signing in');
  await window.checkAccessibility('sign-in');
  await window.signIn('ada', '/projects');
  assert.equal(new URL(window.page.url()).pathname, '/projects');
  await window.close();
});

test('a wrong password is told without telling what was wrong', async () => {
  const window = await Window.open(browser, server);
  window.expectFault(/409|401/);
  await window.goto('/sign-in');
  await window.page.getByLabel('User name or e-mail').fill('nobody-at-all');
  await window.page.getByLabel('Password').fill('not the password');
  await window.page.getByRole('button', { name: 'Sign in' }).click();
  await window.page.getByRole('alert').waitFor();
  await window.close();
});

test('signing in works without script', async () => {
  const window = await Window.open(browser, server, { javaScriptEnabled: false });
  await window.signIn('ada', '/account');
  assert.equal(new URL(window.page.url()).pathname, '/account');
  assert.match(await window.page.content(), /ada@example\.org/);
  await window.close();
});

async function fillFirstAccount(page) {
  await page.getByLabel('User name').fill('ada');
  await page.getByLabel(/e-mail/i).fill('ada@example.org');
  await page.getByLabel('Password').fill(PASSWORD);
}
