// One task, by several people at once: its text, its properties, what is below it, what is said about it, its end.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Stage, eventually } from '../stage.mjs';

// What must never run, whichever way it comes in.
const EVIL = [
  '<script>globalThis.slipped = 1</script>',
  '<img src="/nowhere.png" onerror="globalThis.slipped = 2">',
  '[click me](javascript:globalThis.slipped=3)',
  '<a href="javascript:globalThis.slipped=4">or me</a>',
  '<svg onload="globalThis.slipped = 5"></svg>',
  '<iframe srcdoc="<script>parent.slipped = 6</script>"></iframe>',
  '<form action="/fn/session/sign-out" method="post"><button>Win</button></form>',
  '![pixel](https://example.org/pixel.png)',
].join('\n\n');

const stage = new Stage({ ada: 'Administrator', mia: 'Member' }, async (stage) => {
  const api = await stage.api('ada');
  await api.post('/api/v1/projects', { name: 'Lighthouse', key: 'LIG' });
  await api.post('/api/v1/projects/LIG/labels', { name: 'Height', colour: 'orange' });
  await api.post('/api/v1/projects/LIG/labels', { name: 'Depth', colour: 'blue' });
  const { items } = await api.get('/api/v1/users?limit=200');
  const mia = items.find(({ username }) => username === 'mia');
  await api.post('/api/v1/projects/LIG/members', { user_id: mia.id, role_id: await api.roleId('Member') });
});

test('title and description are edited, with a look at how they will be', async () => {
  const { window, page, path } = await open('ada', { title: 'Clean the lens' });
  await page.getByRole('link', { name: 'Edit', exact: true }).click();
  await page.getByRole('textbox', { name: 'Title', exact: true }).fill('Clean the big lens');
  const text = page.getByRole('textbox', { name: 'Description' });
  await text.fill('With **vinegar**.\n\n- [ ] inside\n- [x] outside\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```\nrub\n```');
  const form = page.locator('#text-form');
  await form.getByRole('button', { name: 'Preview' }).click();
  const preview = page.getByRole('region', { name: 'Preview' });
  await preview.locator('strong', { hasText: 'vinegar' }).waitFor();
  await preview.locator('td', { hasText: '2' }).waitFor();
  await form.getByRole('button', { name: 'Write', exact: true }).click();
  await text.press('Control+Enter');
  await page.getByRole('heading', { level: 1, name: 'Clean the big lens' }).waitFor();
  await page.getByRole('region', { name: 'Description' }).locator('code', { hasText: 'rub' }).waitFor();
  await page.waitForURL((url) => url.pathname === path && url.search === '');
  await eventually(() => page.title(), `${path.split('/').pop()} Clean the big lens · PMS`);
  await window.close();
});

test('script in a text is text', async () => {
  const { window, page } = await open('mia', { title: '<script>globalThis.slipped = 0</script>', description: EVIL });
  // The picture of a text, which is not fetched from other sites.
  window.expectFault(/404|Content Security Policy/);
  await page.getByRole('heading', { level: 1, name: '<script>globalThis.slipped = 0</script>' }).waitFor();
  await page.getByRole('textbox', { name: 'Write a comment' }).fill(EVIL);
  await page.getByRole('button', { name: 'Preview' }).click();
  await page.getByRole('region', { name: 'Preview' }).getByText('click me').waitFor();
  await page.getByRole('button', { name: 'Write', exact: true }).click();
  await window.answered('comment/add', () => page.getByRole('button', { name: 'Comment', exact: true }).click());
  await page.getByRole('article', { name: 'Comment of mia' }).getByText('click me').click();
  await page.getByRole('region', { name: 'Description' }).getByText('click me').click();
  const left = await page.evaluate(() => ({
    slipped: globalThis.slipped,
    tags: [...document.querySelectorAll('.prose :is(script, iframe, form, svg, style, object, embed)')].length,
    handlers: [...document.querySelectorAll('.prose *')].flatMap((element) =>
      element.getAttributeNames().filter((name) => name.startsWith('on')),
    ),
    links: [...document.querySelectorAll('.prose a')].map((link) => link.protocol).filter((it) => it === 'javascript:'),
  }));
  assert.deepEqual(left, { slipped: undefined, tags: 0, handlers: [], links: [] });
  await window.close();
});

test('what looks like HTML is edited as it was written', async () => {
  const description = `\n</textarea></form><b>bold</b> &lt; &amp;\n\n${EVIL}`;
  const { window, page, path } = await open('ada', { title: 'Write it down', description });
  const text = page.getByRole('textbox', { name: 'Description' });
  // Made by the browser, and by the server.
  await page.getByRole('link', { name: 'Edit', exact: true }).click();
  assert.equal(await text.inputValue(), description);
  await window.goto(`${path}?edit=text`);
  assert.equal(await text.inputValue(), description);
  assert.equal(await page.locator('#text-form').count(), 1);
  await text.press('Control+Enter');
  await page.getByRole('region', { name: 'Description' }).getByText('click me').waitFor();
  await window.goto(`${path}?edit=text`);
  assert.equal(await text.inputValue(), description, 'and saved as it was');
  await window.close();
});

test('each property is saved as it is changed', async () => {
  const { window, page, key } = await open('ada', { title: 'Paint the tower' });
  const properties = page.getByRole('complementary', { name: 'Properties' });
  const save = (act) => window.answered('task/save-field', act);
  await save(() => properties.getByRole('combobox', { name: 'Priority' }).selectOption({ label: 'Critical' }));
  await properties.getByLabel('Change assignees').click();
  await save(() => properties.getByRole('checkbox', { name: 'mia' }).check());
  await properties.getByLabel('Change labels').click();
  await save(() => properties.getByRole('checkbox', { name: 'Height' }).check());
  // A day that is filled in counts as changed at once, a text only when it is left.
  await save(() => field(page, 'Starts').fill('2030-01-02'));
  await save(() => field(page, 'Due').fill('2030-02-03'));
  await field(page, 'Estimate').fill('1d 30m');
  await save(() => field(page, 'Estimate').blur());
  await save(() => properties.getByRole('combobox', { name: 'Column' }).selectOption({ label: 'In progress' }));
  const { priority, assignees, labels, start_on, due_on, estimate_minutes, column_name } = await find(key);
  assert.deepEqual(
    [priority, assignees[0].username, labels[0].name, start_on, due_on, estimate_minutes, column_name],
    ['critical', 'mia', 'Height', '2030-01-02', '2030-02-03', 510, 'In progress'],
  );
  await page.reload();
  await window.alive();
  assert.equal(await field(page, 'Estimate').inputValue(), '1d 30m');
  const history = page.getByRole('region', { name: 'History' });
  await history.getByText('set the due date to').waitFor();
  await window.close();
});

test('labels are added one by one, whatever others change meanwhile', async () => {
  const { window, page, key } = await open('ada', { title: 'Paint the fence' });
  window.expectFault(/409/);
  const properties = page.getByRole('complementary', { name: 'Properties' });
  await (await stage.api('mia')).edit(await find(key), { priority: 'high' });
  const labels = async () => (await find(key)).labels.map(({ name }) => name).sort();
  await properties.getByLabel('Change labels').click();
  await properties.getByRole('checkbox', { name: 'Height' }).check();
  await eventually(labels, ['Height']);
  await properties.getByRole('checkbox', { name: 'Depth' }).check();
  await eventually(labels, ['Depth', 'Height']);
  await window.close();
});

test('a wrong value is told beside its field and changes nothing', async () => {
  const { window, page, key } = await open('ada', { title: 'Paint the door' });
  window.expectFault(/422/);
  const properties = page.getByRole('complementary', { name: 'Properties' });
  await field(page, 'Estimate').fill('some time');
  await window.answered('task/save-field', () => field(page, 'Estimate').blur());
  await properties.locator('.field-error').filter({ hasText: /./ }).waitFor();
  await window.answered('task/save-field', () => field(page, 'Due').fill('2030-02-03'));
  await window.answered('task/save-field', () => field(page, 'Starts').fill('2031-02-03'));
  await properties.locator('.field-error').filter({ hasText: /./ }).waitFor();
  const { estimate_minutes, start_on, due_on } = await find(key);
  assert.deepEqual([estimate_minutes, start_on, due_on], [null, null, '2030-02-03']);
  await window.close();
});

test('it becomes part of another task, which never becomes part of it', async () => {
  const api = await stage.api('ada');
  const whole = await api.post('/api/v1/projects/LIG/tasks', { title: 'Rebuild the pier' });
  const { window, page, key } = await open('ada', { title: 'Drive the piles' });
  window.expectFault(/409|422/);
  const part = () => page.getByRole('combobox', { name: 'Part of' });
  const breadcrumb = page.getByRole('navigation', { name: 'Breadcrumb' });
  await part().fill(whole.key);
  await window.answered('task/save-field', () => part().blur());
  await breadcrumb.getByRole('link', { name: /Rebuild the pier/ }).click();
  await page.waitForURL((url) => url.pathname === `/tasks/${whole.key}`);
  await page.getByRole('region', { name: 'Sub-tasks' }).getByRole('link', { name: 'Drive the piles' }).waitFor();
  await part().fill(key);
  await window.answered('task/save-field', () => part().blur());
  await page.locator('.field-error').filter({ hasText: /./ }).waitFor();
  assert.equal((await find(whole.key)).parent_id, null);
  await window.goto(`/tasks/${key}`);
  await part().fill('');
  await window.answered('task/save-field', () => part().blur());
  await eventually(() => breadcrumb.getByRole('link', { name: /Rebuild the pier/ }).count(), 0);
  assert.equal((await find(key)).parent_id, null);
  await window.close();
});

test('a task is watched, and no longer, by button and by key', async () => {
  const { window, page, key } = await open('mia', { title: 'Log the weather' });
  const api = await stage.api('ada');
  const watchers = async () => (await api.get(`/api/v1/tasks/${key}/view`)).watchers.map(({ username }) => username);
  await page.getByRole('button', { name: 'Watch', exact: true }).click();
  await page.getByRole('button', { name: 'Stop watching' }).waitFor();
  assert.deepEqual((await watchers()).sort(), ['ada', 'mia']);
  await page.reload();
  await window.alive();
  await page.keyboard.press('w');
  await page.getByRole('button', { name: 'Watch', exact: true }).waitFor();
  assert.deepEqual(await watchers(), ['ada']);
  await window.close();
});

test('sub-tasks are added, counted and lead to their own pages', async () => {
  const { window, page, key, path } = await open('ada', { title: 'Renew the roof' });
  const line = page.getByLabel(`Title of a new sub-task of ${key}`);
  const below = page.getByRole('region', { name: 'Sub-tasks' });
  for (const title of ['Buy slates', 'Lay slates']) {
    await line.fill(title);
    await page.keyboard.press('Enter');
    await below.getByRole('link', { name: title }).waitFor();
    await eventually(() => line.inputValue(), '');
  }
  await below.getByRole('link', { name: 'Buy slates' }).click();
  await page.getByRole('heading', { level: 1, name: 'Buy slates' }).waitFor();
  await page.getByRole('button', { name: 'Complete' }).click();
  await window.told('is done.');
  await page.getByRole('navigation', { name: 'Breadcrumb' }).getByRole('link', { name: /Renew the roof/ }).click();
  await page.waitForURL((url) => url.pathname === path);
  await page.getByRole('heading', { level: 1, name: 'Renew the roof' }).waitFor();
  const { child_count, child_done_count } = await find(key);
  assert.deepEqual([child_count, child_done_count], [2, 1]);
  await below.getByText('1 of 2').first().waitFor();
  await window.close();
});

test('comments are written, changed and deleted, one’s own only', async () => {
  const { window, page, key, path } = await open('mia', { title: 'Sound the horn' });
  const write = async (text) => {
    await page.getByRole('textbox', { name: 'Write a comment' }).fill(text);
    await window.answered('comment/add', () => page.getByRole('button', { name: 'Comment', exact: true }).click());
    await page.getByRole('article').filter({ hasText: text.replaceAll('*', '') }).waitFor();
  };
  await write('It is **loud**, @ada.');
  assert.equal(await page.getByRole('textbox', { name: 'Write a comment' }).inputValue(), '');
  await write('Very.');
  const first = page.getByRole('article').first();
  await first.getByRole('button', { name: /^More actions/ }).click();
  await first.getByRole('link', { name: 'Edit' }).click();
  await page.getByRole('textbox', { name: 'Comment', exact: true }).fill('It is not loud.');
  await first.getByRole('button', { name: 'Save' }).click();
  await first.getByText('It is not loud.').waitFor();
  await first.getByText('changed').waitFor();
  const second = page.getByRole('article').filter({ hasText: 'Very.' });
  await second.getByRole('button', { name: /^More actions/ }).click();
  await second.getByRole('link', { name: 'Delete…' }).click();
  await second.getByRole('button', { name: 'Delete comment' }).click();
  await window.told('The comment is deleted.');
  await second.waitFor({ state: 'detached' });
  // Someone who may not change other people's comments is offered nothing on them.
  const task = await find(key);
  await (await stage.api('ada')).post(`/api/v1/tasks/${task.id}/comments`, { body: 'From the administrator.' });
  await window.goto(path);
  const foreign = page.getByRole('article', { name: 'Comment of ada' });
  await foreign.getByText('From the administrator.').waitFor();
  assert.equal(await foreign.getByRole('button').count(), 0);
  assert.equal((await find(key)).comment_count, 2);
  await window.close();
});

test('two who write the same text see each other, and nothing typed is lost', async () => {
  const { window: ada, page, path } = await open('ada', { title: 'Oil the hinges' });
  ada.expectFault(/409/);
  const mia = await stage.window('mia');
  await mia.goto(`${path}?edit=text`);
  await page.getByRole('link', { name: 'Edit', exact: true }).click();
  await page.getByRole('textbox', { name: 'Description' }).fill('With whale oil.');
  await mia.page.getByRole('textbox', { name: 'Description' }).fill('With olive oil.');
  // Ada saves before she hears of it.
  await page.route('**/fn/task/view', () => {});
  await mia.answered('task/save-text', () => mia.page.getByRole('button', { name: 'Save', exact: true }).click());
  await mia.page.getByRole('region', { name: 'Description' }).getByText('With olive oil.').waitFor();
  await ada.answered('task/save-text', () => page.getByRole('button', { name: 'Save', exact: true }).click());
  const clash = page.getByRole('alert').filter({ hasText: 'Someone else changed this while you were writing' });
  await clash.getByText('With olive oil.').waitFor();
  assert.equal(await page.getByRole('textbox', { name: 'Description' }).inputValue(), 'With whale oil.');
  await page.getByRole('textbox', { name: 'Description' }).fill('With olive and whale oil.');
  await page.getByRole('button', { name: 'Save mine over theirs' }).click();
  await page.getByRole('region', { name: 'Description' }).getByText('With olive and whale oil.').waitFor();
  await mia.close();
  await ada.close();
});

test('whoever presses “Save” in the moment in which they are told of another text does not write over it', async () => {
  const { window: ada, page, path, key } = await open('ada', { title: 'Grease the axle' });
  ada.expectFault(/409/);
  const mia = await stage.window('mia');
  await mia.goto(`${path}?edit=text`);
  await page.getByRole('link', { name: 'Edit', exact: true }).click();
  await page.getByRole('textbox', { name: 'Description' }).fill('With tallow.');
  // In the same moment as the notice.
  await page.evaluate(() => {
    const save = document.querySelector('#text-form button[type="submit"]');
    new MutationObserver((_, observer) => {
      if (!document.querySelector('.clash')) return;
      observer.disconnect();
      save.click();
    }).observe(document.body, { childList: true, subtree: true });
  });
  const answered = page.waitForResponse((response) => response.url().endsWith('/fn/task/save-text'));
  await mia.page.getByRole('textbox', { name: 'Description' }).fill('With lard.');
  await mia.answered('task/save-text', () => mia.page.getByRole('button', { name: 'Save', exact: true }).click());
  assert.equal((await answered).status(), 409);
  await page.getByRole('alert').getByText('With lard.').waitFor();
  const api = await stage.api('ada');
  assert.equal((await api.get(`/api/v1/tasks/${key}`)).description, 'With lard.');
  assert.equal(await page.getByRole('textbox', { name: 'Description' }).inputValue(), 'With tallow.');
  await page.getByRole('button', { name: 'Save mine over theirs' }).click();
  await page.getByRole('region', { name: 'Description' }).getByText('With tallow.').waitFor();
  await mia.close();
  await ada.close();
});

test('two who set the same property are asked; different ones do not meet', async () => {
  const { window: ada, page, key, path } = await open('ada', { title: 'Wind the clock' });
  ada.expectFault(/409/);
  const mia = await stage.window('mia');
  await mia.goto(path);
  const priority = (window) => window.page.getByRole('combobox', { name: 'Priority' });
  await mia.answered('task/save-field', () => priority(mia).selectOption({ label: 'High' }));
  // Another property: ada's page is older, and it goes well all the same.
  await field(page, 'Due').fill('2030-03-04');
  await field(page, 'Due').blur();
  await eventually(async () => (await find(key)).due_on, '2030-03-04');
  await eventually(() => priority(ada).inputValue(), 'high', 'and shows what mia did');
  await mia.goto(path);
  // From now on she saves before she hears of it.
  await page.route('**/fn/task/view', () => {});
  await mia.answered('task/save-field', () => priority(mia).selectOption({ label: 'Low' }));
  await ada.answered('task/save-field', () => priority(ada).selectOption({ label: 'Critical' }));
  const clash = page.getByRole('alert').filter({ hasText: 'Someone else changed this at the same time' });
  await clash.getByText('Low').waitFor();
  await clash.getByText('Critical').waitFor();
  assert.equal((await find(key)).priority, 'low');
  await ada.answered('task/save-field', () => clash.getByRole('button', { name: 'Save mine over it' }).click());
  await clash.waitFor({ state: 'detached' });
  assert.equal((await find(key)).priority, 'critical');
  await mia.close();
  await ada.close();
});

test('a task is archived and brought back, deleted and taken back', async () => {
  const { window, page, key } = await open('ada', { title: 'Light the lamp' });
  const more = () => page.getByRole('button', { name: `More actions for ${key}` }).click();
  await more();
  await window.checkAccessibility('an open menu');
  await page.getByRole('button', { name: 'Archive', exact: true }).click();
  await window.told(`${key} is archived.`);
  await page.getByText('This task is archived').waitFor();
  await window.checkAccessibility('a task that is put away, and a message with a way back');
  assert.equal(await page.getByRole('button', { name: 'Complete' }).count(), 0, 'nothing of it changes');
  await page.getByRole('button', { name: 'Bring it back' }).click();
  await window.told(`${key} is back in use.`);
  await page.getByRole('button', { name: 'Complete' }).waitFor();
  await more();
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await page.getByText('This task is deleted').waitFor();
  await page.locator('.toast').filter({ hasText: `${key} is deleted.` }).getByRole('button', { name: 'Undo' }).click();
  await window.told(`${key} is back where it was.`);
  await page.getByRole('button', { name: 'Complete' }).waitFor();
  assert.equal((await find(key)).lifecycle, 'active');
  await window.close();
});

test('completing is taken back from wherever one has gone meanwhile', async () => {
  const { window, page, key } = await open('ada', { title: 'Trim the wick' });
  await page.getByRole('button', { name: 'Complete' }).click();
  await window.told(`${key} is done.`);
  await page.getByRole('link', { name: 'Home', exact: true }).first().click();
  await page.waitForURL((url) => url.pathname === '/');
  await page.getByRole('button', { name: 'Undo' }).click();
  await window.told(`${key} is back where it was.`);
  assert.equal((await find(key)).category, 'todo');
  await window.close();
});

test('single keys work on its page', async () => {
  const { window, page, key } = await open('ada', { title: 'Ring the bell' });
  // Nobody waits after the key: not one letter of what follows is taken for a key.
  await page.keyboard.type('cexs');
  assert.equal(await page.locator('#comment-body').inputValue(), 'exs');
  assert.equal(new URL(page.url()).search, '');
  assert.equal((await find(key)).category, 'todo', 'what is typed is text');
  await page.keyboard.press('Escape');
  await page.getByRole('heading', { level: 1 }).click();
  await page.keyboard.press('s');
  await focused(page, 'sub-task-title');
  await page.getByRole('heading', { level: 1 }).click();
  await page.keyboard.press('x');
  await window.told(`${key} is done.`);
  await page.keyboard.press('e');
  await focused(page, 'text-title');
  await window.close();
});

test('letters choose in an open menu, and do nothing else', async () => {
  const { window, page, key, path } = await open('ada', { title: 'Grease the hinge' });
  await page.getByRole('button', { name: /^More actions/ }).first().click();
  await page.keyboard.type('xwe');
  await page.keyboard.press('Escape');
  assert.equal(new URL(page.url()).pathname + new URL(page.url()).search, path);
  assert.equal((await find(key)).category, 'todo');
  await window.close();
});

test('a comment that was sent leaves an empty field to write in', async () => {
  const { window, page } = await open('mia', { title: 'Air the cellar' });
  const field = page.getByRole('textbox', { name: 'Write a comment' });
  await field.fill('It smells of salt.');
  await page.getByRole('button', { name: 'Preview' }).click();
  await page.getByRole('button', { name: 'Comment', exact: true }).click();
  await page.getByRole('article').getByText('It smells of salt.').waitFor();
  await field.waitFor();
  assert.equal(await field.inputValue(), '');
  await window.close();
});

test('who asks for the current project after a conflict gets it', async () => {
  const window = await stage.window('ada');
  const { page } = window;
  window.expectFault(/409/);
  await window.goto('/projects/LIG/settings');
  const api = await stage.api('ada');
  const { version } = await api.get('/api/v1/projects/LIG');
  await api.send('PATCH', '/api/v1/projects/LIG', { version, name: 'The lighthouse' });
  const name = page.getByRole('textbox', { name: 'Name', exact: true }).first();
  await name.fill('Mine');
  await page.getByRole('button', { name: 'Save', exact: true }).first().click();
  await page.getByRole('button', { name: 'Show the current one' }).click();
  await eventually(() => name.inputValue(), 'The lighthouse');
  assert.equal((await api.get('/api/v1/projects/LIG')).name, 'The lighthouse');
  await window.close();
});

test('a column that is moved takes its name along', async () => {
  const window = await stage.window('ada');
  const { page } = window;
  await window.goto('/projects/LIG/settings');
  const names = () => page.getByRole('textbox', { name: /^Name of / }).evaluateAll((all) => all.map(({ value }) => value));
  const [first, second, ...others] = await names();
  await page.getByLabel(`Name of ${first}`).fill('Someday');
  await page.getByRole('button', { name: `Save ${first}` }).click();
  await page.getByLabel('Name of Someday').waitFor();
  await page.getByRole('button', { name: 'Move Someday to the right' }).click();
  await eventually(names, [second, 'Someday', ...others]);
  await window.close();
});

// A new task and its page.
async function open(username, fields) {
  const api = await stage.api('ada');
  const { key } = await api.post('/api/v1/projects/LIG/tasks', fields);
  const window = await stage.window(username);
  const path = `/tasks/${key}`;
  await window.goto(path);
  return { window, page: window.page, key, path };
}

// The control of a property.
function field(page, label) {
  return page.getByRole('complementary', { name: 'Properties' }).getByRole('textbox', { name: label, exact: true });
}

async function find(key) {
  const api = await stage.api('ada');
  const { items } = await api.get('/api/v1/tasks?project=LIG&limit=200');
  return items.find((task) => task.key === key);
}

async function focused(page, id) {
  await eventually(() => page.evaluate(() => document.activeElement.id), id);
}
