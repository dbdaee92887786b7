-- Full text search of tasks: case and accents do not count in these two columns.
ALTER TABLE task
  MODIFY title VARCHAR(800) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci NOT NULL,
  MODIFY description MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci NOT NULL;

CREATE FULLTEXT INDEX task_text ON task (title, description);
