-- Links between tasks. `kind`: 0 the source blocks the target, 1 the two belong together (the source has the lower id),
-- 2 the source duplicates the target.
CREATE TABLE dependency (
  source_id BINARY(16) NOT NULL,
  kind SMALLINT NOT NULL,
  target_id BINARY(16) NOT NULL,
  creator_id BINARY(16),
  created_at BIGINT NOT NULL,
  CONSTRAINT dependency_pk PRIMARY KEY (source_id, kind, target_id),
  CONSTRAINT dependency_source FOREIGN KEY (source_id) REFERENCES task (id) ON DELETE CASCADE,
  CONSTRAINT dependency_target FOREIGN KEY (target_id) REFERENCES task (id) ON DELETE CASCADE
);

CREATE INDEX dependency_by_target ON dependency (target_id, kind, source_id);

-- What a task waits for and holds up, kept in the transaction that changes it: open blockers, open tasks that wait.
ALTER TABLE task ADD COLUMN blocker_count BIGINT NOT NULL DEFAULT 0;

ALTER TABLE task ADD COLUMN waiting_count BIGINT NOT NULL DEFAULT 0;

-- Since when it is blocked; when its last blocker closed.
ALTER TABLE task ADD COLUMN blocked_since BIGINT;

ALTER TABLE task ADD COLUMN released_at BIGINT;

-- Where a blocked task stood before.
ALTER TABLE task ADD COLUMN held_column_id BINARY(16);

ALTER TABLE task ADD COLUMN held_rank VARCHAR(64);

-- Who unblocked it by hand, when and why.
ALTER TABLE task ADD COLUMN override_by BINARY(16);

ALTER TABLE task ADD COLUMN override_at BIGINT;

ALTER TABLE task ADD COLUMN override_reason VARCHAR(2000);

CREATE INDEX task_blocked ON task (lifecycle, blocked_since, project_id);

CREATE INDEX task_by_waiting ON task (project_id, lifecycle, waiting_count, id);

CREATE INDEX task_by_waiting_everywhere ON task (lifecycle, waiting_count, id);

-- Whoever changes tasks may link them, whoever runs a project may unblock by hand.
INSERT INTO role_permission (role_id, permission)
SELECT role_id, 'task.link' FROM role_permission WHERE permission = 'task.update';

INSERT INTO role_permission (role_id, permission)
SELECT role_id, 'task.unblock' FROM role_permission WHERE permission = 'project.update';

UPDATE counter SET value = value + 1 WHERE name = 'access';
