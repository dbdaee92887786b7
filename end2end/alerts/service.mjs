// A service that plays what the alerts of the browser talk to: pages in the product's frame, under its policy and with its
// style, and the few addresses of the API that they ask. So these tests need no build of PMS.
import { createServer } from 'node:http';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { randomBytes, randomUUID } from 'node:crypto';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const KINDS = { '.js': 'text/javascript; charset=utf-8', '.svg': 'image/svg+xml', '.png': 'image/png' };
export const PERSON = '01990000-0000-7000-8000-000000000001';

// 65 bytes of a point, as a server's key is.
const KEY = Buffer.from([4, ...new Array(64).fill(7)]).toString('base64url');

// An alert of `GET /api/v1/me/alerts`.
export function alertOf(name, more = {}) {
  const key = name.slice(0, 3).toUpperCase();
  return {
    id: randomUUID(),
    episode_id: randomUUID(),
    project: { id: randomUUID(), key, name, colour: 'blue' },
    reason: 'The lamp is out',
    raised_by: { id: randomUUID(), username: 'mara', display_name: 'mia' },
    why: 'member',
    since: new Date(Date.now() - 5 * 60_000).toISOString(),
    rounds: 1,
    next_at: null,
    ...more,
  };
}

export class Service {
  constructor() {
    // What rings, and what the service answers otherwise.
    this.alerts = [];
    this.signedIn = true;
    this.feature = 'on';
    this.refusal = null;
    this.pushRefused = false;
    this.linkRefused = false;
    // Whether pages have a stream of events, and how often its script is not found.
    this.live = false;
    this.lost = 0;
    this.streams = new Set();
    // What was asked, and what was written.
    this.asked = [];
    this.acknowledged = [];
    this.reports = [];
  }

  async start(port = 0) {
    this.server = createServer((request, response) => this.answer(request, response));
    this.server.listen(port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = this.server.address().port;
    this.url = `http://127.0.0.1:${this.port}`;
    return this;
  }

  // What the streams say.
  tell(name, data = {}) {
    for (const stream of this.streams) stream.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  // Leaves acknowledgements without an answer until what it gives is called.
  holdBack() {
    let answer;
    this.held = new Promise((resolve) => (answer = resolve));
    return answer;
  }

  async stop() {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  async answer(request, response) {
    const { pathname } = new URL(request.url, this.url);
    const line = `${request.method} ${pathname}`;
    this.asked.push(line);
    let text = '';
    for await (const part of request) text += part;
    const json = (status, body) => send(response, status, 'application/json', body === undefined ? '' : JSON.stringify(body));
    if (pathname.startsWith('/api/') && !this.signedIn) return json(401, { title: 'Sign in first.', status: 401 });
    if (line === 'GET /api/v1/me/alerts') return json(200, { items: this.alerts });
    if (line === 'GET /api/v1/account') return json(200, {});
    if (line === 'GET /api/v1/events') return this.stream(response);
    if (line === 'GET /live-worker.js' && this.lost > 0) {
      this.lost -= 1;
      return send(response, 503, KINDS['.js'], '');
    }
    if (line === 'GET /api/v1/push/key') return json(200, { key: KEY });
    const alert = /^POST \/api\/v1\/alerts\/([^/]+)\/acknowledge$/.exec(line)?.[1];
    if (alert) {
      await this.held;
      return this.acknowledge(alert, JSON.parse(text), json);
    }
    if (line === 'POST /fn/urgent/acknowledge-linked') {
      if (this.linkRefused || text !== 'token=signed') return json(404, {});
      return this.acknowledge(this.alerts[0].id, { via: 'link' }, json);
    }
    const device = /^(PUT|DELETE) \/api\/v1\/me\/devices\/([^/]+)$/.exec(line);
    if (device) {
      if (this.pushRefused && text.includes('endpoint')) {
        const errors = [{ field: 'push.endpoint', code: 'not_allowed', message: 'PMS does not know this push service.' }];
        return json(422, { status: 422, detail: 'Something is wrong.', errors });
      }
      this.reports.push({ method: device[1], id: device[2], ...(text ? JSON.parse(text) : {}) });
      return device[1] === 'PUT' ? json(200, {}) : json(204);
    }
    if (line === 'POST /fn/session/sign-out') {
      this.signedIn = false;
      response.writeHead(303, { location: '/sign-in' });
      return response.end();
    }
    if (line === 'GET /pms.css') return send(response, 200, 'text/css; charset=utf-8', style());
    if (extname(pathname)) return file(response, pathname);
    this.page(response, pathname);
  }

  stream(response) {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
    this.streams.add(response);
    response.on('close', () => this.streams.delete(response));
    response.write('event: ready\ndata: {}\n\n');
  }

  acknowledge(id, body, json) {
    if (this.refusal) return json(this.refusal.status, this.refusal);
    this.acknowledged.push({ id, ...body });
    this.alerts = this.alerts.filter((alert) => alert.id !== id);
    return json(200, { id, state: 'acknowledged' });
  }

  // As app/src/shell.rs and features/frame.rs write it.
  page(response, path) {
    const nonce = randomBytes(16).toString('base64');
    const script =
      path === '/sign-in'
        ? ''
        : `<meta name="pms-person" content="${PERSON}"><meta name="pms-urgent" content="${this.feature}">
           ${this.live ? `<meta name="pms-live" content="1.1" data-user="${PERSON}" data-build="1"><script src="/live.js" defer></script>` : ''}
           <script type="module" src="/alerts/0123456789abcdef/alerts.js"></script>`;
    const html = `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Harbour · PMS</title>
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <link rel="icon" href="/icon.svg" type="image/svg+xml"><link rel="stylesheet" href="/pms.css">${script}</head>
      <body><div class="shell"><nav class="shell-sidebar" id="sidebar" popover="auto"><a class="nav-item" href="/projects">Projects</a></nav>
      <div class="shell-page"><main id="main" class="shell-main" tabindex="-1"><div class="page">
        <h1>Harbour</h1>
        <label for="text">Comment</label><textarea class="input" id="text"></textarea>
        <p>The page at ${path}.</p>
        <div data-arm-device></div>
        <form method="post" action="/fn/session/sign-out"><button class="button">Sign out</button></form>
      </div></main><section class="alert-strip" id="alert-strip" aria-label="Urgent alerts"></section></div>
      </div></body></html>`;
    response.setHeader(
      'content-security-policy',
      `default-src 'none'; script-src 'self' 'nonce-${nonce}' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; ` +
        "connect-src 'self'; font-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; " +
        "base-uri 'none'; frame-ancestors 'none'",
    );
    send(response, 200, 'text/html; charset=utf-8', html);
  }
}

function file(response, path) {
  const name = path.replace(/^\/alerts\/[0-9a-f]+\//, '/alerts/');
  try {
    const content = readFileSync(join(ROOT, 'public', name));
    if (name.endsWith('.js')) {
      response.setHeader(
        'content-security-policy',
        "default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self'",
      );
    }
    send(response, 200, KINDS[extname(name)], content);
  } catch {
    send(response, 404, 'text/plain', '');
  }
}

function send(response, status, kind, content) {
  response.writeHead(status, { 'content-type': kind, 'cache-control': 'no-cache', 'x-content-type-options': 'nosniff' });
  response.end(content);
}

function style() {
  const folder = join(ROOT, 'style');
  const main = readFileSync(join(folder, 'main.css'), 'utf8');
  return main.replaceAll(/@import "(.*)";/g, (_, name) => readFileSync(join(folder, name), 'utf8'));
}
