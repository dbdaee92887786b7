// The dialog and the strip: what they say, that they can't be got rid of, and that they take nothing from anybody.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { alertOf } from './service.mjs';
import { Stage, pause, until } from './stage.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const stage = new Stage();

test('it names project, reason, who and since, and an acknowledgement carries its note', async () => {
  const person = await stage.open();
  const alert = alertOf('Quiet harbour');
  person.service.alerts = [alert];
  const { page, dialog } = await person.window();
  await dialog.waitFor();
  for (const text of ['Urgent: Quiet harbour', 'The lamp is out', 'Raised by mia', '5 minutes ago']) {
    await dialog.getByText(text).waitFor();
  }
  assert.equal(await dialog.getByRole('link', { name: 'Open project' }).getAttribute('href'), '/projects/QUI');
  await dialog.getByText('Add a note').click();
  await dialog.getByLabel('Note for the others').fill('On my way');
  await dialog.getByRole('button', { name: 'Acknowledge' }).click();
  await dialog.waitFor({ state: 'detached' });
  const [sent] = await until(() => person.service.acknowledged.length && person.service.acknowledged, 'it is sent');
  assert.deepEqual(
    { ...sent, at: typeof sent.at, device: typeof sent.device },
    { id: alert.id, note: 'On my way', via: 'page', at: 'string', device: 'string' },
  );
  assert.equal(await page.title(), 'Harbour · PMS');
});

for (const name of ['Add a note', 'Put aside']) {
  test(`“${name}” does not move under the very click that turns sound on`, async () => {
    const person = await stage.open();
    person.service.alerts = [alertOf('Quiet harbour')];
    const window = await person.window();
    const { page, dialog } = window;
    const silent = dialog.getByText('Sound is off in this window');
    await window.untilSoundIsOff();
    const target = dialog.getByText(name);
    const place = await target.boundingBox();
    await page.mouse.move(place.x + place.width / 2, place.y + place.height / 2);
    await page.mouse.down();
    await silent.waitFor({ state: 'hidden' });
    assert.deepEqual(await target.boundingBox(), place);
    await page.mouse.up();
  });
}

test('words of other people stay words', async () => {
  const person = await stage.open();
  const evil = '<img src=x onerror="document.title=\'broken in\'"><script>document.title="broken in"</script>';
  person.service.alerts = [alertOf(`Harbour ${evil}`, { reason: evil, raised_by: { display_name: evil } })];
  const { page, dialog } = await person.window();
  await dialog.waitFor();
  await dialog.getByRole('button', { name: 'Put aside' }).click();
  await page.locator('#alert-strip').getByText(evil).waitFor();
  assert.equal(await page.locator('#alert-strip img, #alert-strip script, dialog img, dialog script').count(), 0);
  assert.doesNotMatch(await page.title(), /^broken in$/);
});

test('closing it, by whatever way, only puts it aside', async () => {
  const person = await stage.open();
  person.service.alerts = [alertOf('Quiet harbour')];
  const { page, dialog, strip } = await person.window();
  const text = page.getByLabel('Comment');
  await dialog.waitFor();
  for (const key of ['Escape', 'Enter', ' ', 'x']) {
    await page.keyboard.press(key);
    // What a key closes is away with the next picture, not at once.
    await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
    if (await dialog.isHidden()) {
      await strip.getByRole('button', { name: 'Show' }).click();
      await dialog.waitFor();
    }
  }
  assert.deepEqual(person.service.acknowledged, [], 'no key that was meant for something else acknowledges');
  await dialog.evaluate((dialog) => dialog.close());
  await strip.getByText('Quiet harbour is urgent. It rings until you acknowledge.').waitFor();
  await text.fill('The page stays usable.');
  await page.reload();
  await strip.getByText('Quiet harbour is urgent').waitFor();
  assert.equal(await dialog.count(), 0, 'what was put aside stays aside');
  // A repeat is not announced again; another alert is.
  person.service.alerts = [{ ...person.service.alerts[0], rounds: 2 }];
  await page.evaluate(() => window.dispatchEvent(new CustomEvent('pms:live', { detail: { kind: 'urgent' } })));
  await pause(500);
  assert.equal(await dialog.count(), 0);
  person.service.alerts.push(alertOf('Far lighthouse', { since: new Date().toISOString() }));
  await page.evaluate(() => window.dispatchEvent(new CustomEvent('pms:live', { detail: { kind: 'resync' } })));
  await dialog.getByText('2 urgent projects need you').waitFor();
  assert.deepEqual(await dialog.getByRole('heading', { level: 3 }).allTextContents(), ['Quiet harbour QUI', 'Far lighthouse FAR']);
  await dialog.getByRole('button', { name: 'Acknowledge Quiet harbour' }).click();
  await dialog.getByText('Urgent: Far lighthouse').waitFor();
  await dialog.getByRole('button', { name: 'Put aside' }).click();
  await strip.getByRole('button', { name: 'Acknowledge' }).click();
  await until(() => person.service.acknowledged.length === 2, 'the strip acknowledges, too');
  await strip.waitFor({ state: 'hidden' });
});

test('it waits for somebody who is typing, and gives the focus back', async () => {
  const person = await stage.open();
  const { page, dialog, news } = Object.assign(await person.window());
  const text = page.getByLabel('Comment');
  await text.click();
  await page.keyboard.type('Half a sen');
  person.service.alerts = [alertOf('Quiet harbour')];
  await page.evaluate(() => window.dispatchEvent(new CustomEvent('pms:live', { detail: { kind: 'urgent' } })));
  await page.locator('#alert-strip').getByText('Quiet harbour is urgent').waitFor();
  assert.match(await page.locator('[aria-live="assertive"]').textContent(), /Urgent: Quiet harbour\. The lamp is out/);
  await page.keyboard.type('tence');
  assert.equal(await dialog.count(), 0);
  await dialog.waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.id), 'alert-dialog-title', 'no button has the focus');
  await dialog.getByRole('button', { name: 'Acknowledge' }).click();
  await dialog.waitFor({ state: 'detached' });
  assert.equal(await page.evaluate(() => document.activeElement.id), 'text');
  await page.keyboard.type('.');
  assert.equal(await text.inputValue(), 'Half a sentence.');
});

test('a click that was meant for what it covers acknowledges nothing', async () => {
  const person = await stage.open();
  const { page, dialog } = await person.window();
  person.service.alerts = [alertOf('Quiet harbour')];
  const early = await page.evaluate(async () => {
    window.dispatchEvent(new CustomEvent('pms:live', { detail: { kind: 'urgent' } }));
    while (!document.querySelector('dialog[open]')) await new Promise(requestAnimationFrame);
    document.querySelector('.alert-dialog-acts button').click();
    return document.querySelector('.alert-dialog-acts button').disabled;
  });
  assert.equal(early, true);
  await pause(300);
  assert.equal(person.service.acknowledged.length, 0);
  await dialog.getByRole('button', { name: 'Acknowledge' }).click();
  await until(() => person.service.acknowledged.length === 1, 'a moment later it does');
});

test('a double click acknowledges one alert only', async () => {
  const person = await stage.open();
  person.service.alerts = [alertOf('Quiet harbour'), alertOf('Far lighthouse')];
  const { page, dialog } = await person.window();
  const first = dialog.getByRole('button', { name: 'Acknowledge' }).first();
  await first.click();
  const early = await page.evaluate(() => {
    const next = document.querySelector('.alert-dialog-acts button');
    next.click();
    return next.disabled;
  });
  assert.equal(early, true);
  await until(() => person.service.acknowledged.length === 1, 'one is');
  await pause(300);
  assert.equal(person.service.acknowledged.length, 1);
  await first.click();
  await until(() => person.service.acknowledged.length === 2, 'a moment later the other can be');
});

test('the server’s fault silences nothing; its answer does', async () => {
  const person = await stage.open();
  const { page, dialog } = await person.window();
  person.service.alerts = [alertOf('Quiet harbour')];
  const look = () => page.evaluate(() => window.dispatchEvent(new CustomEvent('pms:live', { detail: { kind: 'urgent' } })));
  await look();
  await dialog.waitFor();
  const { alerts } = person.service;
  person.expectFault(/Failed to load resource|503/);
  const { answer } = person.service;
  person.service.answer = (_, response) => {
    response.writeHead(503);
    response.end();
  };
  await look();
  await pause(500);
  assert.ok(await dialog.isVisible());
  person.service.answer = answer;
  // Somebody resolved it.
  person.service.alerts = [];
  await look();
  await dialog.waitFor({ state: 'detached' });
  assert.equal(alerts.length, 1);
});

test('what the server refuses rings again and says why', async () => {
  const person = await stage.open();
  person.expectFault(/409/);
  person.service.alerts = [alertOf('Quiet harbour')];
  person.service.refusal = { status: 409, title: 'Refused', detail: 'Only Mara can do that.' };
  const { dialog } = await person.window();
  await dialog.getByRole('button', { name: 'Acknowledge' }).click();
  await dialog.getByRole('alert').getByText('Only Mara can do that.').waitFor();
});

test('title, icon and motion show it where nothing is heard', async () => {
  const person = await stage.open();
  const { page, dialog } = await person.window();
  person.service.alerts = [alertOf('Quiet harbour')];
  await page.evaluate(() => window.dispatchEvent(new CustomEvent('pms:live', { detail: { kind: 'urgent' } })));
  await dialog.waitFor();
  await page.waitForFunction(() => document.title === 'Urgent: Quiet harbour');
  await page.waitForFunction(() => document.title === 'Harbour · PMS');
  assert.match(await page.locator('link[rel="icon"]').getAttribute('href'), /icon-alert\.svg$/);
  const motion = () => dialog.evaluate((dialog) => getComputedStyle(dialog).animationName);
  assert.equal(await motion(), 'alert-beat');
  await page.emulateMedia({ reducedMotion: 'reduce' });
  assert.equal(await motion(), 'none');
  await page.waitForFunction(() => document.title === 'Urgent: Quiet harbour · Harbour · PMS');
  await page.waitForTimeout(1200);
  assert.equal(await page.title(), 'Urgent: Quiet harbour · Harbour · PMS', 'it stands still');
  // The page goes on meanwhile.
  await page.evaluate(() => (document.title = 'Lighthouse · PMS'));
  await dialog.getByRole('button', { name: 'Acknowledge' }).click();
  await page.waitForFunction(() => document.title === 'Lighthouse · PMS');
  assert.match(await page.locator('link[rel="icon"]').getAttribute('href'), /icon\.svg$/);
});

test('dialog and strip are in order for readers, in every width and theme, and move nothing', async () => {
  const person = await stage.open({ permission: 'denied' });
  const window = await person.window();
  const { page, dialog, strip } = window;
  await window.untilSoundIsOff();
  const shift = await page.evaluate(
    () =>
      new Promise((resolve) => {
        let sum = 0;
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) sum += entry.value;
        }).observe({ type: 'layout-shift', buffered: true });
        setTimeout(() => resolve(sum), 300);
      }),
  );
  assert.ok(shift < 0.01, `the strip moves the page by ${shift}`);
  await page.getByText('The page at').click();
  await strip.getByText('Notifications are blocked').waitFor();
  person.service.alerts = [alertOf('Quiet harbour'), alertOf('Far lighthouse')];
  await page.evaluate(AXE);
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    for (const width of [360, 768, 1280]) {
      await page.setViewportSize({ width, height: 740 });
      assert.deepEqual(await violations(page), [], `the strip at ${width}, ${colorScheme}`);
      await page.evaluate(() => window.dispatchEvent(new CustomEvent('pms:live', { detail: { kind: 'urgent' } })));
      await dialog.waitFor();
      await pause(600);
      assert.deepEqual(await violations(page), [], `the dialog at ${width}, ${colorScheme}`);
      const wide = await dialog.evaluate((dialog) => dialog.scrollWidth > dialog.clientWidth);
      assert.equal(wide, false, `nothing is cut off at ${width}`);
      await dialog.getByRole('button', { name: 'Put aside' }).click();
      await strip.getByText('2 projects are urgent').waitFor();
      assert.deepEqual(await violations(page), [], `the strip that rings at ${width}, ${colorScheme}`);
      const { alerts } = person.service;
      person.service.alerts = [];
      await page.evaluate(() => window.dispatchEvent(new CustomEvent('pms:live', { detail: { kind: 'urgent' } })));
      await strip.getByText('Notifications are blocked').waitFor();
      person.service.alerts = alerts;
    }
  }
});

async function violations(page) {
  // Colours change within a moment.
  await pause(150);
  const { violations } = await page.evaluate(() =>
    globalThis.axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      resultTypes: ['violations'],
    }),
  );
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')} ${nodes[0].any[0]?.message}`);
}

test('put aside at the moment at which the page hears something, it stays aside', async () => {
  const person = await stage.open();
  await person.context.addInitScript(() => {
    globalThis.contexts = [];
    globalThis.AudioContext = class extends AudioContext {
      constructor(...options) {
        super(...options);
        globalThis.contexts.push(this);
      }
    };
  });
  person.service.alerts = [alertOf('Quiet harbour')];
  const { page, dialog, strip } = await person.window();
  await dialog.waitFor();
  // Between the closing and the event that tells of it, the page is brought up to date.
  await page.evaluate(() => {
    const dialog = document.querySelector('dialog.alert-dialog');
    const hear = () => dialog.open || globalThis.contexts[0].dispatchEvent(new Event('statechange'));
    new MutationObserver(hear).observe(dialog, { attributes: true });
  });
  await page.keyboard.press('Escape');
  await strip.getByText('Quiet harbour is urgent').waitFor();
});
