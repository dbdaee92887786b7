//! A person as two letters on a colour that their name always gets.

use domain::palette::Colour;
use leptos::prelude::*;

/// How large an avatar is.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum AvatarSize {
    /// 20 px, in rows and on cards.
    Small,
    /// 24 px.
    #[default]
    Medium,
    /// 40 px, at the head of a page.
    Large,
}

impl AvatarSize {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Small => "small",
            Self::Medium => "medium",
            Self::Large => "large",
        }
    }
}

/// A person's letters. `beside_name` when the name stands next to it, so readers hear it once.
#[component]
pub fn Avatar(
    #[prop(into)] name: String,
    #[prop(optional)] size: AvatarSize,
    #[prop(optional)] beside_name: bool,
) -> impl IntoView {
    let colour = colour_of(&name).as_str();
    let letters = initials(&name);
    view! {
        <span
            class="avatar"
            data-size=size.as_str()
            data-colour=colour
            role=(!beside_name).then_some("img")
            aria-hidden=beside_name.then_some("true")
            aria-label=(!beside_name).then(|| name.clone())
            title=(!beside_name).then_some(name)
        >
            {letters}
        </span>
    }
}

/// An avatar and the name.
#[component]
pub fn Person(#[prop(into)] name: String, #[prop(optional)] size: AvatarSize) -> impl IntoView {
    view! {
        <span class="person">
            <Avatar name=name.clone() size beside_name=true/>
            <span class="person-name">{name}</span>
        </span>
    }
}

/// Several people, overlapping; beyond `max`, a number whose hover says who.
#[component]
pub fn AvatarStack(
    names: Vec<String>,
    #[prop(default = 3)] max: usize,
    #[prop(optional)] size: AvatarSize,
) -> impl IntoView {
    let rest = names.get(max..).filter(|rest| !rest.is_empty()).map(|rest| {
        let who = rest.join(", ");
        let text = format!("+{}", rest.len());
        view! {
            <span class="avatar" data-size=size.as_str() data-colour="grey" role="img" aria-label=who.clone() title=who>
                {text}
            </span>
        }
    });
    view! {
        <span class="avatar-stack">
            {names.into_iter().take(max).map(|name| view! { <Avatar name size/> }).collect_view()}
            {rest}
        </span>
    }
}

/// First letters of the first and the last word.
fn initials(name: &str) -> String {
    let mut words = name.split_whitespace();
    let first = words.next().and_then(first_letter);
    let last = words.next_back().and_then(first_letter);
    let letters: String = first.into_iter().chain(last).flat_map(char::to_uppercase).collect();
    if letters.is_empty() { "?".into() } else { letters }
}

fn first_letter(word: &str) -> Option<char> {
    word.chars().find(|letter| letter.is_alphanumeric())
}

/// FNV-1a: the same on the server and in the browser, which the standard hasher does not promise. Grey is left for
/// "and others".
fn colour_of(name: &str) -> Colour {
    let hash =
        name.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    let colours = &Colour::ALL[1..];
    colours[hash as usize % colours.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_come_from_the_first_and_the_last_word() {
        assert_eq!(initials("Ada Lovelace"), "AL");
        assert_eq!(initials("Grace Brewster Murray Hopper"), "GH");
        assert_eq!(initials("plato"), "P");
        assert_eq!(initials("(élise) ångström"), "ÉÅ");
        assert_eq!(initials("  "), "?");
    }

    #[test]
    fn a_name_always_gets_the_same_colour_and_never_grey() {
        for name in ["", "Ada Lovelace", "Grace Hopper", "x"] {
            assert_eq!(colour_of(name), colour_of(name));
            assert_ne!(colour_of(name), Colour::Grey);
        }
        assert_ne!(colour_of("Ada Lovelace"), colour_of("Grace Hopper"));
    }
}
