DROP INDEX notification_of_project ON notification;
