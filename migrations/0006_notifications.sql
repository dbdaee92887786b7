-- What people are told, and how they want it. Portable rules: docs/adr/0002-two-engines.md.

-- Ids that a row of the history tells to those who make notifications of it, as JSON; its words are for people.
ALTER TABLE activity ADD COLUMN tells MEDIUMTEXT;

-- Up to which number of the history notifications were made. What was done before there were any is nobody's news.
INSERT INTO counter (name, value) SELECT 'notified', c.value FROM counter c WHERE c.name = 'change';

-- One thing that one person is told. `cause` names what it is about, so that the same cause tells nobody twice.
-- `place`: 0 inbox, 1 archived, 2 only for e-mail. `unread` is true only in the inbox. `in_digest`: waits for the next
-- digest. `reasons` has a bit for each. No foreign keys: what it is about may be removed for good, and is then not shown.
CREATE TABLE notification (
  id BINARY(16) NOT NULL,
  user_id BINARY(16) NOT NULL,
  cause VARCHAR(100) NOT NULL,
  event VARCHAR(16) NOT NULL,
  reasons BIGINT NOT NULL,
  at BIGINT NOT NULL,
  actor_id BINARY(16),
  project_id BINARY(16),
  task_id BINARY(16),
  comment_id BINARY(16),
  announcement_id BINARY(16),
  subject VARCHAR(800) NOT NULL,
  detail VARCHAR(600) NOT NULL,
  place SMALLINT NOT NULL,
  unread BOOLEAN NOT NULL,
  archived_at BIGINT,
  acknowledged_at BIGINT,
  in_digest BOOLEAN NOT NULL,
  CONSTRAINT notification_pk PRIMARY KEY (id),
  CONSTRAINT notification_cause UNIQUE (user_id, cause)
);

CREATE INDEX notification_in_place ON notification (user_id, place, id);

CREATE INDEX notification_unread ON notification (user_id, unread, id);

CREATE INDEX notification_of_task ON notification (task_id, user_id);

CREATE INDEX notification_of_announcement ON notification (announcement_id, user_id);

CREATE INDEX notification_resting ON notification (place, archived_at);

CREATE INDEX notification_for_digest ON notification (user_id, in_digest, id);

-- A cell of somebody's matrix that differs from what is usual; `project_id` is sixteen zero bytes where it counts for
-- every project.
CREATE TABLE notification_choice (
  user_id BINARY(16) NOT NULL,
  project_id BINARY(16) NOT NULL,
  event VARCHAR(16) NOT NULL,
  channel VARCHAR(16) NOT NULL,
  wanted BOOLEAN NOT NULL,
  CONSTRAINT notification_choice_pk PRIMARY KEY (user_id, project_id, event, channel),
  CONSTRAINT notification_choice_user FOREIGN KEY (user_id) REFERENCES person (id)
);

-- When somebody is written to. Minutes are of their own day; `digest_due` is the next digest, or far away where there is
-- none.
CREATE TABLE notification_rhythm (
  user_id BINARY(16) NOT NULL,
  time_zone VARCHAR(64) NOT NULL,
  quiet_from SMALLINT,
  quiet_until SMALLINT,
  digest VARCHAR(16) NOT NULL,
  digest_hour SMALLINT NOT NULL,
  digest_weekday SMALLINT NOT NULL,
  digest_due BIGINT NOT NULL,
  version BIGINT NOT NULL,
  CONSTRAINT notification_rhythm_pk PRIMARY KEY (user_id),
  CONSTRAINT notification_rhythm_user FOREIGN KEY (user_id) REFERENCES person (id)
);

CREATE INDEX notification_rhythm_by_digest ON notification_rhythm (digest_due);

-- What somebody with the permission tells everybody, a team or a project. Who was told has a notification of it; both
-- counts are kept.
CREATE TABLE announcement (
  id BINARY(16) NOT NULL,
  author_id BINARY(16),
  team_id BINARY(16),
  project_id BINARY(16),
  title VARCHAR(800) NOT NULL,
  body MEDIUMTEXT NOT NULL,
  acknowledge BOOLEAN NOT NULL,
  told_count BIGINT NOT NULL,
  acknowledged_count BIGINT NOT NULL,
  withdrawn_at BIGINT,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  version BIGINT NOT NULL,
  CONSTRAINT announcement_pk PRIMARY KEY (id),
  CONSTRAINT announcement_author FOREIGN KEY (author_id) REFERENCES person (id),
  CONSTRAINT announcement_team FOREIGN KEY (team_id) REFERENCES team (id) ON DELETE CASCADE,
  CONSTRAINT announcement_project FOREIGN KEY (project_id) REFERENCES project (id) ON DELETE CASCADE
);

CREATE INDEX announcement_by_team ON announcement (team_id, id);

CREATE INDEX announcement_by_project ON announcement (project_id, id);

-- Whoever runs the workspace announces to everybody and to teams, whoever runs a project announces in it.
INSERT INTO role_permission (role_id, permission)
SELECT role_id, 'announcement.manage' FROM role_permission WHERE permission = 'workspace.manage';

INSERT INTO role_permission (role_id, permission)
SELECT role_id, 'project.announce' FROM role_permission WHERE permission = 'project.update';

UPDATE counter SET value = value + 1 WHERE name = 'access';
