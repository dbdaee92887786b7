//! Where tower-sessions keeps its records: in our session rows, by way of the services.

use crate::http::session::RECORD;
use async_trait::async_trait;
use domain::time::Timestamp;
use services::{
    Services,
    sessions::{self, NewSession, RequestContext},
};
use std::{collections::HashMap, fmt};
use time::OffsetDateTime;
use tower_sessions::{
    SessionStore,
    session::{Id, Record},
    session_store::{Error, Result},
};

/// Session records are rows of `session`. What a record holds never changes under one id: a sign-in and a renewal both
/// make a new id.
#[derive(Clone)]
pub struct DatabaseSessions {
    services: Services,
}

impl DatabaseSessions {
    /// Over these services.
    pub fn new(services: Services) -> Self {
        Self { services }
    }
}

impl fmt::Debug for DatabaseSessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DatabaseSessions")
    }
}

/// The cookie's id, as the services know it.
pub const fn key(id: Id) -> [u8; 16] {
    id.0.to_le_bytes()
}

#[async_trait]
impl SessionStore for DatabaseSessions {
    /// 128 random bits do not collide; if they did, the row's key would refuse.
    async fn create(&self, record: &mut Record) -> Result<()> {
        let session = content(record)?;
        sessions::open(&self.services, key(record.id), session).await.map_err(|error| backend(&error))
    }

    async fn save(&self, _record: &Record) -> Result<()> {
        // Written by `create`, and the same ever since. Writing again could bring back what was ended meanwhile.
        Ok(())
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let found = sessions::resolve(&self.services, key(*id), RequestContext::default()).await;
        let Some(session) = found.map_err(|error| backend(&error))?.and_then(|resolved| resolved.session)
        else {
            return Ok(None);
        };
        let end = end_of(session.created_at);
        let value = serde_json::to_value(session).map_err(|error| Error::Encode(error.to_string()))?;
        Ok(Some(Record { id: *id, data: HashMap::from([(RECORD.to_owned(), value)]), expiry_date: end }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        sessions::close(&self.services, key(*id)).await.map_err(|error| backend(&error))
    }
}

fn content(record: &Record) -> Result<NewSession> {
    let value = record.data.get(RECORD).cloned().unwrap_or_default();
    serde_json::from_value(value).map_err(|error| Error::Decode(error.to_string()))
}

fn end_of(created: Timestamp) -> OffsetDateTime {
    let micros = created.plus_seconds(domain::session::ABSOLUTE_SECONDS).micros();
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(micros) * 1000).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

fn backend(error: &domain::Error) -> Error {
    Error::Backend(error.to_string())
}
