// A project is raised to urgent: it rings in every page of its people until each has acknowledged. How it rings, and what
// a browser can't do, is tested in ../alerts/.
import assert from 'node:assert/strict';
import { Stage, eventually, story } from '../stage.mjs';

const REASON = 'The night ferry has no captain';

const chapter = story();
const stage = new Stage({ ada: 'Administrator', mia: 'Member' }, async (stage) => {
  ada = await stage.api('ada');
  await ada.post('/api/v1/projects', { name: 'Ferry terminal', key: 'FER' });
  const { items } = await ada.get('/api/v1/users');
  const mia = items.find(({ username }) => username === 'mia');
  await ada.post('/api/v1/projects/FER/members', { user_id: mia.id, role_id: await ada.roleId('Member') });
});
let ada;
let mia;
let window;
let other;
let episode;

const dialogOf = (page) => page.getByRole('alertdialog');
const rings = async (api) => (await api.get('/api/v1/me/alerts')).items.map(({ reason }) => reason);

chapter('it rings in every open page of whoever is in the project', async () => {
  mia = await stage.api('mia');
  window = await stage.window('mia');
  await window.goto('/');
  other = await window.context.newPage();
  await other.goto('/projects/FER');
  episode = await ada.post('/api/v1/projects/FER/urgent', { reason: REASON });
  for (const page of [window.page, other]) {
    await dialogOf(page).getByText('Urgent: Ferry terminal').waitFor();
    await dialogOf(page).getByText(REASON).waitFor();
  }
  assert.deepEqual(await rings(ada), [], 'whoever raised it knows');
});

chapter('a page that rings from its beginning comes alive like any other', async () => {
  for (const path of ['/', '/projects/FER/board', '/projects']) {
    await window.goto(path);
    await dialogOf(window.page).waitFor();
  }
  await window.checkAccessibility('the dialog of an alert');
});

chapter('put aside, it goes on, on every page', async () => {
  await window.page.keyboard.press('Escape');
  const strip = window.page.locator('#alert-strip');
  await strip.getByText('Ferry terminal is urgent').waitFor();
  await window.page.getByRole('link', { name: 'Home' }).first().click();
  await window.page.waitForURL((url) => url.pathname === '/');
  await strip.getByText('Ferry terminal is urgent').waitFor();
  assert.deepEqual(await rings(mia), [REASON]);
  await strip.getByRole('button', { name: 'Show' }).click();
});

chapter('acknowledged in one page, it ends in all, and the others hear who has', async () => {
  await dialogOf(window.page).getByText('Add a note').click();
  await dialogOf(window.page).getByLabel('Note for the others').fill('I sail tonight');
  await dialogOf(window.page).getByRole('button', { name: 'Acknowledge' }).click();
  for (const page of [window.page, other]) await dialogOf(page).waitFor({ state: 'detached' });
  await eventually(() => rings(mia), [], 'nothing rings');
  const { items } = await ada.get(`/api/v1/episodes/${episode.id}/alerts`);
  const own = items.find(({ user }) => user.username === 'mia');
  assert.equal(own.state, 'acknowledged');
  assert.deepEqual([own.acknowledgement.via, own.acknowledgement.note], ['page', 'I sail tonight']);
  await window.close();
});

chapter('a server that is killed in the middle goes on where it was', async () => {
  window = await stage.window('mia');
  window.expectFault(/Failed to load resource|ERR_/);
  await window.goto('/projects/FER');
  await ada.post(`/api/v1/episodes/${episode.id}/resolve`, { note: 'She sails' });
  episode = await ada.post('/api/v1/projects/FER/urgent', { reason: 'The second ferry drifts' });
  await dialogOf(window.page).getByText('The second ferry drifts').waitFor();
  const { port } = new URL(stage.server.url);
  await stage.server.stop('SIGKILL');
  await window.page.getByText('The connection is lost').waitFor();
  assert.ok(await dialogOf(window.page).isVisible(), 'it rings without the server');
  // Acknowledged while there is no server, it is silent at once and the server hears of it when it is back.
  await dialogOf(window.page).getByRole('button', { name: 'Acknowledge' }).click();
  await dialogOf(window.page).waitFor({ state: 'detached' });
  await stage.server.start(`127.0.0.1:${port}`);
  await eventually(() => rings(mia), [], 'it is told');
  const { items } = await ada.get(`/api/v1/episodes/${episode.id}/alerts`);
  const states = Object.fromEntries(items.map(({ user, state }) => [user.username, state]));
  assert.equal(states.mia, 'acknowledged');
  await eventually(() => dialogOf(window.page).count(), 0);
  await window.close();
});
