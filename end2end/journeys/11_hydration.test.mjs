// Every page comes alive, each time, however busy the machine is: the browser finds what the server rendered.
import { test } from 'node:test';
import { furnish, visit } from '../pages.mjs';
import { Stage } from '../stage.mjs';

const TIMES = 15;
// As many windows load at once as make the server and the browser wait for each other.
const WINDOWS = 3;

let pages;
const stage = new Stage({ ada: 'Administrator' }, async ({ server }) => {
  pages = await furnish(server);
  // Has no script.
  delete pages.api;
});

test(`every page comes alive ${TIMES} times in a row, in ${WINDOWS} windows at once`, async () => {
  const paths = Object.values(pages);
  const load = async (turn) => {
    const window = await stage.window('ada');
    // The page that says that there is none.
    window.expectFault(/404/);
    for (let time = 0; time < TIMES / WINDOWS; time += 1) {
      // Each window is elsewhere in the list.
      for (const [place] of paths.entries()) {
        await visit(window, paths[(place + turn * 7) % paths.length]);
      }
    }
    await window.close();
  };
  await Promise.all(Array.from({ length: WINDOWS }, (_, turn) => load(turn)));
});
