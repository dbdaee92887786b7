// Pictures of every page at three widths in both themes, for eyes to look at:
// `PMS_BIN=target/release/pms node end2end/screenshots.mjs [part of a page's name]`. They land in end2end/screenshots.
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Window, openBrowser } from './browser.mjs';
import { Server } from './server.mjs';
import { Client } from './client.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const folder = join(here, 'screenshots');
const wanted = process.argv[2] ?? '';
const widths = { phone: [390, 844], tablet: [834, 1112], wide: [1440, 900] };

mkdirSync(folder, { recursive: true });
const server = new Server();
server.addPerson('ada');
await server.start();
const browser = await openBrowser();
try {
  const pages = await furnish();
  for (const [name, size] of Object.entries(widths)) {
    for (const theme of ['light', 'dark']) {
      await shoot(pages, name, size, theme);
    }
  }
} finally {
  await browser.close();
  await server.end();
}

// A workspace in which no page is empty, and the address of each page.
async function furnish() {
  const api = await Client.signIn(server, 'ada');
  const markdown = readFileSync(join(here, '../domain/src/checklist/fixture.md'), 'utf8');
  await api.post('/api/v1/import/checklist', { markdown, project_key: 'WEB', project_name: 'Website relaunch' });
  const people = await api.addPeople(server, ['mia', 'bob', 'eve']);
  const label = await api.post('/api/v1/projects/WEB/labels', { name: 'Launch', colour: 'violet' });
  const { items: tasks } = await api.get('/api/v1/tasks?project=WEB&limit=50');
  for (const [index, person] of people.entries()) {
    await api.post('/api/v1/projects/WEB/members', { user_id: person.id, role_id: await api.roleId('Member') });
    await api.edit(tasks[index + 1], { assignees: [person.id], labels: [label.id], priority: 'high' });
  }
  const me = (await api.get('/api/v1/users?limit=200')).items.find(({ username }) => username === 'ada');
  await api.edit(tasks[0], {
    assignees: [me.id], priority: 'critical', due_on: '2026-01-15', estimate_minutes: 150,
    description: 'Everything that must be **true** before we go live.\n\n- one\n- two\n\n```\nmake run\n```',
  });
  await api.post(`/api/v1/tasks/${tasks[0].id}/comments`, { body: 'Looks good to me, @mia. See `docs/`.' });
  const team = await api.post('/api/v1/teams', { name: 'Platform', description: 'Keeps the lights on.' });
  const role = await api.roleId('Member');
  return {
    'home': '/', 'projects': '/projects', 'project-new': '/projects/new', 'import': '/projects/import',
    'overview': '/projects/WEB', 'tasks': '/projects/WEB/tasks', 'task-new': '/projects/WEB/tasks/new',
    'board': '/projects/WEB/board', 'task': `/tasks/${tasks[0].key}`, 'activity': '/projects/WEB/activity',
    'members': '/projects/WEB/members', 'settings': '/projects/WEB/settings', 'search': '/search?q=the',
    'account': '/account', 'people': '/people', 'person-new': '/people/new', 'person': `/people/${people[0].id}`,
    'teams': '/teams', 'team-new': '/teams/new', 'team': `/teams/${team.id}`, 'roles': '/roles',
    'role-new': '/roles/new', 'role': `/roles/${role}`, 'why': '/roles/why', 'audit': '/audit',
    'missing': '/projects/NOPE', 'api': '/api/docs',
  };
}

async function shoot(pages, name, [width, height], theme) {
  const window = await Window.open(browser, server, { viewport: { width, height }, colorScheme: theme });
  window.expectFault(/404/);
  await take(window, '/sign-in', `sign-in.${name}.${theme}`);
  await window.signIn('ada');
  for (const [page, path] of Object.entries(pages).filter(([page]) => page.includes(wanted))) {
    await take(window, path, `${page}.${name}.${theme}`);
  }
  for (const fault of window.faults) console.log(`${name} ${theme}: ${fault}`);
  await window.context.close();
}

async function take(window, path, name) {
  if (path.startsWith('/api')) await window.page.goto(path);
  else await window.goto(path);
  const wide = await window.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  if (wide > 0) console.log(`${name}: ${wide} pixels wider than the window`);
  await window.page.screenshot({ path: join(folder, `${name}.png`), fullPage: false });
}
