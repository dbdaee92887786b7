-- Urgent projects: an episode for each time that one is raised, an alert for each person in it.

-- Since when a project is urgent: a copy of its open episode, for lists.
ALTER TABLE project ADD COLUMN urgent_at BIGINT;

-- `state`: 0 open, 1 suspended, 2 resolved, 3 its project was put away. `open_project_id` is the project while the
-- episode goes on, so that no project has two. `rings`: false where it is only a label. `answered`: one
-- acknowledgement was enough and is there. `hasten`: the next step does not wait, because
-- somebody cannot be reached. `step` is the next of the policy to look at, due at `next_at` (or, while it
-- is suspended, the end of that); the largest number is never. `base_at` is the start of the steps' time, without the
-- time that it was suspended. `access_seen`: the access counter for which alerts fit to who is in the project.
CREATE TABLE episode (
  id BINARY(16) NOT NULL,
  project_id BINARY(16) NOT NULL,
  open_project_id BINARY(16),
  raised_by BINARY(16),
  reason VARCHAR(2000) NOT NULL,
  raised_at BIGINT NOT NULL,
  rings BOOLEAN NOT NULL,
  answered BOOLEAN NOT NULL,
  hasten BOOLEAN NOT NULL,
  policy MEDIUMTEXT NOT NULL,
  state SMALLINT NOT NULL,
  base_at BIGINT NOT NULL,
  step SMALLINT NOT NULL,
  next_at BIGINT NOT NULL,
  access_seen BIGINT NOT NULL,
  suspended_at BIGINT,
  ended_at BIGINT,
  ended_by BINARY(16),
  note VARCHAR(2000) NOT NULL,
  version BIGINT NOT NULL,
  CONSTRAINT episode_pk PRIMARY KEY (id),
  CONSTRAINT episode_open UNIQUE (open_project_id),
  CONSTRAINT episode_project FOREIGN KEY (project_id) REFERENCES project (id) ON DELETE CASCADE
);

CREATE INDEX episode_due ON episode (state, next_at);

CREATE INDEX episode_of_project ON episode (project_id, raised_at, id);

CREATE INDEX episode_by_time ON episode (raised_at, id);

-- `why`: 0 member, 1 watcher, 2 escalation. `step`: the step of the policy that alerted them, -1 for members and
-- watchers. `state`: 0 ringing, 1 acknowledged, 2 ended, 3 left the project. `hurried`: nothing is waited
-- for, because only e-mail reaches them, or a step named them while their alert rang. `last_at`: when it rang last, or
-- since when it has not. `next_at`: when it rings next; the largest number is never.
CREATE TABLE alert (
  id BINARY(16) NOT NULL,
  episode_id BINARY(16) NOT NULL,
  user_id BINARY(16) NOT NULL,
  why SMALLINT NOT NULL,
  step SMALLINT NOT NULL,
  state SMALLINT NOT NULL,
  hurried BOOLEAN NOT NULL,
  since BIGINT NOT NULL,
  rounds BIGINT NOT NULL,
  last_at BIGINT NOT NULL,
  next_at BIGINT NOT NULL,
  mailed_at BIGINT NOT NULL,
  acked_at BIGINT,
  ack_received_at BIGINT,
  ack_via SMALLINT,
  ack_note VARCHAR(2000) NOT NULL,
  ack_device_id BINARY(16),
  ack_address VARCHAR(64) NOT NULL,
  CONSTRAINT alert_pk PRIMARY KEY (id),
  CONSTRAINT alert_person UNIQUE (episode_id, user_id),
  CONSTRAINT alert_episode FOREIGN KEY (episode_id) REFERENCES episode (id) ON DELETE CASCADE,
  CONSTRAINT alert_user FOREIGN KEY (user_id) REFERENCES person (id)
);

CREATE INDEX alert_of_episode ON alert (episode_id, state, since);

CREATE INDEX alert_due ON alert (next_at, id);

CREATE INDEX alert_by_last ON alert (last_at);

CREATE INDEX alert_by_user ON alert (user_id, state);

-- Policies of projects that have their own; the workspace's is a setting.
CREATE TABLE urgent_policy (
  project_id BINARY(16) NOT NULL,
  policy MEDIUMTEXT NOT NULL,
  version BIGINT NOT NULL,
  CONSTRAINT urgent_policy_pk PRIMARY KEY (project_id),
  CONSTRAINT urgent_policy_project FOREIGN KEY (project_id) REFERENCES project (id) ON DELETE CASCADE
);

-- Whoever runs a project may raise and resolve, whoever manages the workspace may suspend.
INSERT INTO role_permission (role_id, permission)
SELECT role_id, 'urgent.raise' FROM role_permission WHERE permission = 'project.update';

INSERT INTO role_permission (role_id, permission)
SELECT role_id, 'urgent.resolve' FROM role_permission WHERE permission = 'project.update';

INSERT INTO role_permission (role_id, permission)
SELECT role_id, 'urgent.policy' FROM role_permission WHERE permission = 'project.update';

INSERT INTO role_permission (role_id, permission)
SELECT role_id, 'urgent.suspend' FROM role_permission WHERE permission = 'workspace.manage';

UPDATE counter SET value = value + 1 WHERE name = 'access';
