//! Devices, and what is sent to them.

use super::{Channel, DeliveryState, Notices, Sound};
use utoipa::ToSchema;
use uuid::Uuid;

/// A device, as its owner sees it.
#[derive(ToSchema)]
pub struct Device {
    /// Its id, which the browser made.
    pub id: Uuid,
    /// Browser and system in words.
    pub name: String,
    /// Whether its pages may make a sound.
    pub sound: Sound,
    /// Whether it shows notifications of the system.
    pub permission: Notices,
    /// Whether it takes push messages.
    pub push: bool,
    /// When it was first seen.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// When it was last seen, to the minute.
    #[schema(format = DateTime)]
    pub last_seen_at: String,
    /// When it last got a test.
    #[schema(format = DateTime, required = true)]
    pub last_test_at: Option<String>,
    /// Whether it reported so lately that a page of it must be open.
    pub open: bool,
}

/// What a browser says about itself.
#[derive(ToSchema)]
pub struct ReportDevice {
    /// Browser and system in words.
    pub name: String,
    /// Whether its pages may make a sound.
    pub sound: Sound,
    /// Whether it shows notifications of the system.
    pub permission: Notices,
    /// Where it takes push messages, if it does.
    pub push: Option<PushAddress>,
}

/// Where a browser's push service takes messages for it, and the keys that only the browser can open them with.
#[derive(ToSchema)]
pub struct PushAddress {
    /// The service's address for this browser: of one of the usual browsers' services, or one that the operator named.
    pub endpoint: String,
    /// The browser's public key: a point of P-256, in base64url.
    pub p256dh: String,
    /// 16 bytes that authenticate, in base64url.
    pub auth: String,
}

/// A delivery and what became of it.
#[derive(ToSchema)]
pub struct Delivery {
    /// Its id.
    pub id: Uuid,
    /// To whom; nobody for a webhook.
    #[schema(required = true)]
    pub user_id: Option<Uuid>,
    /// By which way.
    pub channel: Channel,
    /// To which device, which may be gone by now.
    #[schema(required = true)]
    pub device_id: Option<Uuid>,
    /// What it belongs to.
    #[schema(required = true)]
    pub reference: Option<Uuid>,
    /// Why, in a word.
    pub reason: String,
    /// How far it is.
    pub state: DeliveryState,
    /// How often it was tried.
    pub attempts: i64,
    /// When it was queued.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// When it is tried again.
    #[schema(format = DateTime, required = true)]
    pub next_at: Option<String>,
    /// When it was sent, given up or dropped.
    #[schema(format = DateTime, required = true)]
    pub ended_at: Option<String>,
    /// What the last try that failed said, in words of PMS.
    #[schema(required = true)]
    pub last_error: Option<String>,
}

/// What a browser needs to subscribe to push messages.
#[derive(ToSchema)]
pub struct PushKey {
    /// This server's public key: a point of P-256, uncompressed, in base64url.
    pub key: String,
    /// Whether this PMS sends mail.
    pub email: bool,
}
