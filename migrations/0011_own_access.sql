-- Grows when this person makes a project, which changes nobody else's permissions; the counter `access` tells of all others.
ALTER TABLE person ADD COLUMN access BIGINT NOT NULL DEFAULT 0;
