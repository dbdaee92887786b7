// A long list: narrowed, sorted, paged, each with an address of its own; added to, and changed many at a time.
import assert from 'node:assert/strict';
import { Stage, eventually, story } from '../stage.mjs';

const TASKS = 130;

const chapter = story();
const stage = new Stage({ ada: 'Administrator' }, async (stage) => {
  const api = await stage.api('ada');
  const items = Array.from({ length: TASKS }, (_, index) => `- [ ] Rope ${String(index + 1).padStart(3, '0')}`);
  await api.post('/api/v1/import/checklist', {
    markdown: `# Ropes\n\n${items.join('\n')}\n`, project_key: 'ROP', project_name: 'Ropes',
  });
  const tasks = (await api.get('/api/v1/tasks?project=ROP&limit=10')).items;
  const { items: people } = await api.get('/api/v1/users?limit=200');
  await api.edit(tasks[2], { priority: 'critical', assignees: [people[0].id], due_on: '2020-02-01' });
  await api.edit(tasks[4], { priority: 'high', due_on: '2030-02-01' });
  await api.post('/api/v1/projects/ROP/labels', { name: 'Frayed', colour: 'red' });
});
let window;
let page;
let api;

chapter('pages follow each other, and the way back leads through them', async () => {
  window = await stage.window('ada');
  ({ page } = window);
  api = await stage.api('ada');
  await window.goto('/projects/ROP/tasks');
  const first = await titles();
  assert.equal(first[0], 'Rope 001');
  await page.getByText(`${first.length} of ${TASKS} tasks`).first().waitFor();
  const seen = [...first];
  const next = page.getByRole('navigation', { name: 'Pages' }).locator('[rel="next"]');
  while (await next.getAttribute('href')) {
    const before = (await titles())[0];
    await next.click();
    await eventually(async () => (await titles())[0] !== before, true, 'another page');
    seen.push(...(await titles()));
  }
  assert.equal(seen.length, TASKS);
  assert.equal(new Set(seen).size, TASKS, 'none is missing, none is twice');
  const last = await titles();
  await page.reload();
  await window.alive();
  assert.deepEqual(await titles(), last, 'the address is the place');
  await page.goBack();
  await page.goBack();
  await eventually(titles, first);
});

chapter('headers sort, one way and then the other', async () => {
  await sortBy('Priority', 'descending');
  await eventually(async () => (await titles()).slice(0, 2), ['Rope 003', 'Rope 005']);
  await sortBy('Due', 'ascending');
  await eventually(async () => (await titles()).slice(0, 2), ['Rope 003', 'Rope 005']);
  await sortBy('Due', 'descending');
  await page.waitForURL((url) => url.searchParams.get('sort') === '-due');
  await page.goBack();
  await page.goBack();
  await page.waitForURL((url) => url.searchParams.get('sort') === '-priority');
  await sorted('Priority', 'descending');
});

chapter('filters follow each choice, stand in the address and are taken off one by one', async () => {
  await window.goto('/projects/ROP/tasks');
  const filters = page.getByRole('search');
  await filters.getByLabel('Status').selectOption({ label: 'Overdue' });
  await page.waitForURL((url) => url.searchParams.get('status') === 'overdue');
  await eventually(titles, ['Rope 003']);
  await filters.getByLabel('Assignee').selectOption({ label: 'Nobody' });
  await page.getByText('No task matches').waitFor();
  await page.getByRole('link', { name: /^Overdue/ }).click();
  await eventually(async () => (await titles()).includes('Rope 003'), false);
  assert.equal(await filters.getByLabel('Status').inputValue(), '', 'the field follows the address');
  await page.goBack();
  await page.getByText('No task matches').waitFor();
  assert.equal(await filters.getByLabel('Status').inputValue(), 'overdue');
  await page.getByRole('link', { name: 'Clear filters' }).first().click();
  await eventually(async () => (await titles())[0], 'Rope 001');
  await filters.getByLabel('Words or key').fill('rope 04');
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => url.searchParams.get('q') === 'rope 04');
  await eventually(async () => (await titles()).length, 10);
  await filters.getByLabel('Words or key').fill('ROP-7');
  await page.keyboard.press('Enter');
  await eventually(async () => (await titles())[0], 'Rope 007');
  const address = page.url();
  const other = await stage.window('ada');
  await other.goto(address);
  assert.equal(await other.page.locator('.task-link').first().textContent(), 'Rope 007', 'an address can be passed on');
  await other.close();
});

chapter('one title after the other, and each becomes a task', async () => {
  await window.goto('/projects/ROP/tasks?sort=-number');
  const field = page.getByLabel('Title of a new task');
  for (const title of ['Anchor', 'Buoy', '<b>Chain</b>']) {
    await field.fill(title);
    await page.keyboard.press('Enter');
    await eventually(async () => (await titles())[0], title);
    await eventually(() => field.inputValue(), '', 'ready for the next');
  }
  await window.told('is added.');
  await page.getByText(`of ${TASKS + 3} tasks`).first().waitFor();
});

chapter('many are changed at once, and the rest stays as it is', async () => {
  const bar = page.getByRole('group', { name: 'Change the selected tasks' });
  assert.equal(await bar.isVisible(), false);
  for (const key of [1, 2, 3]) await page.getByLabel(`Select ROP-${TASKS + key}`).check();
  await bar.getByText('3 selected').waitFor();
  await window.checkAccessibility('a list with ticked rows');
  await bar.getByLabel('Assign', { exact: true }).selectOption({ label: 'ada' });
  await bar.getByText('More').click();
  await bar.getByLabel('Priority').selectOption({ label: 'Low' });
  await bar.getByLabel('Add label').selectOption({ label: 'Frayed' });
  await bar.getByLabel('Due', { exact: true }).fill('2031-01-02');
  await window.answered('task/change-many', () => bar.getByRole('button', { name: 'Apply' }).click());
  await window.told('3 tasks are changed.');
  await eventually(() => bar.isVisible(), false, 'nothing is ticked any more');
  const changed = (await api.get('/api/v1/tasks?project=ROP&limit=200')).items.filter(({ due_on }) => due_on === '2031-01-02');
  assert.equal(changed.length, 3);
  for (const { priority, labels, assignees } of changed) {
    assert.deepEqual([priority, labels[0].name, assignees[0].username], ['low', 'Frayed', 'ada']);
  }
});

chapter('a tick stays with its task, or goes with it', async () => {
  const bar = page.getByRole('group', { name: 'Change the selected tasks' });
  await window.goto('/projects/ROP/tasks');
  const [before] = await titles();
  for (const title of ['Rope 001', 'Rope 002']) await page.getByRole('row', { name: title }).getByRole('checkbox').check();
  await bar.getByText('2 selected').waitFor();
  await page.getByRole('columnheader', { name: 'Key' }).getByRole('link').click();
  await eventually(async () => (await titles())[0] !== before, true);
  await eventually(() => page.locator('tbody input:checked').count(), 0);
  await eventually(() => bar.isVisible(), false);
});

chapter('many are put away, and taken back by one click', async () => {
  const bar = page.getByRole('group', { name: 'Change the selected tasks' });
  await page.getByLabel('Select all on this page').check();
  const many = (await titles()).length;
  await bar.getByText(`${many} selected`).waitFor();
  await window.answered('task/change-many', () => bar.getByRole('button', { name: 'Delete' }).click());
  await window.told(`${many} tasks are deleted.`);
  await page.getByText(`of ${TASKS + 3 - many} tasks`).first().waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await window.told('The tasks are back in use.');
  await page.getByText(`of ${TASKS + 3} tasks`).first().waitFor();
  assert.equal((await api.get('/api/v1/tasks?project=ROP&limit=200')).items.length, TASKS + 3);
});

chapter('rows are walked, ticked and opened by keys', async () => {
  await window.goto('/projects/ROP/tasks');
  await page.keyboard.press('j');
  await focused('Rope 001');
  await page.keyboard.press('j');
  await focused('Rope 002');
  await page.keyboard.press('x');
  assert.ok(await page.getByLabel('Select ROP-2', { exact: true }).isChecked());
  await page.keyboard.press('k');
  await focused('Rope 001');
  await page.keyboard.press('ArrowDown');
  await focused('Rope 002');
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => url.pathname === '/tasks/ROP-2');
  await page.getByRole('heading', { level: 1, name: 'Rope 002' }).waitFor();
});

chapter('nothing went wrong on the way', () => window.close());

async function sortBy(column, way) {
  await page.getByRole('columnheader', { name: column }).getByRole('link').click();
  await sorted(column, way);
}

async function sorted(column, way) {
  await page.getByRole('columnheader', { name: column }).and(page.locator(`[aria-sort="${way}"]`)).waitFor();
}

function titles() {
  return page.locator('.task-link').allTextContents();
}

async function focused(title) {
  await eventually(() => page.evaluate(() => document.activeElement.textContent), title);
}
