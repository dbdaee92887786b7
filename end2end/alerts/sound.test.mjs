// The tone: that it sounds, where, and when it stops.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alertOf } from './service.mjs';
import { Stage, pause, until } from './stage.mjs';

const stage = new Stage();

// Two windows that were clicked, of which the leader sounds.
async function twoWindows() {
  const person = await stage.open();
  const windows = [await person.window(), await person.window()];
  for (const { page } of windows) await page.getByText('The page at').click();
  person.service.alerts = [alertOf('Quiet harbour')];
  for (const window of windows) await window.news();
  await until(() => windows.some(({ sounds }) => sounds), 'one sounds');
  const leader = windows.find(({ sounds }) => sounds);
  const other = windows.find((window) => window !== leader);
  return { leader, other };
}

test('the tone sounds in one window of the browser only, and stops in all within a second', async () => {
  const person = await stage.open();
  const first = await person.window();
  const second = await person.window('/projects');
  for (const { page } of [first, second]) await page.getByRole('heading', { name: 'Harbour' }).click();
  person.service.alerts = [alertOf('Quiet harbour')];
  for (const window of [first, second]) await window.news();
  for (const { dialog } of [first, second]) await dialog.waitFor();
  await until(() => first.sounds || second.sounds, 'one sounds');
  const [leader, other] = first.sounds ? [first, second] : [second, first];
  assert.ok(await other.isSilent(2500), 'the other does not');
  await until(() => leader.heard.tones.size === 2, 'both tones are heard');

  await other.page.getByRole('button', { name: 'Acknowledge Quiet harbour' }).click();
  const at = Date.now();
  await leader.fallsSilent(at);
  assert.ok(await other.isSilent(0));
  await until(() => person.service.acknowledged.length === 1, 'the server has it');
});

test('a window that nobody has clicked says that sound is off, and rings after a click', async () => {
  const person = await stage.open();
  person.service.alerts = [alertOf('Quiet harbour')];
  const window = await person.window();
  await window.untilSoundIsOff();
  assert.ok(await window.isSilent());
  await window.dialog.getByText('Sound is off in this window').waitFor();
  await window.dialog.getByRole('button', { name: 'Put aside' }).focus();
  await window.dialog.evaluate((dialog) => dialog.close());
  await window.strip.getByText('Quiet harbour is urgent').waitFor();
  await window.page.getByText('The page at').click();
  await window.untilItSounds();
  assert.equal(await window.dialog.count(), 0, 'put aside, it rings all the same');
});

test('without an alert, the strip asks for the click', async () => {
  const person = await stage.open();
  const window = await person.window();
  await window.untilSoundIsOff();
  await window.page.getByText('The page at').click();
  await until(() => window.strip.locator('p').count().then((count) => count === 0), 'the strip goes');
  const said = () => [...new Set(person.service.reports.map(({ sound }) => sound))];
  await until(() => said().length === 2, 'both are reported');
  assert.deepEqual(said(), ['locked', 'armed']);
});

test('when the window that sounds closes, another takes over', async () => {
  const { leader, other } = await twoWindows();
  await leader.page.close();
  await until(() => other.sounds, 'the other sounds', 3000);
});

test('a window that somebody looks at takes the tone from one that nobody sees', async () => {
  const { leader, other } = await twoWindows();
  await leader.page.evaluate(() => {
    Object.defineProperty(document, 'visibilityState', { value: 'hidden' });
    document.dispatchEvent(new Event('visibilitychange'));
  });
  await until(() => other.sounds, 'the other sounds', 3000);
  assert.ok(await leader.isSilent());
});

test('a window that hangs is replaced, and leaves the tone to the other when it is back', async () => {
  const { leader, other } = await twoWindows();
  // It keeps its lock and says nothing any more, as a page that the browser has frozen.
  await leader.page.evaluate(() => {
    setTimeout(() => {
      const end = Date.now() + 12_000;
      while (Date.now() < end);
    });
  });
  await until(() => other.sounds, 'the other sounds', 11_000);
  leader.heard.level = 0;
  await leader.page.evaluate(() => 'back');
  await pause(500);
  assert.ok(await leader.isSilent(2000));
});

test('a period is ten seconds of tone and twenty of silence, again and again', async () => {
  const person = await stage.open();
  const { page } = await person.window();
  const levels = await page.evaluate(async () => {
    const { Sound } = await import('/alerts/0123456789abcdef/sound.js');
    const sound = new Sound();
    sound.context = new OfflineAudioContext(1, 45 * 8000, 8000);
    sound.play({ loop: true });
    const samples = (await sound.context.startRendering()).getChannelData(0);
    const level = (second) =>
      Math.sqrt(samples.slice(second * 8000, (second + 1) * 8000).reduce((sum, one) => sum + one * one, 0) / 8000);
    return Array.from({ length: 45 }, (_, second) => level(second) > 0.1);
  });
  const rings = (second) => second % 30 < 10;
  assert.deepEqual(levels.slice(0, 45), Array.from({ length: 45 }, (_, second) => rings(second)));
});

test('without locks, which need https, one window sounds all the same', async () => {
  const person = await stage.open();
  await person.context.addInitScript(() => Object.defineProperty(Navigator.prototype, 'locks', { value: undefined }));
  const windows = [await person.window(), await person.window()];
  for (const { page } of windows) await page.getByText('The page at').click();
  person.service.alerts = [alertOf('Quiet harbour')];
  for (const window of windows) await window.news();
  await until(() => windows.some(({ sounds }) => sounds), 'one sounds');
  await pause(1000);
  // Both may have begun. Which one gives way is seen by what each played lately: at a given moment the one that goes on
  // may be between two tones.
  const soundsAlone = (window) =>
    windows.every(({ heard }) => (heard === window.heard ? heard.loudAt > 0 : window.heard.at - heard.loudAt > 1000));
  const leader = await until(() => windows.find(soundsAlone), 'one sounds alone');
  const other = windows.find((window) => window !== leader);
  assert.ok(await other.isSilent(2000), 'the other gives way');
  await until(() => leader.sounds, 'one goes on');

  // Of one that is seen and one that is not, the one that is seen: whichever name sorts first.
  for (const [seen, hidden] of [windows, windows.toReversed()]) {
    for (const [{ page }, state] of [[hidden, 'hidden'], [seen, 'visible']]) {
      await page.evaluate((value) => {
        Object.defineProperty(document, 'visibilityState', { value, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
      }, state);
    }
    await until(() => seen.sounds, 'the one that is seen sounds');
    await pause(1000);
    assert.ok(await hidden.isSilent(2000), 'the other gives way');
  }
});
