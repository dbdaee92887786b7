// Plays artillery.yml: `make load`, or `PMS_BIN=target/release/pms node load/run.mjs`. In the environment:
//
//   URL                        a PMS that runs; without, the binary PMS_BIN is started on a free port with made-up work in
//                              a temporary folder, and stopped at the end
//   PMS_BIN, TIER              that binary, and how much made-up work (s)
//   PMS_DATABASE_URL           with PMS_BIN: an empty database to fill instead of one in that folder; it stays
//   PEOPLE                     with PMS_BIN: how many accounts are made for it (200); with 1 all are admin
//   LOAD_PEOPLE                with URL: a file with the names of those who sign in, one in a line; without, all are admin
//   LOAD_PASSWORD              their password, if it is not the one of made-up people
//   FACTOR                     1: sixteen minutes; 0.1: a tenth
//
// Ends with something other than 0 if a target was missed.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const { URL, PMS_BIN, LOAD_PEOPLE, TIER = 's', LOAD_PASSWORD = 'correct horse battery' } = process.env;
const factor = Number(process.env.FACTOR || 1);
const people = Number(process.env.PEOPLE || 200);
const scratch = mkdtempSync(join(tmpdir(), 'pms-load-'));

// What is measured is how much the server can do, not how much of it one caller may ask for: all requests come from one
// address. Turns at signing in stay.
const WITHOUT_LIMITS = {
  PMS_LIMIT_NETWORK: 'off',
  PMS_LIMIT_ANONYMOUS: 'off',
  PMS_LIMIT_SIGN_IN: 'off',
  PMS_LIMIT_PERSON: 'off',
  PMS_LIMIT_SENSITIVE: 'off',
};

let artillery;
let stopping = false;

const say = (text) => console.error(`load: ${text}`);

function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { stdio: ['pipe', 'ignore', 'inherit'], ...options });
  if (error || status !== 0) throw new Error(`${command} ${args[0]}: ${error?.message ?? `ended with ${status}`}`);
}

const namesFile = join(scratch, 'people.csv');
const writeNames = (names) => writeFileSync(namesFile, `${names.join('\n')}\n`);

const same = (one, other) => existsSync(other) && readFileSync(one).equals(readFileSync(other));

// Without scripts of packages: one of them would download a browser.
function installArtillery() {
  const [lock, installed] = [join(here, 'package-lock.json'), join(here, 'node_modules/.installed-lock')];
  if (same(lock, installed)) return;
  say('installing Artillery in load/ (about 600 MB)');
  run('npm', ['ci', '--silent', '--no-audit', '--no-fund', '--ignore-scripts'], { cwd: here });
  copyFileSync(lock, installed);
}

// Fills the database and writes who signs in: administrators, as the admin of the script, whose lists hold all projects.
function fill(pms) {
  say(`filling tier ${TIER}`);
  pms(['migrate', 'up']);
  pms(['seed', '--tier', TIER, '--password', LOAD_PASSWORD]);
  if (people === 1) return writeNames(['admin']);
  say(`making ${people} accounts`);
  const names = Array.from({ length: people }, (_, number) => `load${number + 1}`);
  for (const name of names) {
    const who = ['--username', name, '--email', `${name}@example.org`, '--role', 'Administrator'];
    pms(['user', 'create', ...who, '--password-stdin'], `${LOAD_PASSWORD}\n`);
  }
  return writeNames(names);
}

// Starts a PMS with made-up work; gives its address, and what ends it.
async function startPms() {
  const data = join(scratch, 'data');
  const binary = resolve(PMS_BIN);
  const env = { ...process.env, ...WITHOUT_LIMITS };
  fill((args, input) => run(binary, [...args, '--data', data], { env, input }));
  const server = spawn(binary, ['serve', '--data', data, '--listen', '127.0.0.1:0', '--log', 'error'], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(server, 'exit');
  const end = async () => {
    server.kill();
    await ended;
  };
  for await (const line of createInterface({ input: server.stdout })) {
    const url = line.match(/^PMS serves (\S+)/)?.[1];
    if (url) {
      say(`${url} is process ${server.pid}`);
      return { url, end };
    }
  }
  await end();
  throw new Error('pms serve ended before it served');
}

async function play(url) {
  if (stopping) return 1;
  const seconds = (minutes) => String(Math.max(1, Math.round(minutes * 60 * factor)));
  const env = {
    ...process.env,
    ARTILLERY_DISABLE_TELEMETRY: 'true',
    LOAD_RAMP: seconds(2),
    LOAD_HOLD: seconds(5),
    LOAD_PASSWORD,
  };
  say(`${url}, factor ${factor}, ${cpus().length} cores, load average before ${loadavg()[0].toFixed(2)}`);
  const names = URL && LOAD_PEOPLE ? resolve(LOAD_PEOPLE) : namesFile;
  const args = ['run', '--target', url, '--payload', names, join(here, 'artillery.yml')];
  artillery = spawn(join(here, 'node_modules/.bin/artillery'), args, { env, stdio: 'inherit' });
  const [code] = await once(artillery, 'exit');
  return code ?? 1;
}

async function main() {
  if (!(factor > 0) || !Number.isInteger(people) || people < 1 || (!URL && !existsSync(PMS_BIN ?? ''))) {
    console.error('Needs URL of a PMS that runs or PMS_BIN, the release binary; FACTOR above 0, PEOPLE of 1 or more.');
    return 2;
  }
  installArtillery();
  if (URL) {
    writeNames(['admin']);
    return play(URL);
  }
  const { url, end } = await startPms();
  try {
    return await play(url);
  } finally {
    await end();
  }
}

// What was started here is ended after Artillery, which hears of Ctrl+C by itself.
process.on('SIGINT', () => (stopping = true));
process.on('SIGTERM', () => {
  stopping = true;
  artillery?.kill('SIGINT');
});
try {
  process.exitCode = await main();
} catch (error) {
  say(error.message);
  process.exitCode = 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
