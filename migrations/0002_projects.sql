-- Projects, their members and boards, tasks, comments, history.

-- `lifecycle`: 0 active, 1 archived, 2 deleted. Days that are not set are '9999-12-31', so that an index sorts them last.
CREATE TABLE project (
  id BINARY(16) NOT NULL,
  project_key VARCHAR(16) NOT NULL,
  name VARCHAR(191) NOT NULL,
  search_text VARCHAR(400) NOT NULL,
  description MEDIUMTEXT NOT NULL,
  status VARCHAR(16) NOT NULL,
  lifecycle SMALLINT NOT NULL,
  colour VARCHAR(16) NOT NULL,
  owner_id BINARY(16),
  start_on CHAR(10) NOT NULL,
  due_on CHAR(10) NOT NULL,
  next_number BIGINT NOT NULL,
  open_count BIGINT NOT NULL,
  done_count BIGINT NOT NULL,
  member_count BIGINT NOT NULL,
  deleted_at BIGINT,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  version BIGINT NOT NULL,
  CONSTRAINT project_pk PRIMARY KEY (id),
  CONSTRAINT project_key UNIQUE (project_key),
  CONSTRAINT project_owner FOREIGN KEY (owner_id) REFERENCES person (id)
);

CREATE INDEX project_by_update ON project (lifecycle, updated_at, id);

CREATE TABLE project_team (
  project_id BINARY(16) NOT NULL,
  team_id BINARY(16) NOT NULL,
  role_id BINARY(16) NOT NULL,
  added_at BIGINT NOT NULL,
  CONSTRAINT project_team_pk PRIMARY KEY (project_id, team_id),
  CONSTRAINT project_team_project FOREIGN KEY (project_id) REFERENCES project (id) ON DELETE CASCADE,
  CONSTRAINT project_team_team FOREIGN KEY (team_id) REFERENCES team (id) ON DELETE CASCADE,
  CONSTRAINT project_team_role FOREIGN KEY (role_id) REFERENCES role (id)
);

CREATE INDEX project_team_by_team ON project_team (team_id, project_id);

-- Everyone with access, a row for each way in: `team_id` is the team that brings them, or sixteen zero bytes for a
-- direct member. The rows of teams follow project_team and team_member in the same transaction.
CREATE TABLE project_member (
  project_id BINARY(16) NOT NULL,
  user_id BINARY(16) NOT NULL,
  team_id BINARY(16) NOT NULL,
  role_id BINARY(16) NOT NULL,
  added_at BIGINT NOT NULL,
  CONSTRAINT project_member_pk PRIMARY KEY (project_id, user_id, team_id),
  CONSTRAINT project_member_project FOREIGN KEY (project_id) REFERENCES project (id) ON DELETE CASCADE,
  CONSTRAINT project_member_user FOREIGN KEY (user_id) REFERENCES person (id),
  CONSTRAINT project_member_role FOREIGN KEY (role_id) REFERENCES role (id)
);

CREATE INDEX project_member_by_user ON project_member (user_id, project_id, role_id);

CREATE INDEX project_member_by_team ON project_member (team_id, project_id);

CREATE TABLE board_column (
  id BINARY(16) NOT NULL,
  project_id BINARY(16) NOT NULL,
  name VARCHAR(191) NOT NULL,
  name_key VARCHAR(191) NOT NULL,
  category VARCHAR(16) NOT NULL,
  position BIGINT NOT NULL,
  task_count BIGINT NOT NULL,
  version BIGINT NOT NULL,
  CONSTRAINT board_column_pk PRIMARY KEY (id),
  CONSTRAINT board_column_name UNIQUE (project_id, name_key),
  CONSTRAINT board_column_project FOREIGN KEY (project_id) REFERENCES project (id) ON DELETE CASCADE
);

CREATE TABLE label (
  id BINARY(16) NOT NULL,
  project_id BINARY(16) NOT NULL,
  name VARCHAR(191) NOT NULL,
  name_key VARCHAR(191) NOT NULL,
  colour VARCHAR(16) NOT NULL,
  version BIGINT NOT NULL,
  CONSTRAINT label_pk PRIMARY KEY (id),
  CONSTRAINT label_name UNIQUE (project_id, name_key),
  CONSTRAINT label_project FOREIGN KEY (project_id) REFERENCES project (id) ON DELETE CASCADE
);

-- `category` repeats the column's, so that lists filter without a join; `search_id` (from the id's random bits) is the
-- integer that SQLite's full text index needs; `source_key` names the line of a checklist that it was imported from.
CREATE TABLE task (
  id BINARY(16) NOT NULL,
  search_id BIGINT NOT NULL,
  project_id BINARY(16) NOT NULL,
  number BIGINT NOT NULL,
  title VARCHAR(800) NOT NULL,
  description MEDIUMTEXT NOT NULL,
  column_id BINARY(16) NOT NULL,
  category VARCHAR(16) NOT NULL,
  card_rank VARCHAR(64) NOT NULL,
  priority SMALLINT NOT NULL,
  start_on CHAR(10) NOT NULL,
  due_on CHAR(10) NOT NULL,
  estimate_minutes BIGINT,
  parent_id BINARY(16),
  creator_id BINARY(16),
  child_count BIGINT NOT NULL,
  child_done_count BIGINT NOT NULL,
  comment_count BIGINT NOT NULL,
  lifecycle SMALLINT NOT NULL,
  source_key VARCHAR(64),
  completed_at BIGINT,
  deleted_at BIGINT,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  version BIGINT NOT NULL,
  CONSTRAINT task_pk PRIMARY KEY (id),
  CONSTRAINT task_number UNIQUE (project_id, number),
  CONSTRAINT task_search_id UNIQUE (search_id),
  CONSTRAINT task_source UNIQUE (project_id, source_key),
  CONSTRAINT task_project FOREIGN KEY (project_id) REFERENCES project (id) ON DELETE CASCADE,
  CONSTRAINT task_column FOREIGN KEY (column_id) REFERENCES board_column (id),
  CONSTRAINT task_parent FOREIGN KEY (parent_id) REFERENCES task (id),
  CONSTRAINT task_creator FOREIGN KEY (creator_id) REFERENCES person (id)
);

CREATE INDEX task_on_board ON task (column_id, lifecycle, card_rank, id);

CREATE INDEX task_by_number ON task (project_id, lifecycle, number);

CREATE INDEX task_by_update ON task (project_id, lifecycle, updated_at, id);

CREATE INDEX task_by_due ON task (project_id, lifecycle, due_on, id);

CREATE INDEX task_by_priority ON task (project_id, lifecycle, priority, id);

CREATE INDEX task_by_parent ON task (parent_id, lifecycle);

CREATE INDEX task_resting ON task (lifecycle, deleted_at);

CREATE TABLE task_assignee (
  task_id BINARY(16) NOT NULL,
  user_id BINARY(16) NOT NULL,
  CONSTRAINT task_assignee_pk PRIMARY KEY (task_id, user_id),
  CONSTRAINT task_assignee_task FOREIGN KEY (task_id) REFERENCES task (id) ON DELETE CASCADE,
  CONSTRAINT task_assignee_user FOREIGN KEY (user_id) REFERENCES person (id)
);

CREATE INDEX task_assignee_by_user ON task_assignee (user_id, task_id);

CREATE TABLE task_label (
  task_id BINARY(16) NOT NULL,
  label_id BINARY(16) NOT NULL,
  CONSTRAINT task_label_pk PRIMARY KEY (task_id, label_id),
  CONSTRAINT task_label_task FOREIGN KEY (task_id) REFERENCES task (id) ON DELETE CASCADE,
  CONSTRAINT task_label_label FOREIGN KEY (label_id) REFERENCES label (id) ON DELETE CASCADE
);

CREATE INDEX task_label_by_label ON task_label (label_id, task_id);

CREATE TABLE task_watcher (
  task_id BINARY(16) NOT NULL,
  user_id BINARY(16) NOT NULL,
  CONSTRAINT task_watcher_pk PRIMARY KEY (task_id, user_id),
  CONSTRAINT task_watcher_task FOREIGN KEY (task_id) REFERENCES task (id) ON DELETE CASCADE,
  CONSTRAINT task_watcher_user FOREIGN KEY (user_id) REFERENCES person (id)
);

CREATE INDEX task_watcher_by_user ON task_watcher (user_id, task_id);

CREATE TABLE comment (
  id BINARY(16) NOT NULL,
  task_id BINARY(16) NOT NULL,
  author_id BINARY(16),
  body MEDIUMTEXT NOT NULL,
  created_at BIGINT NOT NULL,
  edited_at BIGINT,
  version BIGINT NOT NULL,
  CONSTRAINT comment_pk PRIMARY KEY (id),
  CONSTRAINT comment_task FOREIGN KEY (task_id) REFERENCES task (id) ON DELETE CASCADE,
  CONSTRAINT comment_author FOREIGN KEY (author_id) REFERENCES person (id)
);

CREATE INDEX comment_on_task ON comment (task_id, created_at, id);

-- The history. No foreign keys to what it tells of: it outlives it.
CREATE TABLE activity (
  seq BIGINT NOT NULL,
  id BINARY(16) NOT NULL,
  at BIGINT NOT NULL,
  actor_id BINARY(16),
  project_id BINARY(16),
  task_id BINARY(16),
  action VARCHAR(64) NOT NULL,
  subject VARCHAR(1000) NOT NULL,
  changes MEDIUMTEXT NOT NULL,
  CONSTRAINT activity_pk PRIMARY KEY (seq)
);

CREATE INDEX activity_of_project ON activity (project_id, seq);

CREATE INDEX activity_of_task ON activity (task_id, seq);

CREATE INDEX activity_of_actor ON activity (actor_id, seq);

-- What has to leave the database after the commit; taken from here in order and then removed.
CREATE TABLE outbox (
  seq BIGINT NOT NULL,
  topic VARCHAR(64) NOT NULL,
  payload MEDIUMTEXT NOT NULL,
  at BIGINT NOT NULL,
  CONSTRAINT outbox_pk PRIMARY KEY (seq)
);
