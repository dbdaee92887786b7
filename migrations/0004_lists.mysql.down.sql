DROP INDEX task_by_number_everywhere ON task;
DROP INDEX task_by_update_everywhere ON task;
