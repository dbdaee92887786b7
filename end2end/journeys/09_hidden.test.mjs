// What one may not see does not exist; what one may not do is not offered.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Stage, eventually } from '../stage.mjs';

let task;
const stage = new Stage({ ada: 'Administrator', bob: 'Member', eve: 'Member' }, async (stage) => {
  const api = await stage.api('ada');
  await api.post('/api/v1/projects', { name: 'Quiet harbour', key: 'QUI' });
  task = await api.post('/api/v1/projects/QUI/tasks', { title: 'Move the lighthouse' });
  await api.post(`/api/v1/tasks/${task.id}/comments`, { body: 'By night.' });
  const { items } = await api.get('/api/v1/users?limit=200');
  const eve = items.find(({ username }) => username === 'eve');
  await api.post('/api/v1/projects/QUI/members', { user_id: eve.id, role_id: await api.roleId('Viewer') });
});

const ADDRESSES = () => [
  '/projects/QUI', '/projects/QUI/board', '/projects/QUI/tasks', '/projects/QUI/tasks/new', '/projects/QUI/activity',
  '/projects/QUI/members', '/projects/QUI/settings', `/tasks/${task.key}`, `/tasks/${task.key}?edit=text`,
];

test('a project of others is not there, whatever the address', async () => {
  const window = await stage.window('bob');
  window.expectFault(/404/);
  for (const address of ADDRESSES()) {
    const answer = await window.goto(address);
    assert.equal(answer.status(), 404, address);
    await window.page.getByRole('heading', { name: 'There is nothing here' }).waitFor();
    assert.doesNotMatch(await window.page.content(), /lighthouse|Quiet harbour/, address);
  }
  const nowhere = await window.goto('/projects/NOPE');
  assert.equal(nowhere.status(), 404, 'the same as for one that nobody has');
  await window.close();
});

test('it is not in lists, in the search or in the palette either', async () => {
  const window = await stage.window('bob');
  const { page } = window;
  await window.goto('/projects');
  await page.getByText('You are not in a project yet').waitFor();
  await window.goto('/search?q=lighthouse');
  await page.getByText('Nothing found').waitFor();
  await page.keyboard.press('Control+k');
  const palette = page.getByRole('combobox', { name: 'Search tasks, projects, people, commands' });
  await window.answered('search/quick', () => palette.fill(task.key));
  await page.getByText('Nothing found. Try fewer letters').waitFor();
  await window.close();
});

test('who may only look is offered nothing to change', async () => {
  const window = await stage.window('eve');
  const { page } = window;
  await window.goto('/projects/QUI');
  assert.equal(await page.getByRole('link', { name: 'New task' }).count(), 0);
  assert.equal(await page.getByRole('link', { name: 'Settings' }).count(), 0);
  await window.goto('/projects/QUI/board');
  await page.getByRole('link', { name: task.title }).waitFor();
  assert.equal(await page.getByRole('link', { name: /^Move .* to…$/ }).count(), 0);
  assert.equal(await page.getByPlaceholder('Add a task').count(), 0);
  await page.getByRole('link', { name: task.title }).focus();
  await page.keyboard.press(' ');
  assert.equal(await page.locator('[data-grabbed]').count(), 0, 'no card can be picked up');
  await window.goto('/projects/QUI/tasks');
  await page.getByRole('link', { name: task.title }).waitFor();
  assert.equal(await page.getByRole('checkbox').count(), 0);
  assert.equal(await page.getByRole('button', { name: /^(Add|Apply|Archive|Delete)$/ }).count(), 0);
  await window.goto('/projects/QUI/members');
  await page.getByRole('row').filter({ hasText: 'eve' }).waitFor();
  assert.equal(await page.getByRole('button', { name: /^(Add|Actions for)/ }).count(), 0);
  await window.close();
});

test('a task’s page has only text for who may only look', async () => {
  const window = await stage.window('eve');
  const { page } = window;
  await window.goto(`/tasks/${task.key}?edit=text`);
  await page.getByRole('heading', { level: 1, name: task.title }).waitFor();
  await page.getByText('By night.').waitFor();
  const main = page.getByRole('main');
  assert.equal(await main.getByRole('textbox').count(), 0);
  assert.equal(await main.getByRole('combobox').count(), 0);
  const buttons = await main.getByRole('button').allTextContents();
  // Everyone may watch, and open the menu with the address and the reasons.
  assert.deepEqual(buttons.map((text) => text.trim()).filter(Boolean), ['Watch']);
  assert.equal(await main.getByRole('link', { name: 'Edit' }).count(), 0);
  await window.close();
});

test('pages for those who may say so, and a forged form is refused', async () => {
  const window = await stage.window('eve');
  window.expectFault(/403|404/);
  const { page } = window;
  await window.goto('/projects/new');
  await page.getByText('You may not create projects').waitFor();
  await window.goto('/projects/QUI/tasks/new');
  await page.getByText('You may not add tasks here').waitFor();
  const forged = await page.evaluate(async (id) => {
    const body = new URLSearchParams({ project_id: id, title: 'Forged' });
    const answer = await fetch('/fn/task/add', { method: 'POST', body, headers: { accept: 'application/json' } });
    return answer.status;
  }, task.project_id);
  assert.equal(forged, 403);
  const api = await stage.api('ada');
  await eventually(async () => (await api.get('/api/v1/tasks?project=QUI')).items.length, 1);
  await window.close();
});

test('a page that is open shows nothing more once its reader is out of the project', async () => {
  const window = await stage.window('eve');
  window.expectFault(/404/);
  const { page } = window;
  await window.goto('/projects/QUI');
  const api = await stage.api('ada');
  const { items } = await api.get('/api/v1/users?limit=200');
  await api.send('DELETE', `/api/v1/projects/QUI/members/${items.find(({ username }) => username === 'eve').id}`);
  await page.getByRole('heading', { name: 'There is nothing here' }).waitFor();
  await window.close();
});
