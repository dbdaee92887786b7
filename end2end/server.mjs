// A PMS of its own for a journey: the release binary on a free port, its data in a temporary folder.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export const PASSWORD = 'quiet harbour at dawn';

// A journey does in a minute what people do in an hour.
const WITHOUT_LIMITS = ['network', 'anonymous', 'sign-in', 'person', 'sensitive'].flatMap((what) => [`--limit-${what}`, 'off']);

export class Server {
  // `options`: what else it is started with.
  constructor(data = mkdtempSync(join(tmpdir(), 'pms-journey-')), options = []) {
    this.data = data;
    this.options = options;
  }

  // Starts it and waits for the address that it prints.
  async start(listen = '127.0.0.1:0') {
    this.process = spawn(process.env.PMS_BIN, ['serve', '--data', this.data, '--listen', listen, ...WITHOUT_LIMITS, ...this.options], {
      // From another folder: everything that it serves is inside it.
      cwd: tmpdir(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.log = '';
    this.process.stderr.on('data', (text) => (this.log += text));
    const lines = createInterface({ input: this.process.stdout });
    const line = (pattern) =>
      new Promise((resolve, reject) => {
        this.process.once('exit', (code) => reject(new Error(`pms ended with ${code}: ${this.log}`)));
        lines.on('line', (line) => pattern.test(line) && resolve(line.match(pattern)[1]));
      });
    // Printed while nobody has an account: wait for it only then.
    this.setUpLink = line(/^(\S+\/set-up\?token=\S+)/);
    this.setUpLink.catch(() => {});
    this.url = await line(/^PMS serves (\S+)/);
    return this;
  }

  // Stops it as an operator would.
  async stop(signal = 'SIGTERM') {
    if (this.process.exitCode === null && this.process.signalCode === null) {
      const ended = once(this.process, 'exit');
      this.process.kill(signal);
      await ended;
    }
  }

  // What the journey left behind is sound.
  async end() {
    await this.stop();
    this.command('doctor');
    rmSync(this.data, { recursive: true, force: true });
  }

  // Runs another command of the binary on the same data.
  command(...args) {
    const { input, rest } = typeof args.at(-1) === 'object' ? { ...args.pop(), rest: args } : { rest: args };
    const done = spawnSync(process.env.PMS_BIN, [...rest, '--data', this.data], { input, encoding: 'utf8' });
    if (done.status !== 0) throw new Error(`pms ${rest.join(' ')}: ${done.stderr}`);
    return done.stdout;
  }

  // The first account, made on the command line.
  addPerson(username, role = 'Administrator') {
    this.command(
      'user', 'create', '--username', username, '--email', `${username}@example.org`, '--role', role,
      '--password-stdin', { input: `${PASSWORD}\n` },
    );
  }
}
