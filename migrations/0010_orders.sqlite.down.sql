DROP INDEX task_by_priority_everywhere;
DROP INDEX task_by_due_everywhere;
