// Tasks that wait for each other: linked, refused with the loop, blocked and let go by themselves, unblocked by hand, drawn.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Board } from '../board.mjs';
import { Stage, eventually } from '../stage.mjs';

const stage = new Stage({ ada: 'Administrator', mia: 'Member' }, async (stage) => {
  const api = await stage.api('ada');
  await api.post('/api/v1/projects', { name: 'Harbour', key: 'HAR' });
  await api.post('/api/v1/projects', { name: 'Operations', key: 'OPS' });
  const { items } = await api.get('/api/v1/users?limit=200');
  const mia = items.find(({ username }) => username === 'mia');
  await api.post('/api/v1/projects/HAR/members', { user_id: mia.id, role_id: await api.roleId('Member') });
});

test('a task is linked by words, a loop is refused with its path', async () => {
  const [dig, pour, build] = await tasks('Dig the basin', 'Pour the quay', 'Build the crane');
  const { window, page } = await open('ada', `/tasks/${pour.key}`);
  const links = page.getByRole('region', { name: 'Dependencies' });
  await link(window, links, 'Blocked by', 'Dig the basin');
  await links.getByRole('list', { name: 'Blocked by' }).getByText('Dig the basin').waitFor();
  await page.getByText(`Blocked by ${dig.key}`, { exact: true }).waitFor();
  await link(window, links, 'Blocks', build.key);
  await links.getByRole('list', { name: 'Blocks' }).getByText('Build the crane').waitFor();
  await window.checkAccessibility('a blocked task');

  window.expectFault(/409/);
  await window.goto(`/tasks/${dig.key}`);
  await link(window, links, 'Blocked by', build.key);
  await links.getByRole('alert').getByText(`${build.key} → ${dig.key} → ${pour.key} → ${build.key}`).waitFor();
  const loop = links.getByRole('list', { name: 'The loop that it would make' });
  assert.equal(await loop.getByRole('listitem').count(), 4);
  await loop.locator('[data-refused]').getByText('this is what you asked for').waitFor();
  await window.checkAccessibility('a refused loop');

  await window.goto(`/tasks/${pour.key}`);
  await window.answered('task/unlink', () =>
    links.getByRole('button', { name: `Take the link to ${dig.key} away` }).click());
  await eventually(() => links.getByRole('list', { name: 'Blocked by' }).count(), 0);
  await eventually(() => page.getByText(`Blocked by ${dig.key}`, { exact: true }).count(), 0);
  await window.close();
});

test('a card is blocked and comes back by itself, seen on a board in a second page', async () => {
  const [dredge, sail] = await tasks('Dredge the channel', 'Sail out');
  const other = await open('mia', '/projects/HAR/board');
  const theirs = await Board.on(other.window);
  await theirs.drag('Sail out', { to: 'In progress' });
  const api = await stage.api('ada');
  await api.post(`/api/v1/tasks/${sail.key}/dependencies`, { relation: 'blocked_by', task: dredge.key });
  await theirs.reload();
  assert.ok((await theirs.cards('To do')).includes('Sail out'), 'it has left the work');
  const card = theirs.card('Sail out');
  await card.getByText(`Blocked by ${dredge.key}`).waitFor();
  await other.window.checkAccessibility('a board with a blocked card');

  // Neither by drag nor by button.
  other.window.expectFault(/409/);
  const from = await theirs.middle('Sail out');
  await other.page.mouse.move(from.x, from.y);
  await other.page.mouse.down();
  await other.page.mouse.move(from.x + 8, from.y + 8);
  const end = await theirs.end('Done');
  await other.page.mouse.move(end.x, end.y, { steps: 5 });
  await other.window.answered('task/move', () => other.page.mouse.up());
  await other.window.told(`${sail.key} is blocked by ${dredge.key}`);
  await eventually(async () => (await theirs.cards('To do')).includes('Sail out'), true);

  // One’s own board follows without a reload when the blocker is done.
  const mine = await open('ada', '/projects/HAR/board');
  const board = await Board.on(mine.window);
  await board.drag('Dredge the channel', { to: 'Done' });
  await eventually(async () => (await board.cards('In progress')).includes('Sail out'), true);
  await theirs.reload();
  assert.ok((await theirs.cards('In progress')).includes('Sail out'));
  await eventually(() => theirs.card('Sail out').getByText('Blocked by').count(), 0);
  await mine.window.close();
  await other.window.close();
});

test('a task is unblocked by hand, with a reason that stays', async () => {
  const [moor, load] = await tasks('Moor the ship', 'Load the ship');
  const api = await stage.api('ada');
  await api.post(`/api/v1/tasks/${load.key}/dependencies`, { relation: 'blocked_by', task: moor.key });
  const { window, page } = await open('ada', `/tasks/${load.key}`);
  window.expectFault(/409/);
  await window.answered('task/act', () => page.getByRole('button', { name: 'Complete' }).click());
  await page.getByRole('alert').getByText(`${load.key} is blocked by ${moor.key}`).waitFor();
  await page.getByText('Unblock by hand…').click();
  await page.getByLabel('Why it may go on all the same').fill('The tide does not wait');
  // Somebody else has changed the task meanwhile: that is told, and the next try is of the task as it is now.
  await api.edit(await api.get(`/api/v1/tasks/${load.key}`), { priority: 'high' });
  const send = () => page.getByRole('button', { name: 'Unblock it' }).click();
  await window.answered('task/unblock', send);
  await window.answered('task/unblock', send);
  await page.getByText('Unblocked by hand by ada').waitFor();
  await eventually(() => page.getByText(`${load.key} is blocked by ${moor.key}`).count(), 0);
  await eventually(() => page.evaluate(() => document.activeElement?.id), 'task-done');
  await page.getByText('The tide does not wait').first().waitFor();
  await window.answered('task/block-again', () => page.getByRole('button', { name: 'Block it again' }).click());
  await page.getByText(`Blocked by ${moor.key}`).first().waitFor();
  await page.reload();
  await window.alive();
  const told = page.getByRole('region', { name: 'History' });
  await told.getByText('The tide does not wait').waitFor();
  await window.close();
  const member = await open('mia', `/tasks/${load.key}`);
  await member.page.getByText(`Blocked by ${moor.key}`).first().waitFor();
  assert.equal(await member.page.getByText('Unblock by hand…').count(), 0, 'not for everybody');
  await member.window.close();
});

test('the drawing is walked, chosen from and changed by keyboard', async () => {
  const [first, second, third] = await tasks('First thing', 'Second thing', 'Third thing');
  const api = await stage.api('ada');
  await api.post(`/api/v1/tasks/${second.key}/dependencies`, { relation: 'blocked_by', task: first.key });
  await api.post(`/api/v1/tasks/${third.key}/dependencies`, { relation: 'blocked_by', task: second.key });
  const { window, page } = await open('ada', `/tasks/${second.key}/graph`);
  const drawing = page.getByRole('region', { name: 'Drawing of the dependencies' });
  const node = (task) => drawing.getByRole('link', { name: new RegExp(`^${task.key} `) });
  await node(first).waitFor();
  await window.checkAccessibility('a drawing');
  await drawing.focus();
  await page.keyboard.press('Tab');
  const focused = () => page.evaluate(() => document.activeElement?.querySelector('title')?.textContent.split(' ')[0]);
  await eventually(focused, first.key);
  await page.keyboard.press('ArrowRight');
  await eventually(focused, second.key);
  await page.keyboard.press('End');
  await eventually(focused, third.key);
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => url.searchParams.get('task') === second.key);
  const chosen = page.getByRole('region', { name: 'The chosen task' });
  await chosen.getByRole('heading', { name: 'Second thing' }).waitFor();
  await eventually(() => page.locator('.graph-node.is-chain').count(), 3);
  await window.checkAccessibility('a drawing with a chosen task');

  // A link is taken away and made again, the other end taken from the drawing.
  await window.answered('task/unlink', () =>
    chosen.getByRole('button', { name: `Take the link to ${first.key} away` }).click());
  await eventually(() => page.locator('.graph-link').count(), 1);
  await window.goto(`/projects/HAR/graph?task=${second.key}`);
  await chosen.getByRole('heading', { name: 'Second thing' }).waitFor();
  await chosen.getByLabel('The other task').fill('First thing');
  await window.answered('task/link', () => chosen.getByRole('button', { name: 'Link', exact: true }).click());
  await node(first).waitFor();
  await eventually(() => page.evaluate(() => document.activeElement?.id), 'graph-to');
  assert.equal(await node(second).getAttribute('aria-current'), 'true');
  window.expectFault(/409/);
  await chosen.getByLabel('What it is to the other').selectOption('Blocks');
  await node(first).click({ modifiers: ['Shift'] });
  await eventually(() => chosen.getByLabel('The other task').inputValue(), first.key);
  await window.answered('task/link', () => chosen.getByRole('button', { name: 'Link', exact: true }).click());
  await chosen.getByRole('list', { name: 'The loop that it would make' }).waitFor();

  // Larger, smaller, as a whole.
  const width = () => page.locator('svg.graph').evaluate((svg) => svg.getBoundingClientRect().width);
  const before = await width();
  await page.getByRole('button', { name: 'Larger' }).click();
  await eventually(async () => (await width()) > before, true);
  await page.getByRole('button', { name: 'Fit' }).click();
  await eventually(async () => (await width()) <= before, true);

  // The same as a list, in working order.
  await page.getByRole('link', { name: 'List', exact: true }).click();
  const list = page.getByRole('list', { name: 'Tasks in working order' });
  const order = await list.locator('.task-key').allTextContents();
  const places = [first, second, third].map((task) => order.indexOf(task.key));
  assert.ok(places[0] >= 0 && places[0] < places[1] && places[1] < places[2], `${order}`);
  await window.checkAccessibility('a list in working order');
  await page.getByRole('link', { name: 'Drawing', exact: true }).click();
  await node(first).waitFor();
  await eventually(() => page.locator('.graph-node').count(), order.length);
  await window.close();
});

test('lists find what waits and what holds up, and home tells of one’s own', async () => {
  const api = await stage.api('ada');
  const me = (await api.get('/api/v1/users?limit=200')).items.find(({ username }) => username === 'ada');
  const [paint, varnish] = await tasks('Paint the hull', 'Varnish the mast');
  await api.edit(await api.get(`/api/v1/tasks/${paint.key}`), { assignees: [me.id] });
  await api.edit(await api.get(`/api/v1/tasks/${varnish.key}`), { assignees: [me.id] });
  await api.post(`/api/v1/tasks/${varnish.key}/dependencies`, { relation: 'blocked_by', task: paint.key });
  const { window, page } = await open('ada', '/');
  await page.getByRole('list', { name: 'You hold up others' }).getByText('Paint the hull').waitFor();
  await window.checkAccessibility('home with those who wait');
  await window.goto('/projects/HAR/tasks?waiting=blocked');
  const rows = () => page.locator('.task-line .task-link').allTextContents();
  assert.ok((await rows()).includes('Varnish the mast') && !(await rows()).includes('Paint the hull'));
  await page.locator('.task-line').filter({ hasText: 'Varnish the mast' }).getByText(`Blocked by ${paint.key}`).waitFor();
  await page.getByLabel('Dependencies').selectOption('Holds up others');
  await page.waitForURL((url) => url.searchParams.get('waiting') === 'blocking');
  await eventually(async () => (await rows()).includes('Paint the hull'), true);
  await page.getByRole('columnheader', { name: 'Unblocks' }).getByRole('link').click();
  await page.waitForURL((url) => url.searchParams.get('sort') === '-unblocks');
  const now = await api.get(`/api/v1/tasks/${paint.key}`);
  await api.post(`/api/v1/tasks/${paint.key}/complete`, { version: now.version });
  await window.goto('/');
  await page.getByRole('list', { name: 'You can go on' }).getByText('Varnish the mast').waitFor();
  await window.close();
});

test('without script, links are forms too', async () => {
  const [one, two] = await tasks('Knot one', 'Knot two');
  const { window, page } = await open('ada', `/tasks/${two.key}`, { javaScriptEnabled: false });
  window.expectFault(/status of (409|422)/);
  const links = page.getByRole('region', { name: 'Dependencies' });
  await links.getByLabel('What it is to the other').selectOption('Blocked by');
  await links.getByLabel('The other task').fill('Knot');
  await links.getByRole('button', { name: 'Link', exact: true }).click();
  await page.getByText('Several tasks have these words').first().waitFor();
  await links.getByLabel('The other task').fill(one.key);
  await links.getByRole('button', { name: 'Link', exact: true }).click();
  await links.getByRole('list', { name: 'Blocked by' }).getByText('Knot one').waitFor();
  await page.goto(`/tasks/${one.key}`);
  await links.getByLabel('The other task').fill(two.key);
  await links.getByRole('button', { name: 'Link', exact: true }).click();
  await links.getByRole('list', { name: 'The loop that it would make' }).waitFor();
  await page.goto(`/tasks/${two.key}`);
  await page.getByText('Unblock by hand…').click();
  await page.getByLabel('Why it may go on all the same').fill('No time');
  await page.getByRole('button', { name: 'Unblock it' }).click();
  await page.getByText('Unblocked by hand by ada').waitFor();
  await page.goto(`/tasks/${two.key}/graph?task=${two.key}`);
  await page.locator('.graph-node.is-chosen').waitFor();
  await page.getByRole('button', { name: `Take the link to ${one.key} away` }).click();
  await eventually(() => page.getByRole('button', { name: /^Take the link/ }).count(), 0);
  assert.equal(await page.locator('.graph-link').count(), 0);

  // A refused link gives the form back as it was, on a page whose boxes lead on.
  await page.goto(`/tasks/${two.key}/graph?task=${two.key}`);
  await page.getByLabel('What it is to the other').selectOption('Blocks');
  await page.getByLabel('The other task').fill('Knot');
  await page.getByRole('button', { name: 'Link', exact: true }).click();
  await page.getByText('Several tasks have these words').first().waitFor();
  assert.equal(await page.getByLabel('The other task').inputValue(), 'Knot');
  assert.equal(await page.getByLabel('What it is to the other').inputValue(), 'blocks');
  await page.getByRole('link', { name: new RegExp(`^${two.key} `) }).click();
  await page.waitForURL((url) => url.pathname === `/tasks/${two.key}/graph`);

  // A table with a wrong row comes back with the reason.
  await page.goto('/projects/import');
  const panel = page.getByRole('region', { name: 'Dependencies from a table' });
  await panel.getByLabel('Rows of two keys').fill(`${one.key},NONE-1`);
  await panel.getByRole('button', { name: 'Check the table' }).click();
  await panel.getByText('There is no task NONE-1').first().waitFor();
  assert.equal(await panel.getByLabel('Rows of two keys').inputValue(), `${one.key},NONE-1`);
  await window.close();
});

test('a table of keys is checked, then imported', async () => {
  const [a, b] = await tasks('Table one', 'Table two');
  const { window, page } = await open('ada', '/projects/import');
  const panel = page.getByRole('region', { name: 'Dependencies from a table' });
  const rows = panel.getByLabel('Rows of two keys');
  await rows.fill(`${a.key},${b.key}\n${b.key},${a.key}`);
  await window.answered('import/dependencies', () => panel.getByRole('button', { name: 'Check the table' }).click());
  await panel.getByText(`${b.key} → ${a.key} → ${b.key}`).waitFor();
  assert.equal(await panel.getByRole('button', { name: /^Import/ }).count(), 0, 'not while a row is refused');
  await rows.fill(`${a.key},${b.key}`);
  await window.answered('import/dependencies', () => panel.getByRole('button', { name: 'Check the table' }).click());
  await window.answered('import/dependencies', () => panel.getByRole('button', { name: 'Import 1 dependency' }).click());
  await window.told('1 dependency is made');
  await window.checkAccessibility('an imported table');
  await window.goto(`/tasks/${b.key}`);
  await page.getByText(`Blocked by ${a.key}`).first().waitFor();
  await window.close();
});

test('the command line links, refuses a loop with its path, and finds everything sound', async () => {
  const [a, b] = await tasks('Command one', 'Command two');
  const { server } = stage;
  assert.match(server.command('dependency', 'add', a.key, b.key), new RegExp(`${b.key} Command two: blocked`));
  const loop = new RegExp(`${b.key} → ${a.key} → ${b.key}`);
  assert.throws(() => server.command('dependency', 'add', b.key, a.key), loop);
  assert.match(server.command('dependency', 'list', a.key), new RegExp(`Blocks ${b.key}`));
  assert.match(server.command('doctor'), /none waits for itself/);
  assert.match(server.command('dependency', 'remove', a.key, b.key), /not blocked/);
});

async function tasks(...titles) {
  const api = await stage.api('ada');
  const made = [];
  for (const title of titles) made.push(await api.post('/api/v1/projects/HAR/tasks', { title }));
  return made;
}

async function open(username, path, options) {
  const window = await stage.window(username, options);
  await window.goto(path);
  return { window, page: window.page };
}

// Fills in the form of a new link and waits for its answer.
async function link(window, links, relation, other) {
  await links.getByLabel('What it is to the other').selectOption(relation);
  await links.getByLabel('The other task').fill(other);
  await window.answered('task/link', () => links.getByRole('button', { name: 'Link', exact: true }).click());
}
