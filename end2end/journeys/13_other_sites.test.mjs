// What other sites try with a person's browser, and what a page would do if something slipped into it.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { test } from 'node:test';
import { Stage } from '../stage.mjs';

let project;
let task;
const stage = new Stage({ ada: 'Administrator' }, async (stage) => {
  const api = await stage.api('ada');
  project = await api.post('/api/v1/projects', { name: 'Quiet harbour', key: 'QUI' });
  task = await api.post('/api/v1/projects/QUI/tasks', { title: 'Move the lighthouse' });
});

test('a form on another site changes nothing', async () => {
  const window = await stage.window('ada');
  window.expectFault(/403/);
  const forms = {
    '/fn/task/add': { project_id: project.id, title: 'Forged' },
    '/fn/task/act': { id: task.id, version: task.version, act: 'delete' },
    '/fn/session/sign-out': {},
    '/theme': { theme: 'dark' },
  };
  for (const [action, fields] of Object.entries(forms)) {
    const answer = await fromElsewhere(window, stage.server.url + action, fields);
    assert.equal(answer.status(), 403, action);
  }
  const api = await stage.api('ada');
  const { items } = await api.get('/api/v1/tasks?project=QUI');
  assert.deepEqual(items.map(({ title }) => title), ['Move the lighthouse']);
  await window.goto('/account');
  assert.equal(new URL(window.page.url()).pathname, '/account', 'still signed in');
  await window.close();
});

test('another site can neither read nor write by script', async () => {
  const window = await stage.window('ada');
  window.expectFault(/CORS|Failed to load resource/);
  const elsewhere = await otherSite('<title>Elsewhere</title>');
  await window.page.goto(elsewhere.url);
  const read = await window.page.evaluate(async (url) => {
    const tries = [
      fetch(`${url}/api/v1/projects`, { credentials: 'include' }),
      fetch(`${url}/api/v1/projects`, {
        method: 'POST', credentials: 'include', headers: { 'content-type': 'application/json' }, body: '{"name":"Forged"}',
      }),
    ];
    const outcomes = await Promise.allSettled(tries);
    return outcomes.map(({ status }) => status);
  }, stage.server.url);
  assert.deepEqual(read, ['rejected', 'rejected']);
  // Without asking first, as old forms do: it gets there, and is refused.
  await window.page.evaluate(
    (url) => fetch(url, { method: 'POST', mode: 'no-cors', credentials: 'include', body: new URLSearchParams({ name: 'Forged' }) }),
    `${stage.server.url}/api/projects`,
  );
  elsewhere.close();
  const api = await stage.api('ada');
  assert.equal((await api.get('/api/v1/projects')).items.length, 1);
  await window.close();
});

test('no page can be framed', async () => {
  const window = await stage.window('ada');
  window.expectFault(/frame-ancestors|Framing|refused to connect/i);
  const elsewhere = await otherSite(`<iframe src="${stage.server.url}/account"></iframe>`);
  await window.page.goto(elsewhere.url);
  const frame = window.page.frames().find((frame) => frame !== window.page.mainFrame());
  assert.ok(!(await frame.content()).includes('Your account'));
  elsewhere.close();
  await window.close();
});

test('script that slipped into a page would not run, and could send nothing out', async () => {
  const window = await stage.window('ada');
  window.expectFault(/Content Security Policy|404/);
  const { page } = window;
  await window.goto('/');
  const slipped = await page.evaluate(async () => {
    const refused = new Set();
    document.addEventListener('securitypolicyviolation', (event) => refused.add(event.effectiveDirective));
    // Each of these is refused, or this never ends.
    const refusedBy = (directive) =>
      new Promise((resolve) => {
        const look = () => (refused.has(directive) ? resolve() : requestAnimationFrame(look));
        look();
      });
    const script = document.createElement('script');
    script.textContent = 'globalThis.slipped = true';
    document.body.append(script);
    await refusedBy('script-src-elem');
    document.body.insertAdjacentHTML('beforeend', '<img src="/nowhere.png" onerror="globalThis.slipped = true">');
    await refusedBy('script-src-attr');
    document.body.insertAdjacentHTML('beforeend', '<p style="color: red">red</p>');
    await refusedBy('style-src-attr');
    await fetch('https://example.org/').catch(() => {});
    await refusedBy('connect-src');
    const form = document.createElement('form');
    Object.assign(form, { method: 'post', action: 'https://example.org/' });
    document.body.append(form);
    form.submit();
    await refusedBy('form-action');
    return globalThis.slipped ?? false;
  });
  assert.equal(slipped, false);
  await window.close();
});

test('every answer tells the browser what to refuse', async () => {
  const { token, url } = await stage.api('ada');
  const headers = { authorization: `Bearer ${token}` };
  for (const path of ['/', '/sign-in', '/account', '/api/v1/projects', '/api/health', '/nowhere', '/icon.svg']) {
    const answer = await fetch(url + path, { headers, redirect: 'manual' });
    assert.equal(answer.headers.get('x-content-type-options'), 'nosniff', path);
    assert.match(answer.headers.get('content-security-policy') ?? '', /frame-ancestors 'none'/, path);
    assert.ok(answer.headers.get('referrer-policy'), path);
  }
  const nonces = await Promise.all([1, 2].map(async () => {
    const policy = (await fetch(`${url}/sign-in`)).headers.get('content-security-policy');
    return policy.match(/'nonce-([^']+)'/)[1];
  }));
  assert.notEqual(nonces[0], nonces[1], 'a nonce is for one answer');
});

// Sends a form from a page of another site, as a person's click there would.
async function fromElsewhere(window, action, fields) {
  const inputs = Object.entries(fields).map(([name, value]) => `<input name="${name}" value="${value}">`);
  const elsewhere = await otherSite(`<form method="post" action="${action}">${inputs.join('')}<button>Win</button></form>`);
  await window.page.goto(elsewhere.url);
  const answer = window.page.waitForResponse(action);
  await window.page.getByRole('button', { name: 'Win' }).click();
  const answered = await answer;
  elsewhere.close();
  return answered;
}

// A site on another host: `localhost` is not `127.0.0.1`.
async function otherSite(html) {
  const server = createServer((_, answer) => {
    answer.setHeader('content-type', 'text/html');
    answer.end(`<!DOCTYPE html><html lang="en"><link rel="icon" href="data:,">${html}</html>`);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://localhost:${server.address().port}/`, close: () => server.close() };
}
