//! Where servers hear each other and count requests together.

use redis::Client;
use std::fmt;

/// One Redis, or nodes of one cluster (not a replica of a single one: what is said there its master does not hear), and what
/// PMS's names there begin with.
#[derive(Clone)]
pub struct Redis {
    /// Any of them will do; at least one.
    pub nodes: Vec<Client>,
    /// Several installations may use one Redis, each with its own.
    pub prefix: String,
}

impl Redis {
    /// From `redis://[user:password@]host:port`, or `rediss://` with TLS; of a cluster several, with commas between.
    /// `None` if none is given.
    ///
    /// # Errors
    /// With a sentence that does not repeat passwords.
    pub fn of(urls: Option<&str>, prefix: Option<&str>) -> Result<Option<Self>, String> {
        let prefix = prefix.unwrap_or("pms");
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_:".contains(c);
        if prefix.is_empty() || prefix.len() > 40 || !prefix.chars().all(plain) {
            return Err("PMS_REDIS_PREFIX is 1 to 40 letters, digits and - _ :".to_owned());
        }
        let urls = urls.unwrap_or_default().split(',').map(str::trim).filter(|url| !url.is_empty());
        let open = |(at, url)| {
            Client::open(url).map_err(|_| {
                format!("Address {} of PMS_REDIS_URL is not like redis://user:password@host:6379", at + 1)
            })
        };
        let nodes = urls.enumerate().map(open).collect::<Result<Vec<_>, _>>()?;
        Ok((!nodes.is_empty()).then(|| Self { nodes, prefix: prefix.to_owned() }))
    }
}

/// Without passwords.
impl fmt::Debug for Redis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nodes: Vec<String> =
            self.nodes.iter().map(|node| node.get_connection_info().addr().to_string()).collect();
        f.debug_struct("Redis").field("nodes", &nodes).field("prefix", &self.prefix).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_are_read_and_passwords_never_shown() {
        let urls = "redis://pms:wave9@10.0.0.1:6379, rediss://10.0.0.2:6380";
        let redis = Redis::of(Some(urls), None).expect("read").expect("some");
        assert_eq!(
            format!("{redis:?}"),
            r#"Redis { nodes: ["10.0.0.1:6379", "10.0.0.2:6380"], prefix: "pms" }"#
        );
        let error = Redis::of(Some("redis://10.0.0.1:6379,http://a:wave9@b"), None).expect_err("no Redis");
        assert_eq!(error, "Address 2 of PMS_REDIS_URL is not like redis://user:password@host:6379");
        assert!(Redis::of(Some(" "), None).expect("read").is_none());
        assert!(Redis::of(None, Some("p q")).is_err());
    }
}
