// On a slow line people go on before the answer comes. What they did counts, and the page they are on stays alive.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Board } from '../board.mjs';
import { Stage, eventually } from '../stage.mjs';

const stage = new Stage({ ada: 'Administrator' }, async (stage) => {
  const api = await stage.api('ada');
  await api.post('/api/v1/projects', { name: 'Slow line', key: 'SLO' });
  for (const title of ['First', 'Second', 'Third']) await api.post('/api/v1/projects/SLO/tasks', { title });
});

test('a card that is on its way is where it was put', async () => {
  const window = await stage.window('ada');
  await window.goto('/projects/SLO/board');
  const board = await Board.on(window);
  const late = await holdBack(window, 'task/move');
  await board.pickUp('First');
  await board.carry('First', 'ArrowRight', /in To do$/);
  await window.page.keyboard.press(' ');
  await leave(window);
  await late.let();
  await stillAlive(window);
  assert.equal((await find('First')).column_name, 'To do');
  await window.close();
});

test('a card that could not be moved is told on the next page', async () => {
  const window = await stage.window('ada');
  window.expectFault(/Failed to load resource/);
  await window.goto('/projects/SLO/board');
  const board = await Board.on(window);
  const late = await holdBack(window, 'task/move');
  await board.pickUp('Second');
  await board.carry('Second', 'ArrowRight', /in To do$/);
  await window.page.keyboard.press(' ');
  await leave(window);
  await late.cut();
  await window.told('The server did not answer');
  await stillAlive(window);
  await window.close();
});

test('a new task is there, though its list was left before', async () => {
  const window = await stage.window('ada');
  await window.goto('/projects/SLO/tasks');
  const late = await holdBack(window, 'task/add');
  await window.page.getByLabel('Title of a new task').fill('Fourth');
  await window.page.keyboard.press('Enter');
  await leave(window);
  await late.let();
  await stillAlive(window);
  await eventually(async () => Boolean(await find('Fourth')), true);
  await window.close();
});

test('a task that is on its way to done gets there', async () => {
  const window = await stage.window('ada');
  const { key } = await find('Third');
  await window.goto(`/tasks/${key}`);
  const late = await holdBack(window, 'task/act');
  await window.page.getByRole('button', { name: 'Complete' }).click();
  await leave(window);
  await late.let();
  await stillAlive(window);
  await eventually(async () => (await find('Third')).category, 'done');
  await window.close();
});

test('undo works from another page', async () => {
  const window = await stage.window('ada');
  const { page } = window;
  await window.goto('/projects/SLO/tasks');
  await page.getByLabel('Select SLO-1').check();
  await page.getByRole('button', { name: 'Archive', exact: true }).click();
  await window.told('1 task is archived.');
  await leave(window);
  await page.getByRole('button', { name: 'Undo' }).click();
  await window.told('The tasks are back in use.');
  await window.goto('/projects/SLO/settings');
  await page.getByRole('button', { name: 'Archive project' }).last().click();
  await window.told('Slow line is archived.');
  await leave(window);
  await page.getByRole('button', { name: 'Undo' }).click();
  await window.told('Slow line is back in use.');
  await stillAlive(window);
  await window.close();
});

test('the newest of two questions is answered, whichever comes last', async () => {
  const window = await stage.window('ada');
  const { page } = window;
  await window.goto('/projects/SLO/tasks');
  const filters = page.getByRole('search');
  const late = await holdBack(window, 'task/list');
  await filters.getByLabel('Words or key').fill('First');
  await page.keyboard.press('Enter');
  await late.asked();
  await filters.getByLabel('Words or key').fill('Second');
  await page.keyboard.press('Enter');
  await late.let();
  await eventually(() => page.locator('.task-link').allTextContents(), ['Second']);
  await page.waitForURL((url) => url.searchParams.get('q') === 'Second');
  await window.close();
});

test('code that comes late draws only the page that one is on', async () => {
  const window = await stage.window('ada');
  const { page } = window;
  await window.goto('/projects/SLO');
  let release;
  const released = new Promise((resolve) => (release = resolve));
  await page.route('**/*.wasm', async (route) => {
    await released;
    await route.continue();
  });
  await page.getByRole('navigation', { name: 'Project' }).getByRole('link', { name: 'Board' }).click();
  await page.waitForURL((url) => url.pathname === '/projects/SLO/board');
  await page.getByRole('link', { name: 'Roles', exact: true }).click();
  await page.waitForURL((url) => url.pathname === '/roles');
  release();
  await page.getByRole('region', { name: 'Roles and permissions' }).waitFor();
  await page.getByLabel('Viewer: Write comments').check();
  await page.getByText('1 change is not saved').waitFor();
  assert.equal(await page.getByRole('region', { name: 'Board' }).count(), 0);
  await stillAlive(window);
  await window.close();
});

// Holds back the next request to a server function until it is let go, or cut.
async function holdBack(window, path) {
  let release;
  let arrived;
  const asked = new Promise((resolve) => (arrived = resolve));
  const released = new Promise((resolve) => (release = resolve));
  const done = new Promise((resolve) => {
    window.page.route(`**/fn/${path}`, async (route) => {
      arrived();
      if (await released) await route.continue();
      else await route.abort();
      resolve();
    }, { times: 1 });
  });
  const end = async (lets) => {
    await asked;
    release(lets);
    await done;
  };
  return { asked: () => asked, let: () => end(true), cut: () => end(false) };
}

// Goes on to another page, within the page that lives.
async function leave(window) {
  await window.page.getByRole('link', { name: 'Home', exact: true }).first().click();
  await window.page.getByRole('heading', { level: 1, name: /^Hello/ }).waitFor();
}

// A page whose program has ended follows no key any more.
async function stillAlive(window) {
  await window.page.keyboard.press('Control+k');
  await window.page.getByRole('combobox', { name: 'Search tasks, projects, people, commands' }).waitFor();
  await window.page.keyboard.press('Escape');
}

async function find(title) {
  const api = await stage.api('ada');
  const { items } = await api.get('/api/v1/tasks?project=SLO&limit=200');
  return items.find((task) => task.title === title);
}
