// A day's work in a browser that runs no script: every form is a form, every list an address.
import assert from 'node:assert/strict';
import { Stage, eventually, story } from '../stage.mjs';

const chapter = story();
const stage = new Stage({ ada: 'Administrator', mia: 'Member' });
let window;
let page;
let api;

chapter('a person signs in', async () => {
  window = await stage.stranger({ javaScriptEnabled: false });
  // Refused forms, which this journey brings about.
  window.expectFault(/status of (409|422)/);
  page = window.page;
  await window.signIn('ada', '/projects');
  await page.getByText('No projects yet').waitFor();
  api = await stage.api('ada');
});

chapter('a project is created, and a wrong key is told', async () => {
  await page.getByRole('link', { name: 'New project' }).first().click();
  await page.getByLabel('Name').fill('Ferry terminal');
  await page.getByLabel('Key', { exact: true }).fill('x!');
  await page.getByRole('button', { name: 'Create project' }).click();
  await page.getByRole('alert').filter({ hasText: 'Please look at these fields again' }).waitFor();
  await page.getByLabel('Name').fill('Ferry terminal');
  await page.getByLabel('Key', { exact: true }).fill('FER');
  await page.getByRole('button', { name: 'Create project' }).click();
  await at('/projects/FER');
  await page.getByRole('heading', { level: 1, name: 'Ferry terminal' }).waitFor();
  await api.post('/api/v1/projects/FER/labels', { name: 'Outside', colour: 'teal' });
});

chapter('a task is created, and a wrong one comes back as it was typed', async () => {
  await page.getByRole('link', { name: 'New task' }).click();
  await page.getByRole('textbox', { name: 'Title', exact: true }).fill('Paint the pier');
  await page.getByRole('textbox', { name: 'Description' }).fill('With **red** paint.');
  await page.getByLabel('Estimate').fill('a while');
  await page.getByLabel('Priority').selectOption({ label: 'High' });
  await page.getByLabel('Outside').check();
  await page.getByRole('button', { name: 'Add task' }).click();
  await page.getByRole('alert').filter({ hasText: 'Please look at these fields again' }).waitFor();
  assert.equal(await page.getByRole('textbox', { name: 'Title', exact: true }).inputValue(), 'Paint the pier');
  assert.equal(await page.getByRole('textbox', { name: 'Description' }).inputValue(), 'With **red** paint.');
  assert.ok(await page.getByLabel('Outside').isChecked());
  await page.getByLabel('Estimate').fill('2h 30m');
  await page.getByRole('button', { name: 'Add task' }).click();
  await at('/tasks/FER-1');
  await page.getByRole('heading', { level: 1, name: 'Paint the pier' }).waitFor();
  await page.locator('strong', { hasText: 'red' }).waitFor();
  const { priority, labels, estimate_minutes } = await task('FER-1');
  assert.deepEqual([priority, labels.length, estimate_minutes], ['high', 1, 150]);
});

chapter('its text is edited', async () => {
  await page.getByRole('link', { name: 'Edit', exact: true }).click();
  await page.getByRole('textbox', { name: 'Title', exact: true }).fill('Paint the whole pier');
  await page.getByRole('textbox', { name: 'Description' }).fill('With *blue* paint.');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await at('/tasks/FER-1');
  await page.getByRole('heading', { level: 1, name: 'Paint the whole pier' }).waitFor();
  await page.locator('em', { hasText: 'blue' }).waitFor();
});

chapter('someone who was quicker is seen, and nothing typed is lost', async () => {
  await page.getByRole('link', { name: 'Edit', exact: true }).click();
  await api.edit(await task('FER-1'), { description: 'With green paint.' });
  await page.getByRole('textbox', { name: 'Description' }).fill('With yellow paint.');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('Someone else changed this while you were writing').waitFor();
  await page.getByRole('alert').getByText('With green paint.').waitFor();
  assert.equal(await page.getByRole('textbox', { name: 'Description' }).inputValue(), 'With yellow paint.');
  await page.getByRole('button', { name: 'Save mine over theirs' }).click();
  await at('/tasks/FER-1');
  await page.getByRole('region', { name: 'Description' }).getByText('With yellow paint.').waitFor();
});

chapter('its properties are set one by one', async () => {
  await page.getByRole('combobox', { name: 'Priority' }).selectOption({ label: 'Low' });
  await page.getByRole('button', { name: 'Save Priority' }).click();
  await at('/tasks/FER-1');
  await eventually(async () => (await task('FER-1')).priority, 'low');
  await page.getByLabel('Due', { exact: true }).fill('2030-05-04');
  await page.getByRole('button', { name: 'Save Due' }).click();
  await eventually(async () => (await task('FER-1')).due_on, '2030-05-04');
  await page.getByLabel('Change assignees').click();
  await page.getByRole('checkbox', { name: 'ada' }).check();
  await page.getByRole('button', { name: 'Save Assignees' }).click();
  await eventually(async () => (await task('FER-1')).assignees.map(({ username }) => username), ['ada']);
});

chapter('a comment is written, changed and deleted', async () => {
  await page.getByLabel('Write a comment').fill('The **tide** is low.');
  await page.getByRole('button', { name: 'Comment', exact: true }).click();
  const comment = page.getByRole('article', { name: 'Comment of ada' });
  await comment.locator('strong', { hasText: 'tide' }).waitFor();
  await comment.getByRole('button', { name: 'More actions for the comment of ada' }).click();
  await comment.getByRole('link', { name: 'Edit' }).click();
  await page.getByRole('textbox', { name: 'Comment', exact: true }).fill('The tide is high.');
  await comment.getByRole('button', { name: 'Save' }).click();
  await comment.getByText('The tide is high.').waitFor();
  await comment.getByText('changed').waitFor();
  await comment.getByRole('button', { name: 'More actions for the comment of ada' }).click();
  await comment.getByRole('link', { name: 'Delete…' }).click();
  await comment.getByText('this can’t be taken back').waitFor();
  await comment.getByRole('button', { name: 'Delete comment' }).click();
  await page.getByText('Nobody has written anything yet.').waitFor();
});

chapter('it is moved, completed and opened again', async () => {
  await page.getByRole('button', { name: 'Move to…' }).click();
  await page.getByRole('button', { name: 'In progress' }).click();
  await eventually(async () => (await task('FER-1')).column_name, 'In progress');
  await page.getByRole('button', { name: 'Complete' }).click();
  await page.getByRole('button', { name: 'Reopen' }).waitFor();
  assert.equal((await task('FER-1')).category, 'done');
  await page.getByRole('button', { name: 'Reopen' }).click();
  await page.getByRole('button', { name: 'Complete' }).waitFor();
});

chapter('a card is added to the board, and one is moved', async () => {
  await window.goto('/projects/FER/board');
  const column = page.locator('.board-column').first();
  await column.getByPlaceholder('Add a task').fill('Sweep the quay');
  await column.getByRole('button', { name: 'Add', exact: true }).click();
  await column.getByRole('link', { name: 'Sweep the quay' }).waitFor();
  await page.getByRole('link', { name: 'Move FER-1 to…' }).click();
  await page.getByLabel('To the end of').selectOption({ label: 'To do' });
  await page.getByRole('button', { name: 'Move', exact: true }).click();
  await page.getByRole('link', { name: 'Paint the whole pier' }).waitFor();
  assert.equal((await task('FER-1')).column_name, 'To do');
});

chapter('the list is filtered, sorted and added to by its address', async () => {
  await window.goto('/projects/FER/tasks');
  for (const title of ['Count the ropes', 'Oil the crane']) {
    await page.getByLabel('Title of a new task').fill(title);
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByRole('link', { name: title }).waitFor();
  }
  const filters = page.getByRole('search');
  await filters.getByLabel('Assignee').selectOption({ label: 'Me' });
  await filters.getByRole('button', { name: 'Filter' }).click();
  await page.waitForURL((url) => url.searchParams.get('assignee') === 'me');
  assert.deepEqual(await titles(), ['Paint the whole pier']);
  await page.getByRole('link', { name: 'Clear filters' }).click();
  await page.getByRole('link', { name: 'Key', exact: true }).click();
  await page.waitForURL((url) => url.searchParams.get('sort') === '-number');
  assert.deepEqual(await titles(), ['Oil the crane', 'Count the ropes', 'Sweep the quay', 'Paint the whole pier']);
});

chapter('many tasks are changed at once', async () => {
  const bar = page.getByRole('group', { name: 'Change the selected tasks' });
  assert.equal(await bar.isVisible(), false, 'nothing is ticked');
  await page.getByLabel('Select FER-3').check();
  await page.getByLabel('Select FER-4').check();
  await bar.getByLabel('Move to').selectOption({ label: 'In progress' });
  await bar.getByText('More').click();
  await bar.getByLabel('Priority').selectOption({ label: 'High' });
  await bar.getByRole('button', { name: 'Apply' }).click();
  await eventually(async () => (await task('FER-3')).column_name, 'In progress');
  const { priority, column_name } = await task('FER-4');
  assert.deepEqual([priority, column_name], ['high', 'In progress']);
  await page.getByLabel('Select FER-4').check();
  await bar.getByRole('button', { name: 'Archive' }).click();
  await eventually(titles, ['Count the ropes', 'Sweep the quay', 'Paint the whole pier']);
  await page.getByRole('link', { name: 'Archived' }).click();
  await eventually(titles, ['Oil the crane']);
  await page.getByLabel('Select FER-4').check();
  await bar.getByRole('button', { name: 'Take out of the archive' }).click();
  await page.getByText('No task is archived').waitFor();
});

chapter('a checklist is checked, then imported, and nothing pasted is lost', async () => {
  const checklist = '# Pier\n\n- [ ] Buy brushes\n- [x] Buy paint\n';
  const field = page.getByRole('textbox', { name: 'The document' });
  await window.goto('/projects/import');
  await field.fill(checklist);
  await page.getByLabel('Key of the new project').fill('x!');
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await page.getByRole('alert').filter({ hasText: 'Please look at these fields again' }).waitFor();
  assert.equal(await field.inputValue(), checklist);
  await page.getByLabel('Import into').selectOption('FER');
  await page.getByRole('button', { name: 'Check what it will do' }).click();
  await page.getByText('The document was checked, nothing was imported').waitFor();
  await page.getByText(/^2 would be new, 0 would be changed, 0 would stay as they are\./).waitFor();
  assert.equal((await api.get('/api/v1/tasks?project=FER')).items.length, 4);
  await window.goto('/projects/import?project=FER');
  await field.fill(checklist);
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await at('/projects/FER/tasks');
  await page.getByRole('link', { name: 'Buy brushes' }).waitFor();
});

chapter('people get roles, and roles get permissions', async () => {
  await window.goto('/projects/FER/members');
  await page.getByLabel('Person').fill('mia');
  await page.getByRole('button', { name: 'Add person' }).click();
  const row = page.getByRole('row').filter({ hasText: 'mia' });
  await row.getByLabel('Role of mia').selectOption({ label: 'Viewer' });
  await row.getByRole('button', { name: 'Change', exact: true }).click();
  await at('/projects/FER/members');
  assert.equal(await role('mia'), 'Viewer');
  await window.goto('/roles');
  await page.getByLabel('Viewer: Write comments').check();
  const viewer = page.getByRole('columnheader').filter({ hasText: 'Viewer' });
  await viewer.getByRole('button', { name: 'Save' }).click();
  await at('/roles');
  const mia = await stage.api('mia');
  const { id } = await task('FER-1');
  await mia.post(`/api/v1/tasks/${id}/comments`, { body: 'I may.' });
});

chapter('what one may not find is not found, and the search works', async () => {
  await window.goto('/search');
  await page.getByLabel('Search tasks and projects').fill('brush');
  await page.getByRole('button', { name: 'Search' }).click();
  await page.getByRole('list', { name: 'Results' }).getByRole('link', { name: 'Buy brushes' }).waitFor();
});

chapter('the colours are chosen, and the person signs out', async () => {
  await page.getByRole('button', { name: 'Dark' }).click();
  await eventually(() => page.locator('html').getAttribute('data-theme'), 'dark');
  await page.getByRole('button', { name: 'ada' }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await at('/sign-in');
  await window.goto('/projects/FER');
  await at('/sign-in');
  await window.close();
});

async function at(path) {
  await page.waitForURL((url) => url.pathname === path);
}

async function task(key) {
  const { items } = await api.get('/api/v1/tasks?project=FER');
  return items.find((task) => task.key === key);
}

async function role(username) {
  const { members } = await api.get('/api/v1/projects/FER/members');
  return members.find(({ user }) => user.username === username).role_name;
}

function titles() {
  return page.locator('.task-link').allTextContents();
}
