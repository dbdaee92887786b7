// Runs the tests of the alerts (against a service that plays PMS) and every journey (against the release binary named by
// PMS_BIN): `make e2e`, or `PMS_BIN=target/release/pms node end2end/run.mjs [part of a file's name]`. Those of the alerts
// need no binary: `node end2end/run.mjs alerts/`.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const wanted = process.argv[2] ?? '';
const files = ['alerts', 'journeys']
  .flatMap((folder) => readdirSync(join(here, folder)).sort().map((name) => `${folder}/${name}`))
  .filter((name) => name.endsWith('.test.mjs') && name.includes(wanted));

if (files.some((name) => name.startsWith('journeys/')) && !existsSync(process.env.PMS_BIN ?? '')) {
  console.error('PMS_BIN must name the release binary; `make e2e` builds it and sets this.');
  process.exit(2);
}
if (files.length === 0) {
  console.error(`No journey has “${wanted}” in its name.`);
  process.exit(2);
}
// One after the other: a journey measures nothing, but two browsers on two cores make each other slow.
const { status } = spawnSync(
  process.execPath,
  ['--test', '--test-concurrency=1', '--test-reporter=spec', ...files.map((name) => join(here, name))],
  { stdio: 'inherit' },
);
process.exit(status ?? 1);
