// Pages that follow what others do: board, list and task, while something is typed, dragged and ticked; a lost server;
// one connection for many pages; who else is here.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Board } from '../board.mjs';
import { Stage, eventually } from '../stage.mjs';

const stage = new Stage({ ada: 'Administrator', mia: 'Member' }, async (stage) => {
  const api = await stage.api('ada');
  await api.post('/api/v1/projects', { name: 'Harbour', key: 'HAR' });
  const { items } = await api.get('/api/v1/users?limit=200');
  const mia = items.find(({ username }) => username === 'mia');
  await api.post('/api/v1/projects/HAR/members', { user_id: mia.id, role_id: await api.roleId('Member') });
});

async function task(title, more = {}) {
  const api = await stage.api('ada');
  return api.post('/api/v1/projects/HAR/tasks', { title, ...more });
}

async function open(username, path) {
  const window = await stage.window(username);
  await window.goto(path);
  // From now on the page hears what happens; before, it would be told when it listens.
  await window.page.waitForFunction(() => window.pmsLive?.recent()[0].state === 'live');
  return window;
}

test('a board shows what others do, and lets a card be dragged meanwhile', async () => {
  const dredge = await task('Dredge');
  const window = await open('mia', '/projects/HAR/board');
  const board = await Board.on(window);
  const api = await stage.api('ada');
  await task('Sail out');
  await eventually(() => board.cards('Backlog'), ['Dredge', 'Sail out']);
  await api.post(`/api/v1/tasks/${dredge.key}/comments`, { body: 'Soon.' });
  await board.card('Dredge').getByText('1 comments').waitFor();
  await board.card('Dredge').locator('.card-title').focus();
  await api.edit(dredge, { title: 'Dredge the channel' });
  await eventually(() => board.cards('Backlog'), ['Dredge the channel', 'Sail out']);
  await eventually(
    () => window.page.evaluate(() => document.activeElement.textContent),
    'Dredge the channel',
  );

  const from = await board.middle('Sail out');
  await window.page.mouse.move(from.x, from.y);
  await window.page.mouse.down();
  await window.page.mouse.move(from.x + 40, from.y + 10, { steps: 4 });
  const asked = window.page.waitForResponse((response) => response.url().includes('/fn/'));
  await task('Moor');
  await asked;
  assert.deepEqual(await board.cards('Backlog'), ['Dredge the channel', 'Sail out'], 'a drag goes on');
  await window.page.keyboard.press('Escape');
  await window.page.mouse.up();
  await eventually(() => board.cards('Backlog'), ['Dredge the channel', 'Sail out', 'Moor']);
  await window.close();
});

test('a list shows what others do, and keeps what is ticked', async () => {
  const weigh = await task('Weigh anchor');
  const window = await open('mia', '/projects/HAR/tasks');
  const row = (title) => window.page.getByRole('row').filter({ hasText: title });
  await row('Weigh anchor').getByRole('checkbox').check();
  await task('Set sail');
  await row('Set sail').waitFor();
  assert.ok(await row('Weigh anchor').getByRole('checkbox').isChecked());
  assert.ok(!(await row('Set sail').getByRole('checkbox').isChecked()));
  const api = await stage.api('ada');
  await api.post(`/api/v1/tasks/${weigh.key}/complete`, { version: weigh.version });
  await window.page.locator('tr[data-done]').filter({ hasText: 'Weigh anchor' }).waitFor();
  assert.ok(await row('Weigh anchor').getByRole('checkbox').isChecked());
  await window.close();
});

test('a task shows what others write, and keeps what is being typed', async () => {
  const build = await task('Build the crane');
  const window = await open('mia', `/tasks/${build.key}`);
  const { page } = window;
  const field = page.getByRole('textbox', { name: /comment/i });
  await field.fill('I am about to say');
  const api = await stage.api('ada');
  await api.edit(build, { title: 'Build the large crane' });
  await page.getByRole('heading', { level: 1, name: 'Build the large crane' }).waitFor();
  await api.post(`/api/v1/tasks/${build.key}/comments`, { body: 'Steel has come.' });
  await page.locator('#comments').getByText('Steel has come.').waitFor();
  await eventually(() => page.locator('#history .feed-item').count().then((count) => count >= 3), true);
  assert.equal(await field.inputValue(), 'I am about to say');
  assert.ok(await field.evaluate((element) => element === document.activeElement), 'the focus stays');
  await window.close();
});

test('a drawing shows what others link, and keeps what is being chosen', async () => {
  const [keel, hull, deck] = [await task('Lay the keel'), await task('Rivet the hull'), await task('Plank the deck')];
  const api = await stage.api('ada');
  const waits = (task, other) =>
    api.post(`/api/v1/tasks/${task.key}/dependencies`, { relation: 'blocked_by', task: other.key });
  await waits(hull, keel);
  const window = await open('mia', `/projects/HAR/graph?task=${hull.key}`);
  const { page } = window;
  const nodes = () => page.locator('.graph-node').count();
  await eventually(nodes, 2);
  await page.locator('.graph-node').first().focus();
  await waits(deck, hull);
  await eventually(nodes, 3);
  const focused = () => page.evaluate(() => document.activeElement?.querySelector('title')?.textContent.split(' ')[0]);
  await eventually(focused, keel.key, 'the focus stays on the task');

  const field = page.getByLabel('The other task');
  await field.fill('Launch');
  const launch = await task('Launch her');
  await waits(launch, deck);
  await page.getByText('The dependencies have changed').waitFor();
  assert.equal(await field.inputValue(), 'Launch');
  assert.equal(await nodes(), 3);
  await page.getByRole('button', { name: 'Draw anew' }).click();
  await eventually(nodes, 4);
  await eventually(() => page.getByText('The dependencies have changed').count(), 0);
  await window.close();
});

test('people see who else looks at a task', async () => {
  const { key } = await task('Paint the bow');
  const ada = await open('ada', `/tasks/${key}`);
  const mia = await open('mia', `/tasks/${key}`);
  await ada.page.locator('.also-here').getByText('Also here: mia').waitFor({ state: 'attached' });
  await mia.page.locator('.also-here').getByText('Also here: ada').waitFor({ state: 'attached' });
  await ada.checkAccessibility('a task that two look at');
  // To another page within PMS, which says so.
  await mia.page.getByRole('link', { name: 'Projects' }).first().click();
  await mia.page.waitForURL('**/projects');
  await eventually(() => ada.page.locator('.also-here').textContent(), '');
  await ada.close();
  await mia.close();
});

test('many pages of one browser listen by one connection', async () => {
  const streams = () => stage.server.log.split('\n').filter((line) => line.includes('/api/v1/events')).length;
  const window = await open('mia', '/projects');
  const before = streams();
  const pages = [];
  for (let index = 0; index < 9; index += 1) {
    const page = await window.context.newPage();
    await page.goto('/projects/HAR/board');
    pages.push(page);
  }
  await task('Count the crates');
  for (const page of pages) await page.locator('.card').getByText('Count the crates').waitFor();
  assert.equal(streams(), before, 'no further stream');
  await window.close();
});

test('a lost server is seen, and nothing is missed when it is back', async () => {
  const lost = await task('Lost and found');
  const window = await open('mia', `/tasks/${lost.key}`);
  window.expectFault(/Failed to load resource|ERR_/);
  const { port } = new URL(stage.server.url);
  await stage.server.stop();
  await window.page.locator('.connection').getByText('The connection is lost').waitFor();
  await window.checkAccessibility('a page without a server');
  await stage.server.start(`127.0.0.1:${port}`);
  const api = await stage.api('ada');
  await api.edit(lost, { title: 'Found' });
  await window.page.getByRole('heading', { level: 1, name: 'Found' }).waitFor();
  await eventually(() => window.page.locator('.connection').textContent(), '');
  await window.close();
});

test('whoever is signed out elsewhere sees it', async () => {
  const window = await open('mia', '/projects');
  window.expectFault(/401/);
  const api = await stage.api('mia');
  await api.send('DELETE', '/api/v1/sessions');
  await window.page.locator('.connection').getByText('You are not signed in any more').waitFor();
  await window.page.locator('.connection').getByRole('link', { name: 'Sign in' }).click();
  await window.page.waitForURL('**/sign-in?**');
  await window.close();
});
