-- Full text search of tasks. The index holds no text of its own: it reads the task's.
CREATE VIRTUAL TABLE task_text USING fts5 (
  title, description, content='task', content_rowid='search_id', tokenize='unicode61 remove_diacritics 2', prefix='2 3'
);

CREATE TRIGGER task_text_insert AFTER INSERT ON task BEGIN
  INSERT INTO task_text (rowid, title, description) VALUES (new.search_id, new.title, new.description);
END;

CREATE TRIGGER task_text_update AFTER UPDATE OF title, description ON task BEGIN
  INSERT INTO task_text (task_text, rowid, title, description)
  VALUES ('delete', old.search_id, old.title, old.description);
  INSERT INTO task_text (rowid, title, description) VALUES (new.search_id, new.title, new.description);
END;

CREATE TRIGGER task_text_delete AFTER DELETE ON task BEGIN
  INSERT INTO task_text (task_text, rowid, title, description)
  VALUES ('delete', old.search_id, old.title, old.description);
END;
