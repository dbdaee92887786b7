-- Lists of tasks across projects: by the day when they are due, and by priority.
CREATE INDEX task_by_due_everywhere ON task (lifecycle, due_on, id);

CREATE INDEX task_by_priority_everywhere ON task (lifecycle, priority, id);
