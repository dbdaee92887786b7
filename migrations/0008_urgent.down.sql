DELETE FROM setting WHERE name = 'urgent_policy';
DELETE FROM role_permission WHERE permission IN ('urgent.raise', 'urgent.resolve', 'urgent.policy', 'urgent.suspend');
DROP TABLE urgent_policy;
DROP TABLE alert;
DROP TABLE episode;
ALTER TABLE project DROP COLUMN urgent_at;
