// People come into the workspace, into a team, into a project, and may do what their roles say, from their next click.
import assert from 'node:assert/strict';
import { PASSWORD } from '../server.mjs';
import { Stage, eventually, story } from '../stage.mjs';

const chapter = story();
const stage = new Stage({ ada: 'Administrator' }, async (stage) => {
  const api = await stage.api('ada');
  await api.post('/api/v1/projects', { name: 'Ferry terminal', key: 'FER' });
});
let ada;
let mia;

chapter('a person is added and can sign in at once', async () => {
  ada = await stage.window('ada');
  ada.expectFault(/409|422/);
  await ada.goto('/people/new');
  await fillPerson('Ada Again', 'ADA');
  await ada.page.locator('#username-error').filter({ hasText: /./ }).waitFor();
  await fillPerson('Mia Marsh', 'mia');
  await ada.told('Mia Marsh can sign in now.');
  mia = await stage.stranger();
  // What she may not see is not there for her.
  mia.expectFault(/404/);
  await mia.signIn('mia');
  await mia.page.getByRole('heading', { level: 1, name: 'Hello, Mia Marsh' }).waitFor();
  assert.equal((await mia.goto('/projects/FER')).status(), 404);
});

chapter('a team brings its people into a project', async () => {
  const { page } = ada;
  await ada.goto('/teams/new');
  await page.getByLabel('Name').fill('Harbour');
  await page.getByRole('button', { name: 'Create team' }).click();
  await ada.told('“Harbour” is there. Add its people.');
  await page.getByRole('heading', { level: 1, name: 'Harbour' }).waitFor();
  await page.getByLabel('Add a person').fill('mia');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await ada.told('Added to the team.');
  await ada.goto('/projects/FER/members');
  await page.getByLabel('Role here').last().selectOption({ label: 'Viewer' });
  await page.getByRole('button', { name: 'Add team' }).click();
  await ada.told('The team and everyone in it are in this project now.');
  const row = page.getByRole('row').filter({ hasText: 'Mia Marsh' });
  await row.getByText('Through the team Harbour').waitFor();
  assert.equal((await mia.goto('/projects/FER')).status(), 200);
  await mayAddTasks(false);
});

chapter('a role of one’s own adds to the team’s, and is changed in place', async () => {
  const { page } = ada;
  await page.getByLabel('Person').fill('mia');
  await page.getByLabel('Role here').first().selectOption({ label: 'Member' });
  await page.getByRole('button', { name: 'Add person' }).click();
  await ada.told('Mia Marsh is in this project now.');
  await mayAddTasks(true);
  await page.getByLabel('Role of Mia Marsh').selectOption({ label: 'Viewer' });
  await ada.told('The role is changed. It counts from their next click.');
  await mayAddTasks(false);
});

chapter('a box ticked in the matrix counts from the next click', async () => {
  const { page } = ada;
  await ada.goto('/roles');
  const box = page.getByLabel('Viewer: Create and import tasks');
  await box.check();
  await page.getByText('1 change is not saved').waitFor();
  await mayAddTasks(false);
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await ada.told('“Viewer” is saved. It counts from everyone’s next click.');
  await mayAddTasks(true);
});

chapter('two who change the same role are told of each other', async () => {
  const other = await stage.window('ada');
  await other.goto('/roles');
  await other.page.getByLabel('Viewer: Create and import tasks').uncheck();
  await other.page.getByRole('button', { name: 'Save', exact: true }).click();
  await other.told('“Viewer” is saved.');
  await mayAddTasks(false);
  const { page } = ada;
  await page.getByLabel('Viewer: Write comments').check();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('button', { name: 'Show the current one' }).click();
  const box = page.getByLabel('Viewer: Create and import tasks');
  await eventually(() => box.isChecked(), false, 'theirs is shown');
  await page.getByLabel('Viewer: Write comments').check();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await ada.told('“Viewer” is saved.');
  await eventually(() => page.getByText(/not saved/).count(), 0);
  await other.close();
});

chapter('everyone may ask why', async () => {
  await ask(mia, { permission: 'Tasks: Move, complete and reopen tasks', project: 'FER' });
  const answer = mia.page.getByRole('region', { name: 'Answer' });
  await answer.getByText('Not allowed').waitFor();
  await answer.getByText('The role “Viewer” in FER, through the team “Harbour”, does not include').waitFor();
  await answer.getByText(/^These roles allow it: .*“Member”/).waitFor();
  await answer.getByText('Ask ada.').waitFor();
  await ask(ada, { person: 'mia', permission: 'Projects: See the project and its tasks', project: 'FER' });
  const told = ada.page.getByRole('region', { name: 'Answer' });
  await told.getByText('Allowed', { exact: true }).waitFor();
  await told.getByText('The role “Viewer” in FER, through the team “Harbour”, allows it.').waitFor();
});

chapter('who leaves the team has lost what it gave', async () => {
  const { page } = ada;
  await ada.goto('/projects/FER/members');
  await page.getByRole('button', { name: 'Actions for Mia Marsh' }).click();
  await page.getByRole('button', { name: 'Remove Mia Marsh' }).click();
  await ada.told('They are no longer in this project by themselves.');
  assert.equal((await mia.goto('/projects/FER')).status(), 200);
  await ada.goto('/teams');
  await page.getByRole('link', { name: 'Harbour' }).click();
  await page.getByRole('button', { name: 'Remove Mia Marsh from the team' }).click();
  await ada.told('Taken out of the team.');
  assert.equal((await mia.goto('/projects/FER')).status(), 404);
});

chapter('the last one who can manage roles can’t lose it', async () => {
  const { page } = ada;
  await ada.goto('/people');
  await page.getByRole('link', { name: 'ada' }).click();
  const role = page.getByLabel('Workspace role');
  const member = await role.locator('option', { hasText: /^Member/ }).getAttribute('value');
  await role.selectOption(member);
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('alert').filter({ hasText: /./ }).waitFor();
  await ada.goto('/roles');
  const box = page.getByLabel('Administrator: Create and change roles and what they allow');
  await box.uncheck();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  const alert = page.getByRole('alert').filter({ hasText: 'Administrator: ' });
  await alert.waitFor();
  await page.reload();
  await ada.alive();
  assert.ok(await box.isChecked(), 'nothing was changed');
});

chapter('a person who is disabled is out at once, and can be let in again', async () => {
  const { page } = ada;
  await ada.goto('/people');
  await page.getByRole('link', { name: 'Mia Marsh' }).click();
  await page.getByRole('button', { name: 'Disable' }).click();
  await ada.told('Mia Marsh can no longer sign in.');
  await mia.goto('/');
  assert.equal(new URL(mia.page.url()).pathname, '/sign-in');
  await page.getByRole('button', { name: 'Undo' }).click();
  await ada.told('Mia Marsh can sign in again.');
  await mia.signIn('mia');
  await mia.page.getByRole('heading', { level: 1, name: 'Hello, Mia Marsh' }).waitFor();
});

chapter('the audit log tells who did it', async () => {
  await ada.goto('/audit');
  const log = ada.page.getByRole('table');
  for (const act of ['User created', 'Role updated', 'User updated']) {
    await log.getByText(act).first().waitFor();
  }
});

chapter('nothing went wrong on the way', async () => {
  await ada.close();
  await mia.close();
});

async function fillPerson(name, username) {
  const { page } = ada;
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('User name').fill(username);
  await page.getByLabel('E-mail').fill(`${username}@example.net`);
  await page.getByLabel('First password').fill(PASSWORD);
  await ada.answered('user/create', () => page.getByRole('button', { name: 'Add person' }).click());
}

// What mia sees at her next click.
async function mayAddTasks(expected) {
  await mia.goto('/projects/FER');
  assert.equal(await mia.page.getByRole('link', { name: 'New task' }).count(), expected ? 1 : 0);
}

async function ask(window, { person, permission, project }) {
  await window.goto('/roles/why');
  if (person) await window.page.getByLabel('Who').fill(person);
  await window.page.getByLabel('Wants to').selectOption({ label: permission });
  await window.page.getByLabel('In', { exact: true }).selectOption(project);
  await window.page.getByRole('button', { name: 'Explain' }).click();
}
