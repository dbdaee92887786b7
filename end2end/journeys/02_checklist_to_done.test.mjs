// A checklist becomes a project, and its tasks go over the board to done.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before } from 'node:test';
import { Board } from '../board.mjs';
import { Window, openBrowser } from '../browser.mjs';
import { Client } from '../client.mjs';
import { PASSWORD, Server } from '../server.mjs';
import { eventually, story } from '../stage.mjs';

const CHECKLIST = readFileSync(new URL('../../domain/src/checklist/fixture.md', import.meta.url), 'utf8');

const chapter = story();
let browser;
let server;
let window;
let page;
let api;

before(async () => {
  [browser, server] = await Promise.all([openBrowser(), new Server().start()]);
  window = await Window.open(browser, server);
  page = window.page;
});

after(async () => {
  await browser?.close();
  await server?.end();
});

chapter('the printed link leads to an empty workspace of one’s own', async () => {
  await window.goto(await server.setUpLink);
  await page.getByLabel('User name').fill('ada');
  await page.getByLabel('E-mail').fill('ada@example.org');
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.getByText('Begin with a project').waitFor();
  await window.alive();
  await page.getByRole('link', { name: 'Import a checklist' }).click();
  await page.getByRole('heading', { name: 'Import a checklist' }).waitFor();
  api = await Client.signIn(server, 'ada');
});

chapter('a dry run tells everything and changes nothing', async () => {
  await page.getByRole('textbox', { name: 'The document' }).fill(CHECKLIST);
  await page.getByLabel('Key of the new project').fill('HAR');
  await check();
  const report = page.getByRole('region', { name: 'The document as tasks' });
  await report.getByText('Replace the default code of the gate with a random one').waitFor();
  assert.equal(await report.getByText('hidden item').count(), 0, 'what is commented out is no item');
  assert.equal(await report.getByText('not an item').count(), 0, 'what stands in code is no item');
  await page.getByText('The project Ferry terminal opening (HAR) will be made.').waitFor();
  assert.deepEqual((await api.get('/api/v1/projects')).items, []);
});

chapter('the import makes what the dry run told', async () => {
  const told = await page.getByRole('list', { name: 'In numbers' }).textContent();
  const promised = Number(told.match(/^(\d+) new/)[1]);
  await window.answered('import/checklist', () => page.getByRole('button', { name: /^Import \d+ tasks$/ }).click());
  await page.getByRole('heading', { name: 'Imported' }).waitFor();
  await window.told('The checklist is in Ferry terminal opening now.');
  const tasks = await allTasks();
  assert.equal(tasks.length, promised);
  assert.equal(tasks.find((task) => task.title === 'Check the lifeboats').category, 'done');
  const crew = tasks.find((task) => task.title === 'Train the crew');
  assert.equal(tasks.find((task) => task.title === 'First aid').parent_id, crew.id);
  const gate = await api.get(`/api/v1/tasks/${tasks.find((task) => task.title.startsWith('Replace the')).id}`);
  assert.match(gate.description, /head -c 6/, 'what stands below an item describes it');
});

chapter('the same document again changes what differs and doubles nothing', async () => {
  const before = await allTasks();
  await page.getByRole('textbox', { name: 'The document' }).fill(CHECKLIST);
  await check();
  await page.getByText('Everything in the document is there already.').waitFor();
  await page.getByRole('textbox', { name: 'The document' }).fill(CHECKLIST.replace('- [ ] Guides written', '- [x] Guides written'));
  await page.getByRole('heading', { name: 'What the import will do' }).waitFor({ state: 'detached' });
  await check();
  await window.answered('import/checklist', () => page.getByRole('button', { name: 'Import 1 task' }).click());
  await page.getByRole('heading', { name: 'Imported' }).waitFor();
  const after = await allTasks();
  assert.deepEqual(after.map((task) => task.id), before.map((task) => task.id));
  assert.equal(after.find((task) => task.title.startsWith('Guides written')).category, 'done');
});

chapter('a card is dragged to another column and stays there', async () => {
  await page.getByRole('link', { name: 'Open the board' }).click();
  const board = await Board.on(window);
  const [first, second] = await board.cards('Backlog');
  await board.drag(first, { to: 'In progress' });
  await board.drag(second, { to: 'In progress', above: first });
  const now = await board.all();
  assert.deepEqual(now['In progress'].slice(0, 2), [second, first]);
  assert.ok(!now['Backlog'].includes(first) && !now['Backlog'].includes(second));
  await board.reload();
  assert.deepEqual(await board.all(), now, 'the server kept the order');
});

chapter('a card is dragged within its column', async () => {
  const board = await Board.on(window);
  const [first, second, third] = await board.cards('Backlog');
  await board.drag(third, { to: 'Backlog', above: first });
  assert.deepEqual((await board.cards('Backlog')).slice(0, 3), [third, first, second]);
  const now = await board.all();
  await board.reload();
  assert.deepEqual(await board.all(), now);
});

chapter('a trembling click opens the card and moves nothing', async () => {
  const board = await Board.on(window);
  const before = await board.all();
  const [first] = await board.cards('Backlog');
  const { x, y, width, height } = await board.card(first).getByRole('link', { name: first }).boundingBox();
  await page.mouse.move(x + width / 2, y + height / 2);
  await page.mouse.down();
  await page.mouse.move(x + width / 2 + 2, y + height / 2 + 2);
  await page.mouse.up();
  await page.waitForURL((url) => url.pathname.startsWith('/tasks/HAR-'));
  await page.goBack();
  await board.ready();
  assert.deepEqual(await board.all(), before);
});

chapter('a card is carried by keyboard', async () => {
  const board = await Board.on(window);
  const [, second] = await board.cards('Backlog');
  await board.pickUp(second);
  await board.carry(second, 'ArrowUp', /^1 of \d+ in Backlog$/);
  await board.carry(second, 'ArrowRight', /^1 of 1 in To do$/);
  await board.carry(second, 'ArrowRight', /^1 of \d+ in In progress$/);
  await board.carry(second, 'ArrowDown', /^2 of \d+ in In progress$/);
  await window.answered('task/move', () => page.keyboard.press(' '));
  await board.said(/^Put down: 2 of \d+ in In progress\.$/);
  assert.equal((await board.cards('In progress'))[1], second);
  const now = await board.all();
  await board.reload();
  assert.deepEqual(await board.all(), now);
});

chapter('escape puts a carried card back', async () => {
  const board = await Board.on(window);
  const before = await board.all();
  const [first] = await board.cards('Backlog');
  await board.pickUp(first);
  await board.carry(first, 'ArrowRight', /^1 of 1 in To do$/);
  await page.keyboard.press('Escape');
  await board.said(/^Put back where it was\.$/);
  assert.deepEqual(await board.all(), before);
  await board.reload();
  assert.deepEqual(await board.all(), before);
});

chapter('a card is moved by the form', async () => {
  const board = await Board.on(window);
  const [first] = await board.cards('Backlog');
  await board.card(first).getByRole('link', { name: /^Move .* to…$/ }).click();
  await page.getByRole('heading', { name: `“${first}”` }).waitFor();
  await page.getByLabel('To the end of').selectOption({ label: 'To do' });
  await window.answered('task/move-to-column', () => page.getByRole('button', { name: 'Move', exact: true }).click());
  await eventually(() => board.cards('To do'), [first]);
  await page.waitForURL((url) => url.search === '');
});

chapter('a task is completed, and the history tells all of it', async () => {
  const board = await Board.on(window);
  const [title] = await board.cards('To do');
  await board.card(title).getByRole('link', { name: title }).click();
  await page.getByRole('heading', { level: 1, name: title }).waitFor();
  const key = new URL(page.url()).pathname.split('/').pop();
  await window.answered('task/act', () => page.getByRole('button', { name: 'Complete' }).click());
  await window.told(`${key} is done.`);
  await page.getByRole('button', { name: 'Reopen' }).waitFor();
  const history = page.getByRole('region', { name: 'History' });
  await history.getByText('completed this task').waitFor();
  await window.goto('/projects/HAR/activity');
  const feed = page.getByRole('main');
  await feed.getByText(`completed ${key}`).waitFor();
  await feed.getByText('imported a checklist').first().waitFor();
  assert.equal((await api.get(`/api/v1/tasks?project=HAR&limit=200`)).items.find((task) => task.key === key).category, 'done');
});

chapter('nothing went wrong on the way', () => window.close());

async function check() {
  await window.answered('import/checklist', () => page.getByRole('button', { name: 'Check what it will do' }).click());
  await page.getByRole('heading', { name: 'What the import will do' }).waitFor();
}

async function allTasks() {
  return (await api.get('/api/v1/tasks?project=HAR&limit=200')).items;
}
