// Every page of PMS with something in it, for those who look at all of them: pictures and journeys.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Client } from './client.mjs';

const CHECKLIST = readFileSync(new URL('../domain/src/checklist/fixture.md', import.meta.url), 'utf8');

// Widths that stand for phones, tablets and screens, with a usual height.
export const WIDTHS = { phone: [390, 844], tablet: [834, 1112], wide: [1440, 900] };
export const THEMES = ['light', 'dark'];

// Furnishes a workspace whose administrator is ada, so that no page is empty, and gives the address of each page.
export async function furnish(server) {
  const api = await Client.signIn(server, 'ada');
  await api.post('/api/v1/import/checklist', {
    markdown: CHECKLIST, project_key: 'WEB', project_name: 'Website relaunch',
  });
  const people = await api.addPeople(server, ['mia', 'bob', 'eve']);
  const task = await fillProject(api, people);
  const team = await api.post('/api/v1/teams', { name: 'Platform', description: 'Keeps the lights on.' });
  await api.send('PUT', `/api/v1/teams/${team.id}/members/${people[2].id}`);
  await api.post('/api/v1/projects/WEB/teams', { team_id: team.id, role_id: await api.roleId('Viewer') });
  await api.post('/api/v1/tokens', { name: 'Nightly report', read_only: true, days: 30 });
  const role = await api.roleId('Member');
  // A project of its own: while one is urgent, each of its pages says so.
  await api.post('/api/v1/projects', { name: 'Web shop', key: 'SHOP' });
  const episode = await api.post('/api/v1/projects/SHOP/urgent', { reason: 'Payments fail since 9:00.' });
  return {
    'home': '/', 'projects': '/projects', 'project-new': '/projects/new', 'import': '/projects/import',
    'overview': '/projects/WEB', 'tasks': '/projects/WEB/tasks',
    'tasks-narrowed': '/projects/WEB/tasks?status=overdue&assignee=me&sort=-priority', 'task-new': '/projects/WEB/tasks/new',
    'board': '/projects/WEB/board', 'board-move': `/projects/WEB/board?move=${task.key}`,
    'task': `/tasks/${task.key}`, 'task-edit': `/tasks/${task.key}?edit=text`,
    'graph': '/projects/WEB/graph', 'graph-chosen': `/tasks/${task.key}/graph?task=${task.key}`,
    'graph-list': '/projects/WEB/graph?view=list', 'tasks-blocked': '/projects/WEB/tasks?waiting=blocked',
    'activity': '/projects/WEB/activity', 'members': '/projects/WEB/members', 'settings': '/projects/WEB/settings',
    'search': '/search?q=the', 'inbox': '/inbox', 'announcements': '/announcements', 'announcement-new': '/announcements/new',
    'account': '/account', 'notifications': '/account/notifications', 'devices': '/account/devices', 'people': '/people', 'person-new': '/people/new',
    'person': `/people/${people[0].id}`, 'teams': '/teams', 'team-new': '/teams/new', 'team': `/teams/${team.id}`,
    'roles': '/roles', 'role-new': '/roles/new', 'role': `/roles/${role}`,
    'urgent': '/urgent', 'episode': `/urgent/${episode.id}`, 'urgent-policy': '/urgent/policy',
    'project-urgent': '/projects/WEB/urgent', 'project-is-urgent': '/projects/SHOP',
    'why': '/roles/why?permission=task.update&project=WEB', 'audit': '/audit', 'missing': '/projects/NOPE',
    'api': '/api/docs',
  };
}

// Members, labels, assignees; gives the task that has something of everything.
async function fillProject(api, people) {
  const label = await api.post('/api/v1/projects/WEB/labels', { name: 'Launch', colour: 'violet' });
  const { items: tasks } = await api.get('/api/v1/tasks?project=WEB&limit=50');
  const member = await api.roleId('Member');
  for (const [index, person] of people.entries()) {
    await api.post('/api/v1/projects/WEB/members', { user_id: person.id, role_id: member });
    await api.edit(tasks[index + 1], { assignees: [person.id], labels: [label.id], priority: 'high' });
  }
  const me = (await api.get('/api/v1/users?limit=200')).items.find(({ username }) => username === 'ada');
  const task = await api.edit(tasks[0], {
    assignees: [me.id], priority: 'critical', due_on: '2026-01-15', estimate_minutes: 150,
    description: 'Everything that must be **true** before we go live.\n\n- one\n- two\n\n```\nmake run\n```',
  });
  for (const [blocker, blocked] of [[1, 0], [2, 1], [3, 1]]) {
    await api.post(`/api/v1/tasks/${tasks[blocked].id}/dependencies`, { relation: 'blocked_by', task: tasks[blocker].key });
  }
  await api.post(`/api/v1/tasks/${task.id}/comments`, { body: 'Looks good to me, @mia. See `docs/`.' });
  return task;
}

// Goes to one of the pages and waits until it stands. The reader page of the API has no script.
export async function visit(window, path) {
  await (path.startsWith('/api') ? window.page.goto(path) : window.goto(path));
  assert.equal(new URL(window.page.url()).pathname, path.split('?')[0], 'nobody is sent elsewhere');
}

// How many pixels the page is wider than its window.
export function overflow(page) {
  return page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
}
