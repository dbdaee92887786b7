//! One's own account.

mod devices;
mod notifications;
mod password;
mod profile;
mod sessions;
mod tokens;

pub use devices::DevicesPage;
pub use notifications::NotificationsPage;

use crate::{
    components::{Icon, LinkButton, Notice, PageHeader, Tone},
    features::{settings_section::SettingsSection, theme_choice::ThemeChoice, use_query::use_query},
    paths,
};
use leptos::prelude::*;
use leptos_meta::Title;

/// Profile, password, sessions, tokens, colours.
#[component]
pub fn AccountPage() -> impl IntoView {
    let query = use_query();
    // Where a form without script lands, which has no other way to say that it worked.
    let password_changed = move || query.with(|query| query.get("done").as_deref() == Some("password"));
    view! {
        <Title text="Your account"/>
        <PageHeader title="Your account"/>
        <div class="page">
            <Show when=password_changed>
                <Notice tone=Tone::Success>
                    <p>"Your password is changed. Every other session has ended."</p>
                </Notice>
            </Show>
            <div class="settings">
                <SettingsSection id="profile" title="Profile" text="How others see you, and what you sign in with.">
                    <profile::Profile/>
                </SettingsSection>
                <SettingsSection id="password" title="Password" text="Changing it ends your sessions everywhere else.">
                    <password::Password/>
                </SettingsSection>
                <SettingsSection id="notifications" title="Notifications" text="What you are told of, by which way and when.">
                    <p><LinkButton href=paths::NOTIFICATIONS icon=Icon::Bell>"Choose what you are told"</LinkButton></p>
                </SettingsSection>
                <SettingsSection
                    id="sessions"
                    title="Where you are signed in"
                    text="End a session that you do not know. A session ends by itself after 30 minutes without use, and after 24 hours."
                >
                    <sessions::Sessions/>
                </SettingsSection>
                <SettingsSection
                    id="devices"
                    title="Where urgent alerts ring"
                    text="Each browser has to be allowed to make a sound and to show notifications."
                >
                    <p><a href=paths::DEVICES>"Your devices"</a></p>
                </SettingsSection>
                <SettingsSection
                    id="tokens"
                    title="API tokens"
                    text="For programs that act in your name. A token can do what you can do, or only read."
                >
                    <tokens::Tokens/>
                </SettingsSection>
                <SettingsSection id="colours" title="Colours" text="Remembered by this browser.">
                    <ThemeChoice/>
                </SettingsSection>
            </div>
        </div>
    }
}
