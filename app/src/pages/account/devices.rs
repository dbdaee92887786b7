//! The browsers in which one is alerted.

use crate::{
    api::device::{MyDevices, RemoveDevice, SendDeviceTest, my_devices},
    components::{
        AsyncPanel, Badge, Button, ButtonSize, Crumb, FormErrors, Icon, Notice, PageHeader, RelativeTime,
        SkeletonRows, Tone, use_toaster,
    },
    features::{
        form_outcome::{FormOutcome, on_success},
        settings_section::SettingsSection,
    },
    paths,
};
use domain::{
    delivery::{Channel, Delivery, DeliveryState},
    device::{Device, Notices, Sound},
};
use leptos::{form::ActionForm, prelude::*, server::ServerAction};
use leptos_meta::Title;

/// Not written into the view: there, Leptos makes an attribute of it.
const NEEDS_SCRIPT: &str = r#"<p class="muted">Arming this browser needs script.</p>"#;

/// This browser's state, and the list of all.
#[component]
pub fn DevicesPage() -> impl IntoView {
    view! {
        <Title text="Your devices"/>
        <PageHeader title="Your devices" crumbs=vec![Crumb::new("Your account", paths::ACCOUNT)]/>
        <div class="page">
            <div class="settings">
                <SettingsSection
                    id="this-device"
                    title="This browser"
                    text="Urgent alerts ring here once the browser may make a sound and show notifications. It has to be allowed in each browser."
                >
                    // Filled by alerts.js, which knows what this browser can do.
                    <div data-arm-device=""></div>
                    <noscript inner_html=NEEDS_SCRIPT></noscript>
                </SettingsSection>
                <SettingsSection
                    id="devices"
                    title="All your devices"
                    text="A device that you sign out of is removed by itself. Remove one that you do not have any more; one that is in use comes back by itself."
                >
                    <Devices/>
                </SettingsSection>
            </div>
        </div>
    }
}

#[component]
fn Devices() -> impl IntoView {
    let remove = ServerAction::<RemoveDevice>::new();
    let test = ServerAction::<SendDeviceTest>::new();
    let (removed, tested) = (FormOutcome::of(remove, ""), FormOutcome::of(test, ""));
    let devices = Resource::new(move || (remove.version().get(), test.version().get()), |_| my_devices());
    // This browser has told the server what it can do.
    Effect::new(move |_| {
        let handle = window_event_listener_untyped("pms:device", move |_| devices.refetch());
        on_cleanup(move || handle.remove());
    });
    let toaster = use_toaster();
    on_success(remove, move |()| toaster.success("The device is removed."));
    on_success(test, move |queued: Delivery| toaster.success(on_its_way(&queued)));
    view! {
        <FormErrors message=removed.message()/>
        <FormErrors message=tested.message()/>
        <AsyncPanel
            resource=devices
            loading=|| view! { <SkeletonRows count=2/> }
            is_empty=|mine: &MyDevices| mine.devices.is_empty()
            empty=|| view! {
                <p class="muted">"No browser has reported yet. Arm this one, and it stands here."</p>
            }
            let:mine
        >
            {
                let MyDevices { devices, tests, email } = mine;
                let rows = devices.into_iter().map(|device| {
                    let last = tests.iter().find(|test| test.device_id == Some(device.id)).cloned();
                    view! { <Row device last remove test/> }
                });
                view! {
                    {(!email).then(|| view! {
                        <Notice tone=Tone::Info>
                            <p>"This PMS sends no mail: it can reach you by open pages and push messages only."</p>
                        </Notice>
                    })}
                    <ul class="device-rows">{rows.collect_view()}</ul>
                }
            }
        </AsyncPanel>
    }
}

#[component]
fn Row(
    device: Device,
    last: Option<Delivery>,
    remove: ServerAction<RemoveDevice>,
    test: ServerAction<SendDeviceTest>,
) -> impl IntoView {
    let name = if device.name.is_empty() { "A browser".to_owned() } else { device.name.clone() };
    let (tested_id, removed_id) = (device.id.to_string(), device.id.to_string());
    let (to_test, to_remove) = (format!("Send a test to {name}"), format!("Remove {name}"));
    view! {
        <li class="device-row">
            <Icon icon=Icon::Monitor/>
            <div class="device-text">
                <strong>{name}</strong>
                <span class="muted">{abilities(&device)}</span>
                <span class="muted">
                    {if device.open { "Open now" } else { "Seen " }}
                    {(!device.open).then(|| view! { <RelativeTime at=device.last_seen_at/> })}
                    {last.map(|last| view! { " · " {tested(&last)} " " <RelativeTime at=last.created_at/> })}
                </span>
            </div>
            {if is_armed(&device) {
                view! { <Badge tone=Tone::Success>"Armed"</Badge> }
            } else {
                view! { <Badge tone=Tone::Warning>"Not armed"</Badge> }
            }}
            <ActionForm action=test>
                <input type="hidden" name="id" value=tested_id/>
                <Button kind="submit" size=ButtonSize::Small attr:aria-label=to_test>"Send a test"</Button>
            </ActionForm>
            <ActionForm action=remove>
                <input type="hidden" name="id" value=removed_id/>
                <Button kind="submit" size=ButtonSize::Small attr:aria-label=to_remove>"Remove"</Button>
            </ActionForm>
        </li>
    }
}

/// Rings while a page is open, or is woken by push when none is.
fn is_armed(device: &Device) -> bool {
    device.push || (device.open && device.sound == Sound::Armed)
}

fn abilities(device: &Device) -> String {
    let sound = match device.sound {
        Sound::Armed => "sound on",
        Sound::Locked => "sound needs a click",
        Sound::Absent => "no sound",
    };
    let notices = match device.permission {
        Notices::Granted => "notifications allowed",
        Notices::Default => "notifications not asked for",
        Notices::Denied => "notifications blocked in the browser",
        Notices::Absent => "no notifications",
    };
    let push = if device.push { "push on" } else { "no push" };
    format!("{sound}, {notices}, {push}")
}

fn tested(last: &Delivery) -> String {
    let state = match last.state {
        DeliveryState::Sent => "taken by the other side",
        other => other.words(),
    };
    let way = last.channel.words();
    match last.last_error.as_deref().filter(|_| last.state != DeliveryState::Sent) {
        Some(why) => format!("Test by {}: {state} ({})", way.to_lowercase(), why.trim_end_matches('.')),
        None => format!("Test by {}: {state}", way.to_lowercase()),
    }
}

fn on_its_way(queued: &Delivery) -> &'static str {
    match (queued.state, queued.channel) {
        (DeliveryState::NoChannel, _) => {
            "There is no way to test it: it takes no push messages, and there is no mail."
        }
        (_, Channel::Email) => "It takes no push messages. A test is on its way to your address.",
        _ => "A test is on its way to it.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{Timestamp, ids::DeviceId};

    fn device() -> Device {
        Device {
            id: DeviceId(uuid::Uuid::nil()),
            name: "Firefox".into(),
            sound: Sound::Locked,
            permission: Notices::Default,
            push: false,
            created_at: Timestamp(0),
            last_seen_at: Timestamp(0),
            last_test_at: None,
            open: true,
        }
    }

    #[test]
    fn a_device_is_armed_when_something_would_ring() {
        assert!(!is_armed(&device()));
        assert!(is_armed(&Device { sound: Sound::Armed, ..device() }));
        assert!(!is_armed(&Device { sound: Sound::Armed, open: false, ..device() }));
        assert!(is_armed(&Device { push: true, open: false, ..device() }));
        assert_eq!(abilities(&device()), "sound needs a click, notifications not asked for, no push");
    }
}
