-- A person's browsers, and what each can do to reach them. The browser makes the id, so it counts only together with the
-- person: whoever signs in there next has a row of their own. `session_id` is the session that reported last, whose end
-- by hand takes the device with it. `endpoint_hash` is the SHA-256 of the endpoint, which is too long for an index.
CREATE TABLE device (
  user_id BINARY(16) NOT NULL,
  id BINARY(16) NOT NULL,
  session_id BINARY(16),
  name VARCHAR(191) NOT NULL,
  sound VARCHAR(16) NOT NULL,
  permission VARCHAR(16) NOT NULL,
  endpoint VARCHAR(1000),
  endpoint_hash BINARY(32),
  p256dh VARCHAR(100),
  auth VARCHAR(50),
  created_at BIGINT NOT NULL,
  last_seen_at BIGINT NOT NULL,
  last_test_at BIGINT,
  CONSTRAINT device_pk PRIMARY KEY (user_id, id),
  CONSTRAINT device_user FOREIGN KEY (user_id) REFERENCES person (id) ON DELETE CASCADE
);

CREATE INDEX device_by_session ON device (session_id);

CREATE INDEX device_by_endpoint ON device (endpoint_hash);

-- What has to reach people outside the pages: a row for each recipient and way, kept with what became of it. `due_at` is
-- when somebody may take it next: its time, or, while it is being sent, the end of the lease of `claimed_by`; it is empty
-- once the row has ended. `message` is emptied then, too.
CREATE TABLE delivery (
  id BINARY(16) NOT NULL,
  user_id BINARY(16),
  channel VARCHAR(16) NOT NULL,
  urgent BOOLEAN NOT NULL,
  device_id BINARY(16),
  url VARCHAR(1000),
  reference BINARY(16),
  project_id BINARY(16),
  reason VARCHAR(64) NOT NULL,
  message MEDIUMTEXT NOT NULL,
  state VARCHAR(16) NOT NULL,
  attempts BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  due_at BIGINT,
  not_after BIGINT NOT NULL,
  ended_at BIGINT,
  claimed_by BINARY(16),
  last_error VARCHAR(300),
  CONSTRAINT delivery_pk PRIMARY KEY (id),
  CONSTRAINT delivery_user FOREIGN KEY (user_id) REFERENCES person (id) ON DELETE CASCADE
);

CREATE INDEX delivery_due ON delivery (channel, urgent, due_at);

CREATE INDEX delivery_by_reference ON delivery (reference);

CREATE INDEX delivery_by_user ON delivery (user_id, created_at);

CREATE INDEX delivery_ended ON delivery (ended_at);
