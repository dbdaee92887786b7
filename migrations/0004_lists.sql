-- Lists of tasks across projects: by latest change, and in the order in which they were made.
CREATE INDEX task_by_update_everywhere ON task (lifecycle, updated_at, id);

CREATE INDEX task_by_number_everywhere ON task (lifecycle, number, id);
