// Every page, in both themes and at every width: nothing is hard to read or to reach, nothing sticks out, nothing
// goes wrong.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { THEMES, WIDTHS, furnish, overflow, visit } from '../pages.mjs';
import { Stage } from '../stage.mjs';

// The pages of those who are not in yet.
const OUTSIDE = { 'sign-in': '/sign-in', 'set-up': '/set-up' };

let pages;
const stage = new Stage({ ada: 'Administrator' }, async ({ server }) => {
  pages = { ...OUTSIDE, ...(await furnish(server)) };
});

// Both themes side by side, which takes half the time.
test('every page is sound', async () => {
  const wrong = await Promise.all(THEMES.map((theme) => walk(theme)));
  assert.deepEqual(wrong.flat(), []);
});

async function walk(theme) {
  const stranger = await stage.stranger({ colorScheme: theme });
  const ada = await stage.window('ada', { colorScheme: theme });
  // The page that says that there is none.
  ada.expectFault(/404/);
  const wrong = [];
  for (const [name, path] of Object.entries(pages)) {
    const window = name in OUTSIDE ? stranger : ada;
    await visit(window, path);
    for (const [width, [wide, high]] of Object.entries(WIDTHS)) {
      await window.page.setViewportSize({ width: wide, height: high });
      // The description of the whole API is so long that once must do.
      const readable = name !== 'api' || width === 'wide';
      wrong.push(...(await look(window, `${name}, ${theme}, on a ${width}`, readable)));
    }
  }
  await stranger.close();
  await ada.close();
  return wrong;
}

async function look(window, where, readable) {
  const wrong = readable ? await window.violations() : [];
  const wide = await overflow(window.page);
  if (wide > 0) wrong.push(`${wide} pixels wider than the window`);
  return wrong.map((text) => `${where}: ${text}`);
}
