//! Light, dark, or as the system has it.

use super::icon::Icon;
use leptos::prelude::*;

/// A person's choice of colours. The server puts it in `data-theme` of the `<html>` element, from a cookie.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Theme {
    #[default]
    System,
    Light,
    Dark,
}

impl Theme {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// The word in the form and in the cookie.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The theme of that name; anything else follows the system.
    pub fn parse(text: &str) -> Self {
        Self::ALL.into_iter().find(|theme| theme.as_str() == text).unwrap_or_default()
    }

    /// What `<html data-theme>` holds; nothing for the system's.
    pub fn attribute(self) -> Option<&'static str> {
        (self != Self::System).then(|| self.as_str())
    }

    const fn label(self) -> &'static str {
        match self {
            Self::System => "As the system",
            Self::Light => "Light",
            Self::Dark => "Dark",
        }
    }

    const fn icon(self) -> Icon {
        match self {
            Self::System => Icon::Monitor,
            Self::Light => Icon::Sun,
            Self::Dark => Icon::Moon,
        }
    }
}

/// Posts `theme=dark` to `action`. With `on_choose`, the page changes at once and the callback does the sending.
#[component]
pub fn ThemeSwitch(
    #[prop(into)] action: String,
    current: RwSignal<Theme>,
    #[prop(optional, into)] on_choose: Option<Callback<Theme>>,
    /// Hidden inputs that the form also sends.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let choose = move |theme: Theme, event: &leptos::ev::MouseEvent| {
        let Some(on_choose) = on_choose else { return };
        event.prevent_default();
        current.set(theme);
        apply(theme);
        on_choose.run(theme);
    };
    let buttons = Theme::ALL
        .map(|theme| {
            view! {
                <button
                    class="segment"
                    type="submit"
                    name="theme"
                    value=theme.as_str()
                    title=theme.label()
                    aria-label=theme.label()
                    aria-pressed=move || if current.get() == theme { "true" } else { "false" }
                    on:click=move |event| choose(theme, &event)
                >
                    <Icon icon=theme.icon()/>
                </button>
            }
        })
        .into_iter()
        .collect_view();
    view! {
        // Not the form has the name: it would be a landmark, and a page may have two.
        <form method="post" action=action>
            {children.map(|children| children())}
            <div class="segmented theme-switch" role="group" aria-label="Colours">{buttons}</div>
        </form>
    }
}

fn apply(theme: Theme) {
    let Some(root) = document().document_element() else {
        return;
    };
    // Neither fails for a name that is a valid attribute.
    let _ = match theme.attribute() {
        Some(value) => root.set_attribute("data-theme", value),
        None => root.remove_attribute("data-theme"),
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_theme_follows_the_system() {
        assert_eq!(Theme::parse("dark"), Theme::Dark);
        assert_eq!(Theme::parse("\"><script>"), Theme::System);
        assert_eq!(Theme::parse("").attribute(), None);
    }
}
