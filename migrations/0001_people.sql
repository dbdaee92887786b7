-- People, roles, teams, sessions, and the numbers that say whether anything changed.
-- Portable rules: docs/adr/0002-two-engines.md. Instants are microseconds, ids 16 bytes, days 'YYYY-MM-DD'.

CREATE TABLE counter (
  name VARCHAR(32) NOT NULL,
  value BIGINT NOT NULL,
  CONSTRAINT counter_pk PRIMARY KEY (name)
);

INSERT INTO counter (name, value) VALUES ('change', 0), ('access', 0);

CREATE TABLE setting (
  name VARCHAR(64) NOT NULL,
  value MEDIUMTEXT NOT NULL,
  CONSTRAINT setting_pk PRIMARY KEY (name)
);

CREATE TABLE role (
  id BINARY(16) NOT NULL,
  name VARCHAR(191) NOT NULL,
  name_key VARCHAR(191) NOT NULL,
  description VARCHAR(1000) NOT NULL,
  position BIGINT NOT NULL,
  version BIGINT NOT NULL,
  CONSTRAINT role_pk PRIMARY KEY (id),
  CONSTRAINT role_name_key UNIQUE (name_key)
);

CREATE TABLE role_permission (
  role_id BINARY(16) NOT NULL,
  permission VARCHAR(64) NOT NULL,
  CONSTRAINT role_permission_pk PRIMARY KEY (role_id, permission),
  CONSTRAINT role_permission_role FOREIGN KEY (role_id) REFERENCES role (id) ON DELETE CASCADE
);

CREATE TABLE person (
  id BINARY(16) NOT NULL,
  username VARCHAR(64) NOT NULL,
  username_key VARCHAR(64) NOT NULL,
  email VARCHAR(254) NOT NULL,
  email_key VARCHAR(254) NOT NULL,
  display_name VARCHAR(191) NOT NULL,
  search_text VARCHAR(600) NOT NULL,
  password_hash VARCHAR(255) NOT NULL,
  role_id BINARY(16) NOT NULL,
  status VARCHAR(16) NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  version BIGINT NOT NULL,
  CONSTRAINT person_pk PRIMARY KEY (id),
  CONSTRAINT person_username_key UNIQUE (username_key),
  CONSTRAINT person_email_key UNIQUE (email_key),
  CONSTRAINT person_role FOREIGN KEY (role_id) REFERENCES role (id)
);

-- `search_text` begins with the display name, so it also sorts people as they are read.
CREATE INDEX person_by_name ON person (search_text, id);

CREATE INDEX person_by_role ON person (role_id, status);

CREATE TABLE team (
  id BINARY(16) NOT NULL,
  name VARCHAR(191) NOT NULL,
  name_key VARCHAR(191) NOT NULL,
  description VARCHAR(1000) NOT NULL,
  lead_id BINARY(16),
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  version BIGINT NOT NULL,
  CONSTRAINT team_pk PRIMARY KEY (id),
  CONSTRAINT team_name_key UNIQUE (name_key),
  CONSTRAINT team_lead FOREIGN KEY (lead_id) REFERENCES person (id)
);

CREATE TABLE team_member (
  team_id BINARY(16) NOT NULL,
  user_id BINARY(16) NOT NULL,
  added_at BIGINT NOT NULL,
  CONSTRAINT team_member_pk PRIMARY KEY (team_id, user_id),
  CONSTRAINT team_member_team FOREIGN KEY (team_id) REFERENCES team (id) ON DELETE CASCADE,
  CONSTRAINT team_member_user FOREIGN KEY (user_id) REFERENCES person (id)
);

CREATE INDEX team_member_by_user ON team_member (user_id, team_id);

-- `secret_hash`: SHA-256 of what the cookie holds, so a stolen backup opens no session. `expires_at` moves on with
-- `seen_at` up to the absolute end; `renew_due` asks the next request to change the secret (a role was changed).
CREATE TABLE session (
  id BINARY(16) NOT NULL,
  secret_hash BINARY(32) NOT NULL,
  user_id BINARY(16) NOT NULL,
  user_agent VARCHAR(300) NOT NULL,
  address VARCHAR(64) NOT NULL,
  renew_due BOOLEAN NOT NULL,
  created_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  CONSTRAINT session_pk PRIMARY KEY (id),
  CONSTRAINT session_secret UNIQUE (secret_hash),
  CONSTRAINT session_user FOREIGN KEY (user_id) REFERENCES person (id) ON DELETE CASCADE
);

CREATE INDEX session_by_user ON session (user_id, seen_at);

CREATE INDEX session_by_end ON session (expires_at);

-- A token with a session ends with it; the others are API tokens that people make.
CREATE TABLE token (
  id BINARY(16) NOT NULL,
  user_id BINARY(16) NOT NULL,
  session_id BINARY(16),
  name VARCHAR(191) NOT NULL,
  secret_hash BINARY(32) NOT NULL,
  read_only BOOLEAN NOT NULL,
  created_at BIGINT NOT NULL,
  used_at BIGINT,
  expires_at BIGINT NOT NULL,
  CONSTRAINT token_pk PRIMARY KEY (id),
  CONSTRAINT token_secret UNIQUE (secret_hash),
  CONSTRAINT token_user FOREIGN KEY (user_id) REFERENCES person (id) ON DELETE CASCADE,
  CONSTRAINT token_session FOREIGN KEY (session_id) REFERENCES session (id) ON DELETE CASCADE
);

CREATE INDEX token_by_user ON token (user_id, created_at);

CREATE INDEX token_by_session ON token (session_id);

-- One row for each failed try of a password: `subject` is the SHA-256 of an account's key or of an address.
CREATE TABLE sign_in_attempt (
  id BINARY(16) NOT NULL,
  subject BINARY(32) NOT NULL,
  at BIGINT NOT NULL,
  CONSTRAINT sign_in_attempt_pk PRIMARY KEY (id)
);

CREATE INDEX sign_in_attempt_by_subject ON sign_in_attempt (subject, at);

CREATE INDEX sign_in_attempt_by_time ON sign_in_attempt (at);

-- Security-relevant acts: ids only, so that nothing has to be blacked out later.
CREATE TABLE audit (
  id BINARY(16) NOT NULL,
  at BIGINT NOT NULL,
  actor_id BINARY(16),
  action VARCHAR(64) NOT NULL,
  target_kind VARCHAR(32) NOT NULL,
  target_id BINARY(16),
  outcome VARCHAR(16) NOT NULL,
  address VARCHAR(64) NOT NULL,
  request_id VARCHAR(64) NOT NULL,
  CONSTRAINT audit_pk PRIMARY KEY (id)
);

CREATE INDEX audit_by_time ON audit (at, id);

-- The answer of a write that may be sent again; `request_hash` tells a repeat from another request. `status` is 0
-- while the first one still runs.
CREATE TABLE idempotency (
  user_id BINARY(16) NOT NULL,
  request_key VARCHAR(191) NOT NULL,
  request_hash BINARY(32) NOT NULL,
  status BIGINT NOT NULL,
  headers MEDIUMTEXT NOT NULL,
  body MEDIUMTEXT NOT NULL,
  created_at BIGINT NOT NULL,
  CONSTRAINT idempotency_pk PRIMARY KEY (user_id, request_key)
);

CREATE INDEX idempotency_by_time ON idempotency (created_at);
