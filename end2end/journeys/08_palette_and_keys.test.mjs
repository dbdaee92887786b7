// Without a mouse: the palette finds things, single keys go places.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { furnish } from '../pages.mjs';
import { Stage, eventually } from '../stage.mjs';

const stage = new Stage({ ada: 'Administrator' }, ({ server }) => furnish(server));

test('Ctrl K finds a task by its key and opens it', async () => {
  const window = await stage.window('ada');
  await window.goto('/account');
  await search(window, 'WEB-4');
  const [first] = await options(window);
  assert.match(first, /WEB-4$/);
  await window.checkAccessibility('the palette');
  await window.page.keyboard.press('Enter');
  await window.page.waitForURL((url) => url.pathname === '/tasks/WEB-4');
  await eventually(() => palette(window).isVisible(), false);
  await window.close();
});

test('the beginnings of a few words find tasks, projects, people and commands', async () => {
  const window = await stage.window('ada');
  await window.goto('/');
  await search(window, 'life check');
  assert.match((await options(window))[0], /^Check the lifeboats/);
  await search(window, 'relaun');
  assert.ok((await options(window)).some((text) => text.startsWith('Website relaunch')));
  await search(window, 'mia');
  assert.ok((await options(window)).some((text) => text.startsWith('mia')));
  await search(window, 'new pro');
  assert.ok((await options(window)).includes('New project'));
  await search(window, 'nothing is called like this');
  await window.page.getByText('Nothing found. Try fewer letters').waitFor();
  await window.close();
});

test('arrows choose, Enter goes there, Escape gives the focus back', async () => {
  const window = await stage.window('ada');
  const { page } = window;
  await window.goto('/projects');
  const link = page.getByRole('link', { name: 'Website relaunch' }).last();
  await link.focus();
  await page.keyboard.press('Control+k');
  await palette(window).waitFor();
  await page.keyboard.press('Escape');
  await eventually(() => palette(window).isVisible(), false);
  assert.ok(await link.evaluate((element) => element === document.activeElement));
  await search(window, 'a');
  await marked(window, 0);
  await page.keyboard.press('ArrowDown');
  await marked(window, 1);
  await page.keyboard.press('ArrowUp');
  await marked(window, 0);
  await page.keyboard.press('ArrowUp');
  await marked(window, (await options(window)).length - 1);
  await window.close();
});

test('the keys are listed, and go where they say', async () => {
  const window = await stage.window('ada');
  const { page } = window;
  await window.goto('/projects/WEB');
  await page.keyboard.press('?');
  const help = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await help.getByText('Go to this project’s board').waitFor();
  await window.checkAccessibility('the list of keys');
  await page.keyboard.press('g');
  await page.keyboard.press('b');
  assert.equal(new URL(page.url()).pathname, '/projects/WEB', 'nothing happens behind the dialog');
  await page.keyboard.press('Escape');
  await help.waitFor({ state: 'hidden' });
  for (const [keys, path] of [
    ['gb', '/projects/WEB/board'], ['gl', '/projects/WEB/tasks'], ['go', '/projects/WEB'], ['n', '/projects/WEB/tasks/new'],
  ]) {
    for (const key of keys) await page.keyboard.press(key);
    await page.waitForURL((url) => url.pathname === path);
  }
  // The form has the focus now: what is typed is text.
  await page.getByLabel('Title').focus();
  await page.keyboard.type('gh');
  assert.equal(await page.getByLabel('Title').inputValue(), 'gh');
  assert.equal(new URL(page.url()).pathname, '/projects/WEB/tasks/new');
  await window.close();
});

test('who presses keys by accident turns them off, and Ctrl K stays', async () => {
  const window = await stage.window('ada');
  const { page } = window;
  await window.goto('/');
  await page.keyboard.press('?');
  const box = page.getByLabel('Use keys without Ctrl');
  await box.uncheck();
  await page.keyboard.press('Escape');
  await page.reload();
  await window.alive();
  await page.keyboard.press('g');
  await page.keyboard.press('p');
  await page.keyboard.press('?');
  await search(window, 'WEB-2');
  await page.keyboard.press('Escape');
  assert.equal(new URL(page.url()).pathname, '/');
  assert.equal(await page.getByRole('dialog').count(), 0);
  await window.close();
});

test('the search page marks what was found, and its address can be passed on', async () => {
  const window = await stage.window('ada');
  const { page } = window;
  await window.goto('/search');
  await page.getByLabel('Search tasks and projects').fill('lifeb');
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => url.searchParams.get('q') === 'lifeb');
  const hits = page.getByRole('list', { name: 'Results' });
  await hits.getByText('lifeb', { exact: true }).waitFor();
  assert.equal(await hits.locator('mark').first().textContent(), 'lifeb');
  await page.reload();
  await hits.getByRole('link', { name: 'Check the lifeboats' }).click();
  await page.waitForURL((url) => url.pathname.startsWith('/tasks/WEB-'));
  await window.close();
});

function palette(window) {
  return window.page.getByRole('combobox', { name: 'Search tasks, projects, people, commands' });
}

// Opens the palette, if it is not open, types, and waits for the server's answer.
async function search(window, words) {
  if (!(await palette(window).isVisible())) {
    await window.page.keyboard.press('Control+k');
    await palette(window).waitFor();
  }
  await window.answered('search/quick', () => palette(window).fill(words));
  // People are asked for after that, and only then all is shown.
  await eventually(() => window.page.getByText('Searching').count(), 0);
}

function found(window) {
  return window.page.getByRole('listbox', { name: 'Results' }).getByRole('option');
}

function options(window) {
  return found(window).allTextContents();
}

async function marked(window, expected) {
  const mark = () => found(window).evaluateAll((all) => all.findIndex((one) => one.ariaSelected === 'true'));
  await eventually(mark, expected);
}
