// One's own account: password, sessions, tokens, and the way out.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PASSWORD } from '../server.mjs';
import { Stage, eventually } from '../stage.mjs';

const NEW_PASSWORD = 'slow tide under the pier';
const FIREFOX = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:140.0) Gecko/20100101 Firefox/140.0';

// A person for each test, so that none waits for another.
const stage = new Stage({ ada: 'Administrator', bob: 'Member', eve: 'Project manager', mia: 'Member', tom: 'Member' });

test('a new password ends every other session and keeps this one', async () => {
  const [here, elsewhere] = [await stage.window('mia'), await stage.window('mia')];
  here.expectFault(/422/);
  await here.goto('/account');
  await changePassword(here, 'not my password', NEW_PASSWORD);
  const current = here.page.getByLabel('Current password');
  await here.page.locator('#current-error').filter({ hasText: /./ }).waitFor();
  await eventually(() => current.evaluate((field) => field === document.activeElement), true, 'the wrong field has the focus');
  await changePassword(here, PASSWORD, 'short');
  await here.page.locator('#new-error').filter({ hasText: /./ }).waitFor();
  await elsewhere.goto('/account');
  assert.equal(await path(elsewhere), '/account', 'a refused change ends nothing');
  // What it asks in that moment is refused.
  elsewhere.expectFault(/401/);
  await changePassword(here, PASSWORD, NEW_PASSWORD);
  await here.told('Your password is changed. Every other session has ended.');
  assert.equal(await current.inputValue(), '', 'passwords do not stay in the page');
  await elsewhere.page.locator('.connection').getByText('You are not signed in any more').waitFor();
  await elsewhere.goto('/account');
  assert.equal(await path(elsewhere), '/sign-in');
  await here.goto('/account');
  assert.equal(await path(here), '/account');
  await here.page.getByText('This one').waitFor();
  await here.close();
  await elsewhere.close();
});

test('only the new password opens the door from then on', async () => {
  const window = await stage.stranger();
  window.expectFault(/401|409|422/);
  await window.goto('/sign-in');
  await window.page.getByLabel('User name or e-mail').fill('mia');
  await window.page.getByLabel('Password').fill(PASSWORD);
  await window.page.getByRole('button', { name: 'Sign in' }).click();
  await window.page.getByRole('alert').filter({ hasText: /./ }).waitFor();
  await window.signIn('mia@example.org', '/account', NEW_PASSWORD);
  assert.equal(await path(window), '/account');
  await window.close();
});

test('sessions are seen and ended', async () => {
  const here = await stage.window('bob');
  const elsewhere = await stage.stranger({ userAgent: FIREFOX });
  const third = await stage.window('bob');
  await elsewhere.signIn('bob');
  await here.goto('/account');
  const rows = here.page.getByRole('region', { name: 'Where you are signed in' }).getByRole('listitem');
  await eventually(() => rows.count(), 3);
  assert.equal(await rows.filter({ hasText: 'This one' }).count(), 1);
  await here.answered('account/session/revoke', () => here.page.getByRole('button', { name: 'End the session of Firefox on Mac' }).click());
  await here.told('The session has ended.');
  await eventually(() => rows.count(), 2);
  // What was open there says what to do, and the way leads back.
  elsewhere.expectFault(/401/);
  await elsewhere.page.getByRole('link', { name: 'Projects', exact: true }).first().click();
  await elsewhere.page.getByText('You are not signed in.').waitFor();
  await elsewhere.page.getByRole('main').getByRole('link', { name: 'Sign in' }).click();
  await elsewhere.page.waitForURL((url) => url.pathname === '/sign-in');
  assert.equal(new URL(elsewhere.page.url()).searchParams.get('next'), '/projects');
  await here.page.getByRole('button', { name: 'Sign out everywhere else' }).click();
  await here.told('You are signed out everywhere else.');
  await eventually(() => rows.count(), 1);
  await third.goto('/account');
  assert.equal(await path(third), '/sign-in');
  for (const window of [here, elsewhere, third]) await window.close();
});

test('a token is shown once, works, and ends', async () => {
  const window = await stage.window('eve');
  await window.goto('/account');
  const tokens = window.page.getByRole('region', { name: 'API tokens' });
  await tokens.getByText('No program acts in your name.').waitFor();
  const all = await makeToken(window, 'Night watch', false);
  const reads = await makeToken(window, 'Only looks', true);
  assert.notEqual(all, reads);
  assert.equal(await use(all), 200);
  assert.equal(await use(reads), 200);
  assert.equal(await use(reads, 'POST'), 403);
  assert.equal(await use(all, 'POST'), 201);
  await window.page.reload();
  await window.alive();
  await tokens.getByText('Night watch').waitFor();
  assert.ok(!(await window.page.content()).includes(all), 'the secret does not come back');
  await tokens.getByRole('listitem').filter({ hasText: 'Night watch' }).getByText('used').waitFor();
  await tokens.getByRole('button', { name: 'End the token Night watch' }).click();
  await window.told('The token has ended.');
  await tokens.getByText('Night watch').waitFor({ state: 'detached' });
  assert.equal(await use(all), 401);
  assert.equal(await use(reads), 200);
  await window.close();
});

test('signing out leaves nothing behind, and signing in goes on where one was', async () => {
  const window = await stage.window('tom');
  await window.goto('/account');
  await window.page.getByRole('button', { name: 'tom' }).click();
  await window.page.getByRole('button', { name: 'Sign out' }).click();
  await window.page.waitForURL((url) => url.pathname === '/sign-in');
  await window.page.goBack();
  await window.page.waitForURL((url) => url.pathname === '/sign-in' && url.searchParams.get('next') === '/account');
  assert.ok(!(await window.page.content()).includes('tom@example.org'), 'the way back shows nothing of the person');
  assert.deepEqual((await window.context.cookies()).filter(({ httpOnly }) => httpOnly), []);
  await window.alive();
  await window.page.getByLabel('User name or e-mail').fill('tom');
  await window.page.getByLabel('Password').fill(PASSWORD);
  await window.page.getByRole('button', { name: 'Sign in' }).click();
  await window.page.waitForURL((url) => url.pathname === '/account');
  await window.close();
});

test('five wrong passwords slow the next one down, and say for how long', async () => {
  const window = await stage.stranger();
  window.expectFault(/401|409|422|429/);
  await window.goto('/sign-in');
  await window.page.getByLabel('User name or e-mail').fill('ada');
  const alert = window.page.getByRole('alert').filter({ hasText: /Too many requests in a short time\. Try again in \d+ seconds?\./ });
  for (let time = 0; time < 6; time += 1) {
    await window.page.getByLabel('Password').fill(`wrong ${time} wrong`);
    await window.answered('session/sign-in', () => window.page.getByRole('button', { name: 'Sign in' }).click());
  }
  await alert.waitFor();
  await window.close();
});

async function changePassword(window, current, fresh) {
  await window.page.getByLabel('Current password').fill(current);
  await window.page.getByLabel('New password').fill(fresh);
  await window.answered('account/password', () => window.page.getByRole('button', { name: 'Change password' }).click());
}

// Makes a token in the page and gives its secret.
async function makeToken(window, name, readOnly) {
  const { page } = window;
  await page.getByLabel('What the token is for').fill(name);
  await page.getByLabel('May only read').setChecked(readOnly);
  await page.getByRole('button', { name: 'Create token' }).click();
  const notice = page.getByRole('alert').filter({ hasText: `The token “${name}” is ready` });
  return (await notice.locator('code').textContent()).trim();
}

async function use(token, method = 'GET') {
  const answer = await fetch(`${stage.server.url}/api/v1/projects`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: method === 'POST' ? JSON.stringify({ name: 'Tide tables', key: 'TIDE' }) : undefined,
  });
  return answer.status;
}

async function path(window) {
  return new URL(window.page.url()).pathname;
}
