// The load script of the readiness list for k6, with one step more: a task in the project that was created. Its pauses are
// divided so that a round takes as long as there.
//
//   k6 run -e URL=http://127.0.0.1:3000 -e FACTOR=0.1 load/k6.js
//
// README.md tells how to prepare a PMS for it.
import { check, sleep } from 'k6';
import http from 'k6/http';

const URL = __ENV.URL || 'http://127.0.0.1:3000';
// A file with the names of those who sign in, one in a line; the path is absolute, or k6 looks for it beside this file.
const PEOPLE = __ENV.LOAD_PEOPLE ? open(__ENV.LOAD_PEOPLE).trim().split('\n') : ['admin'];
const PASSWORD = __ENV.LOAD_PASSWORD || 'correct horse battery';
const FACTOR = Number(__ENV.FACTOR || 1);

const minutes = (count) => `${Math.max(1, Math.round(count * 60 * FACTOR))}s`;

export const options = {
  stages: [
    { duration: minutes(2), target: 100 },
    { duration: minutes(5), target: 100 },
    { duration: minutes(2), target: 200 },
    { duration: minutes(5), target: 200 },
    { duration: minutes(2), target: 0 },
  ],
  thresholds: {
    http_req_duration: ['p(95)<500', 'p(99)<1000'],
    http_req_failed: ['rate<0.005'],
    checks: ['rate>0.995'],
    // Without a limit that could be missed: so that the summary tells each step by itself.
    'http_req_duration{name:sign-in}': ['p(95)>=0'],
    'http_req_duration{name:list-projects}': ['p(95)>=0'],
    'http_req_duration{name:create-project}': ['p(95)>=0'],
    'http_req_duration{name:create-task}': ['p(95)>=0'],
  },
  summaryTrendStats: ['med', 'p(95)', 'p(99)', 'max', 'count'],
};

const named = (name, headers = {}) => ({ headers, tags: { name } });

// k6 empties a person's cookie jar before each round.
export default function round() {
  const signedIn = http.post(
    `${URL}/api/auth/signin`,
    { username: PEOPLE[(__VU - 1) % PEOPLE.length], password: PASSWORD },
    named('sign-in'),
  );
  check(signedIn, { 'sign in succeeds': (answer) => answer.status === 200 });
  sleep(1);

  const listed = http.get(
    `${URL}/api/projects`,
    named('list-projects', { Authorization: `Bearer ${signedIn.body}` }),
  );
  check(listed, { 'list projects succeeds': (answer) => answer.status === 200 });
  sleep(1);

  // By the cookie of the sign-in, as the readiness list has it.
  const project = http.post(
    `${URL}/api/projects`,
    { name: `Project ${Date.now()}`, description: 'Test' },
    named('create-project'),
  );
  check(project, { 'create project succeeds': (answer) => answer.status === 201 });
  sleep(1);

  const task = http.post(
    `${URL}/api/v1/tasks`,
    JSON.stringify({ project: project.status === 201 ? project.json('key') : '', title: `Task ${Date.now()}` }),
    named('create-task', { 'Content-Type': 'application/json' }),
  );
  check(task, { 'create task succeeds': (answer) => answer.status === 201 });
  sleep(2);
}
