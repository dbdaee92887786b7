//! Devices: a person's browsers, and what each of them can do to reach the person.

use crate::{
    ids::{DeviceId, UserId},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// Seconds after a report for which a device counts as open. An open page reports at least every minute; browsers slow
/// hidden pages down to one timer a minute.
pub const OPEN_SECONDS: i64 = 3 * 60;

/// Whether a page may make a sound.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sound {
    /// Not before somebody clicks or types in it.
    #[default]
    Locked,
    /// Yes.
    Armed,
    /// The browser has no sound for pages.
    Absent,
}

/// Whether the browser shows notifications of the system.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Notices {
    /// It was not asked yet.
    #[default]
    Default,
    /// Yes.
    Granted,
    /// No, and only its settings change that.
    Denied,
    /// The browser has none.
    Absent,
}

macro_rules! words {
    ($name:ident[$count:literal]: $($variant:ident = $word:literal),+) => {
        impl $name {
            /// Every one.
            pub const ALL: [Self; $count] = [$(Self::$variant),+];

            /// As it is stored.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// The value of a stored word.
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($word => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

words!(Sound[3]: Locked = "locked", Armed = "armed", Absent = "absent");
words!(Notices[4]: Default = "default", Granted = "granted", Denied = "denied", Absent = "absent");

/// Where a browser's push service takes messages for it, and the keys that only the browser can open them with.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PushAddress {
    /// The service's address for this browser.
    pub endpoint: String,
    /// The browser's public key: a point of P-256, in base64url.
    pub p256dh: String,
    /// 16 bytes that authenticate, in base64url.
    pub auth: String,
}

/// A device, as its owner sees it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Device {
    /// Its id, which the browser made.
    pub id: DeviceId,
    /// Browser and system in words.
    pub name: String,
    /// Whether its pages may make a sound.
    pub sound: Sound,
    /// Whether it shows notifications of the system.
    pub permission: Notices,
    /// Whether it takes push messages.
    pub push: bool,
    /// When it was first seen.
    pub created_at: Timestamp,
    /// When it was last seen, to the minute.
    pub last_seen_at: Timestamp,
    /// When it last got a test.
    pub last_test_at: Option<Timestamp>,
    /// Whether it reported so lately that a page of it must be open.
    pub open: bool,
}

/// What a browser says about itself.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct ReportDevice {
    /// See [`Device::name`].
    pub name: String,
    /// See [`Device::sound`].
    pub sound: Sound,
    /// See [`Device::permission`].
    pub permission: Notices,
    /// Where it takes push messages, if it does.
    pub push: Option<PushAddress>,
}

/// By which ways a person can be reached at this moment.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Reach {
    /// A page that may make a sound is open.
    pub sound: bool,
    /// A page is open in a browser that shows notifications of the system.
    pub notifications: bool,
    /// A browser takes push messages, with the page closed.
    pub push: bool,
    /// They may sign in and have an address. Whether mail is set up at all, `services::devices::reachable` adds.
    pub email: bool,
}

impl Reach {
    /// Whether there is any way that does not wait for them to look.
    pub const fn any(self) -> bool {
        self.sound || self.notifications || self.push || self.email
    }
}

/// A person's [`Reach`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Reachable {
    /// Who.
    pub user_id: UserId,
    /// How.
    pub reach: Reach,
}
