DROP INDEX task_by_priority_everywhere ON task;
DROP INDEX task_by_due_everywhere ON task;
