//! Several lines of text.

use super::field::{Field, described_by, invalid};
use leptos::{html, prelude::*};

/// A text as what stands inside a `<textarea>`: Leptos would write it there as it is, and with `</textarea>` in it somebody's
/// words would become the page of whoever edits them.
pub fn text_as_html(text: &str) -> String {
    // A browser leaves out the first line break of the element, but not of what a script puts into it.
    let begin = if cfg!(feature = "ssr") { "\n" } else { "" };
    format!("{begin}{}", text.replace('&', "&amp;").replace('<', "&lt;"))
}

/// A labelled text area that grows with its text. `bind` keeps a signal equal to what is typed.
#[component]
pub fn TextArea(
    #[prop(into)] id: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] name: Option<String>,
    #[prop(optional, into)] value: String,
    #[prop(optional, into)] bind: Option<RwSignal<String>>,
    #[prop(optional, into)] hint: Option<String>,
    #[prop(optional, into)] error: MaybeProp<String>,
    #[prop(optional)] required: bool,
    #[prop(optional)] autofocus: bool,
    #[prop(optional)] hide_label: bool,
    /// Lines shown while empty.
    #[prop(default = 4)]
    rows: u32,
    #[prop(optional)] max_length: Option<u32>,
    #[prop(optional, into)] placeholder: Option<String>,
) -> impl IntoView {
    let name = name.unwrap_or_else(|| id.clone());
    let describedby = described_by(&id, hint.is_some());
    let first = bind.map_or(value, |bind| bind.get_untracked());
    let node = NodeRef::<html::Textarea>::new();
    if let Some(bind) = bind {
        // See `TextInput`: what was typed before the page came alive stays.
        Effect::new(move |again: Option<()>| {
            let (wanted, Some(area)) = (bind.get(), node.get()) else {
                return;
            };
            match (area.value() == wanted, again) {
                (true, _) => {}
                (false, None) => bind.set(area.value()),
                (false, Some(())) => area.set_value(&wanted),
            }
        });
    }
    let control = view! {
        <textarea
            class="input textarea"
            id=id.clone()
            name=name
            rows=rows.to_string()
            node_ref=node
            on:input=move |event| {
                if let Some(bind) = bind {
                    bind.set(event_target_value(&event));
                }
            }
            required=required
            autofocus=autofocus
            maxlength=max_length.map(|n| n.to_string())
            placeholder=placeholder
            aria-describedby=describedby
            aria-invalid=invalid(error)
            inner_html=text_as_html(&first)
        ></textarea>
    };
    view! {
        <Field id label hint error required hide_label>
            {control}
        </Field>
    }
}

#[cfg(test)]
mod tests {
    use super::text_as_html;

    #[test]
    fn no_text_ends_the_element_or_loses_its_first_line_break() {
        let html = text_as_html("\n</textarea><b>&lt;");
        let text = html.strip_prefix(if cfg!(feature = "ssr") { "\n" } else { "" });
        assert_eq!(text, Some("\n&lt;/textarea>&lt;b>&amp;lt;"));
    }
}
