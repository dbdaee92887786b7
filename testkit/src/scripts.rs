//! What stands for mail server, push services and webhooks in stories.

use domain::device::{Notices, PushAddress, ReportDevice, Sound};
use services::{
    Services,
    ports::{answer::Script, hook::Call, mailer::Mail, pusher::Push},
};
use std::{sync::Arc, time::Duration};

/// The other sides: each takes what it gets, until a story has it answer otherwise.
#[derive(Clone, Default)]
pub struct Scripts {
    /// The mail server.
    pub mail: Arc<Script<Mail>>,
    /// The push services.
    pub push: Arc<Script<Push>>,
    /// The webhooks.
    pub hook: Arc<Script<Call>>,
}

impl Scripts {
    /// Sets them up as the ways out of `services`, with little patience for those that hang.
    pub fn on(services: &mut Services) -> Self {
        let scripts = Self::default();
        let outlets = &mut services.outlets;
        outlets.mailer = Some(Arc::clone(&scripts.mail) as _);
        outlets.pusher = Some(Arc::clone(&scripts.push) as _);
        outlets.hook = Some(Arc::clone(&scripts.hook) as _);
        outlets.base_url = "https://pms.example.org".into();
        outlets.patience = Duration::from_millis(300);
        scripts
    }
}

/// A push address that [`Scripts`] takes, of the browser `name`.
pub fn push_address(name: &str) -> PushAddress {
    PushAddress {
        endpoint: format!("https://push.example.org/{name}"),
        p256dh: "BLn9b-VR0ca83knDNZ32dCHGyjJp-1riX9ZTN40MqV8K_LpQmLqxC_DoHvqvFXO_nGdAB4W9dogZb_sM-uV4JbY"
            .into(),
        auth: "_ordMnz7uTCmrpBTeUV4Bw".into(),
    }
}

/// What a browser that can do everything says about itself.
pub fn armed(name: &str) -> ReportDevice {
    ReportDevice {
        name: name.into(),
        sound: Sound::Armed,
        permission: Notices::Granted,
        push: Some(push_address(name)),
    }
}
