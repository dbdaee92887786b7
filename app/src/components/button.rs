//! Buttons, and links that look like them. Use a button for an act and a link for a place.

use super::icon::Icon;
use leptos::prelude::*;

/// How much a button asks for attention. At most one primary in view.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum ButtonVariant {
    /// The one act that the page is for.
    Primary,
    /// Any other act.
    #[default]
    Secondary,
    /// An act among many, in a toolbar or a row: no frame until pointed at.
    Quiet,
    /// Destroys something. Comes with a confirmation.
    Danger,
}

impl ButtonVariant {
    /// The word in `data-variant`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Primary => "primary",
            Self::Secondary => "secondary",
            Self::Quiet => "quiet",
            Self::Danger => "danger",
        }
    }
}

/// How tall a button is.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum ButtonSize {
    /// 28 px, in rows and toolbars.
    Small,
    /// 32 px.
    #[default]
    Medium,
    /// 40 px, on pages with a single form.
    Large,
}

impl ButtonSize {
    /// The word in `data-size`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Small => "small",
            Self::Medium => "medium",
            Self::Large => "large",
        }
    }
}

/// A button. `on:click`, `attr:name`, `attr:value` and the like land on the element.
#[component]
pub fn Button(
    #[prop(optional)] variant: ButtonVariant,
    #[prop(optional)] size: ButtonSize,
    /// `button` or `submit`.
    #[prop(default = "button")]
    kind: &'static str,
    #[prop(optional)] icon: Option<Icon>,
    /// While true: a spinner, and no second click.
    #[prop(optional, into)]
    busy: Signal<bool>,
    #[prop(optional, into)] disabled: Signal<bool>,
    children: Children,
) -> impl IntoView {
    view! {
        <button
            class="button"
            type=kind
            data-variant=variant.as_str()
            data-size=size.as_str()
            aria-busy=move || busy.get().then_some("true")
            disabled=move || disabled.get() || busy.get()
        >
            {icon.map(|icon| view! { <Icon icon/> })}
            {children()}
        </button>
    }
}

/// A button that shows only an icon; its label is read out and shown on hover.
#[component]
pub fn IconButton(
    icon: Icon,
    #[prop(into)] label: Signal<String>,
    #[prop(default = ButtonVariant::Quiet)] variant: ButtonVariant,
    #[prop(optional)] size: ButtonSize,
    /// `button` or `submit`.
    #[prop(default = "button")]
    kind: &'static str,
    #[prop(optional, into)] disabled: Signal<bool>,
) -> impl IntoView {
    view! {
        <button
            class="button button-icon"
            type=kind
            data-variant=variant.as_str()
            data-size=size.as_str()
            aria-label=move || label.get()
            title=move || label.get()
            disabled=move || disabled.get()
        >
            <Icon icon/>
        </button>
    }
}

/// A link that looks like a button.
#[component]
pub fn LinkButton(
    #[prop(into)] href: Signal<String>,
    #[prop(optional)] variant: ButtonVariant,
    #[prop(optional)] size: ButtonSize,
    #[prop(optional)] icon: Option<Icon>,
    children: Children,
) -> impl IntoView {
    view! {
        <a
            class="button"
            href=move || href.get()
            data-variant=variant.as_str()
            data-size=size.as_str()
        >
            {icon.map(|icon| view! { <Icon icon/> })}
            {children()}
        </a>
    }
}

/// A link that shows only an icon.
#[component]
pub fn IconLink(
    icon: Icon,
    #[prop(into)] label: String,
    #[prop(into)] href: Signal<String>,
    #[prop(optional)] size: ButtonSize,
) -> impl IntoView {
    view! {
        <a
            class="button button-icon"
            href=move || href.get()
            data-variant="quiet"
            data-size=size.as_str()
            aria-label=label.clone()
            title=label
        >
            <Icon icon/>
        </a>
    }
}
