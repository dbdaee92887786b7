// What one is told: it comes by itself, says why, is read and put away; announcements that ask for an answer; choices of
// what comes how, with what nobody can turn off; e-mail, and the one click that ends it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Mailbox } from '../mailbox.mjs';
import { Stage, eventually } from '../stage.mjs';

const mailbox = new Mailbox();
const stage = new Stage(
  { ada: 'Administrator', mia: 'Member', leo: 'Member' },
  async (stage) => {
    const api = await stage.api('ada');
    await api.post('/api/v1/projects', { name: 'Harbour', key: 'HAR' });
    for (const username of ['mia', 'leo']) {
      await api.post('/api/v1/projects/HAR/members', {
        user_id: await idOf(username),
        role_id: await api.roleId('Member'),
      });
    }
  },
  mailbox,
);

async function idOf(username) {
  const { items } = await (await stage.api('ada')).get('/api/v1/users?limit=200');
  return items.find((person) => person.username === username).id;
}

async function give(username, title) {
  const api = await stage.api('ada');
  return api.post('/api/v1/projects/HAR/tasks', { title, assignees: [await idOf(username)] });
}

async function say(task, body) {
  return (await stage.api('ada')).post(`/api/v1/tasks/${task.key}/comments`, { body });
}

// What is unread, as the side bar says it.
function unread(window) {
  const link = window.page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: /^Inbox/ });
  return link.textContent();
}

const groups = (window) => window.page.locator('.inbox-group h2').allTextContents();

async function listening(username, path) {
  const window = await stage.window(username);
  await window.goto(path);
  await window.page.waitForFunction(() => window.pmsLive?.recent()[0].state === 'live');
  return window;
}

test('what others do comes by itself, together by task, and a tick stays', async () => {
  const dredge = await give('mia', 'Dredge');
  const window = await listening('mia', '/inbox');
  await eventually(() => groups(window), [`${dredge.key} Dredge`, 'Harbour']);
  const group = window.page.getByRole('region', { name: `${dredge.key} Dredge` });
  await group.getByRole('checkbox', { name: /ada assigned you/ }).check();
  await group.getByText('Why did I get this?').click();
  await group.getByText('Because you are assigned.').waitFor();
  await window.checkAccessibility('the inbox');

  await say(dredge, 'How deep, @mia?');
  await group.getByText('ada mentioned you').waitFor();
  await group.getByText('How deep, @mia?').waitFor();
  const moor = await give('mia', 'Moor');
  await eventually(() => groups(window), [`${moor.key} Moor`, `${dredge.key} Dredge`, 'Harbour']);
  assert.equal(await group.getByRole('checkbox', { name: /ada assigned you/ }).isChecked(), true, 'the tick stays');
  assert.equal(await group.getByText('Because you are assigned.').isVisible(), true, 'so does what was opened');
  await eventually(() => unread(window), 'Inbox4 unread');

  // One's own acts are no news.
  const own = await stage.api('mia');
  await own.post(`/api/v1/tasks/${dredge.key}/comments`, { body: 'Four metres.' });
  await say(dredge, 'Thanks.');
  await group.getByText('Thanks.').waitFor();
  assert.equal(await window.page.getByText('Four metres.').count(), 0);
  await window.close();
});

test('it is read, put away and brought back: one, many, all', async () => {
  const window = await listening('mia', '/inbox');
  const tasks = await groups(window);
  const [newest] = tasks;
  const group = window.page.getByRole('region', { name: newest });
  const rows = await group.getByRole('checkbox').count();
  for (let row = 0; row < rows; row += 1) await group.getByRole('checkbox').nth(row).check();
  await window.page.getByRole('button', { name: 'Archive', exact: true }).click();
  await eventually(() => groups(window), tasks.slice(1));

  await window.page.getByRole('link', { name: 'Archived' }).click();
  await eventually(() => groups(window), [newest]);
  await window.page.getByRole('button', { name: `Back to the inbox: ${newest}` }).first().click();
  await eventually(() => group.getByRole('checkbox').count(), rows - 1);
  const focused = () => window.page.evaluate(() => document.activeElement.type);
  await eventually(focused, 'checkbox', 'the keyboard goes on with what stands in its place');
  await window.page.getByRole('link', { name: 'All' }).click();
  await eventually(async () => (await groups(window)).includes(newest), true);

  const other = tasks.find((name) => name !== newest && name !== 'Harbour');
  await window.page.getByRole('button', { name: 'Mark as read: Harbour' }).click();
  await window.page.getByRole('button', { name: 'Mark as unread: Harbour' }).waitFor();
  await eventually(focused, 'checkbox', 'the keyboard stays in the row');
  // Whoever follows it has read it.
  await window.page.getByRole('link', { name: other }).click();
  await window.page.waitForURL('**/tasks/**');
  await eventually(() => unread(window), 'Inbox');
  await give('mia', 'Paint the crane');
  await eventually(() => unread(window), 'Inbox1 unread');
  await window.goto('/inbox?shelf=unread');
  await window.page.getByRole('button', { name: 'Mark all as read' }).click();
  await window.told('1 marked as read.');
  await window.page.getByText('Nothing unread').waitFor();
  await eventually(() => unread(window), 'Inbox');
  await window.close();
});

test('an announcement asks until it is acknowledged, is changed and withdrawn', async () => {
  const reader = await listening('leo', '/inbox');
  const author = await listening('ada', '/announcements');
  await author.page.getByRole('link', { name: 'Announce', exact: true }).click();
  await author.page.getByLabel('For', { exact: true }).selectOption({ label: 'Everybody' });
  await author.page.getByLabel('Title').fill('The quay is closed');
  await author.page.getByRole('textbox', { name: 'Text' }).fill('On **Friday**.');
  await author.page.getByLabel('Ask everyone to acknowledge it').check();
  await author.page.getByRole('button', { name: 'Announce' }).click();
  await author.page.getByRole('heading', { level: 1, name: 'The quay is closed' }).waitFor();

  await eventually(async () => (await groups(reader))[0], 'The quay is closed');
  const group = reader.page.getByRole('region', { name: 'The quay is closed' });
  await group.getByText('Asks you to acknowledge').waitFor();
  assert.equal(await group.getByRole('button', { name: /^Archive/ }).count(), 0, 'it stays until then');
  await group.getByRole('link', { name: 'The quay is closed' }).click();
  await reader.page.getByText('Friday', { exact: true }).waitFor();
  await reader.checkAccessibility('an announcement');

  await author.page.getByLabel('Title').fill('The quay is closed all day');
  await author.page.getByRole('button', { name: 'Save' }).click();
  await author.told('Saved.');
  await reader.page.getByRole('heading', { level: 1, name: 'The quay is closed all day' }).waitFor();
  await reader.page.getByRole('button', { name: 'I have read this' }).click();
  await reader.page.getByText('You have acknowledged this').waitFor();

  // Its author sees it come.
  await author.page.getByText(/^1 of \d have acknowledged it/).waitFor();
  await author.page.getByRole('link', { name: 'Who has', exact: true }).click();
  await author.page.getByRole('region', { name: 'Who was told' }).getByText('leo').waitFor();
  await author.checkAccessibility('an announcement of one’s own');
  await author.page.getByText('Withdraw…').click();
  await author.page.getByRole('button', { name: 'Withdraw', exact: true }).click();
  await author.page.getByText('This was withdrawn').waitFor();
  await reader.goto('/inbox');
  assert.equal(await reader.page.getByText('The quay is closed').count(), 0);
  await author.close();
  await reader.close();
});

test('one chooses what comes how, for one project too; what is urgent is locked and says why', async () => {
  const window = await stage.window('leo');
  window.expectFault(/422/);
  await window.goto('/account/notifications');
  const box = (what, how) => window.page.getByRole('checkbox', { name: `${what}: ${how}`, exact: true });
  for (const how of ['Inbox', 'E-mail']) {
    assert.equal(await box('A project is urgent', how).isDisabled(), true);
    assert.equal(await box('A project is urgent', how).isChecked(), true);
  }
  await window.page.getByText('Nobody can mute that').waitFor();
  assert.equal(await box('Somebody mentions you', 'Inbox').isDisabled(), true);
  await box('You are assigned to a task', 'E-mail').uncheck();
  await window.page.getByRole('region', { name: 'What you are told of' }).getByRole('button', { name: 'Save' }).click();
  await window.told('Saved.');
  await window.page.reload();
  await window.alive();
  assert.equal(await box('You are assigned to a task', 'E-mail').isChecked(), false);

  // Louder in one project.
  await window.page.getByLabel('Project', { exact: true }).selectOption('HAR');
  await window.page.getByRole('button', { name: 'Choose for this project' }).click();
  await window.page.getByRole('region', { name: 'In Harbour' }).waitFor();
  await window.alive();
  await box('You are assigned to a task', 'E-mail').check();
  await window.page.getByRole('button', { name: 'Save' }).click();
  await window.told('Saved.');
  await window.goto('/account/notifications');
  assert.equal(await box('You are assigned to a task', 'E-mail').isChecked(), false, 'elsewhere as it was');
  await window.page.getByRole('region', { name: 'Single projects' }).getByRole('link', { name: 'Harbour' }).click();
  await window.page.getByRole('region', { name: 'In Harbour' }).waitFor();
  assert.equal(await box('You are assigned to a task', 'E-mail').isChecked(), true);
  await window.page.getByRole('button', { name: 'As in all projects' }).click();
  await window.told('Saved.');
  await eventually(() => box('You are assigned to a task', 'E-mail').isChecked(), false);
  await window.checkAccessibility('what one is told');

  await window.goto('/account/notifications');
  await window.page.getByLabel('Time zone').fill('Mars/Base');
  const save = window.page.getByRole('region', { name: 'When e-mail comes' }).getByRole('button', { name: 'Save' });
  await save.click();
  await window.page.getByText('There is no such time zone').first().waitFor();
  await window.page.getByLabel('Time zone').fill('Europe/Berlin');
  await window.page.getByLabel('Quiet from').fill('22:00');
  await window.page.getByLabel('until').fill('07:00');
  await save.click();
  await window.told('Saved.');
  await window.page.reload();
  await window.alive();
  assert.equal(await window.page.getByLabel('Quiet from').inputValue(), '22:00');
  await window.close();
});

test('e-mail says why it came, and one click ends its kind', async () => {
  mailbox.mails.length = 0;
  const crane = await give('mia', 'Grease the crane');
  const expected = [`${crane.key} Grease the crane: ada assigned you`];
  await eventually(() => mailbox.subjects('mia'), expected);
  const [mail] = mailbox.to('mia');
  assert.match(mail.text, /because you are assigned/);
  assert.ok(mail.text.includes(`/tasks/${crane.key}`), mail.text);
  assert.equal(mail.header('List-Unsubscribe-Post'), 'List-Unsubscribe=One-Click');
  const link = mail.header('List-Unsubscribe').slice(1, -1);

  const stranger = await stage.stranger({ viewport: { width: 390, height: 844 } });
  await stranger.page.goto(link);
  await stranger.checkAccessibility('the end of e-mails');
  await stranger.page.getByRole('button', { name: 'Unsubscribe' }).click();
  await stranger.page.getByText('You get no more e-mails about this.').waitFor();
  await stranger.close();

  // As mail programs do it: without a browser, and again.
  const answer = await fetch(link, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'List-Unsubscribe=One-Click',
  });
  assert.equal(answer.status, 200);
  await give('mia', 'Oil the winch');
  const other = await give('mia', 'Ring the bell');
  await say(other, 'Once, @mia.');
  await eventually(() => mailbox.subjects('mia'), [...expected, `${other.key} Ring the bell: ada mentioned you`]);
});

test('without script it is all there', async () => {
  const task = await give('mia', 'Sweep the deck');
  const window = await stage.window('mia', { javaScriptEnabled: false });
  await eventually(async () => {
    await window.goto('/inbox?shelf=unread');
    return (await groups(window)).includes(`${task.key} Sweep the deck`);
  }, true);
  await window.page.getByRole('button', { name: `Mark as read: ${task.key} Sweep the deck` }).click();
  await window.page.waitForURL('**/inbox?shelf=unread**');
  assert.equal((await groups(window)).includes(`${task.key} Sweep the deck`), false);
  await window.goto('/account/notifications');
  await window.page.getByRole('checkbox', { name: 'A comment on a task that is yours or that you watch: Inbox' }).uncheck();
  await window.page.getByRole('button', { name: 'Save' }).first().click();
  await window.page.waitForURL('**/account/notifications**');
  const comments = window.page.getByRole('checkbox', { name: 'A comment on a task that is yours or that you watch: Inbox' });
  assert.equal(await comments.isChecked(), false);
  await window.close();
});
