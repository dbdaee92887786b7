DROP INDEX task_by_number_everywhere;
DROP INDEX task_by_update_everywhere;
