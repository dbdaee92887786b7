DELETE FROM role_permission WHERE permission IN ('announcement.manage', 'project.announce');
DROP TABLE announcement;
DROP TABLE notification_rhythm;
DROP TABLE notification_choice;
DROP TABLE notification;
DELETE FROM counter WHERE name = 'notified';
ALTER TABLE activity DROP COLUMN tells;
