DROP TRIGGER task_text_insert;
DROP TRIGGER task_text_update;
DROP TRIGGER task_text_delete;
DROP TABLE task_text;
