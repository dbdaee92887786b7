-- By which notifications of a project go with it, a piece at a time.
CREATE INDEX notification_of_project ON notification (project_id);
