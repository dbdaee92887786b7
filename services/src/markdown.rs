//! Markdown that people wrote, as HTML that is safe to show to others.
//!
//! Two fences: the parser makes HTML of Markdown alone (raw HTML in the text is shown as text), and what it made
//! still goes through a list of allowed elements, so a mistake in one of them is not a hole.

use ammonia::Builder;
use domain::comment;
use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd, html};
use std::{collections::HashSet, sync::LazyLock};

/// The text as HTML: tables, strikethrough and task lists as people know them, links that do not tell where one came
/// from, `@name` in a `span.mention`.
pub fn to_html(text: &str) -> String {
    if text.trim().is_empty() {
        return String::new();
    }
    let names: HashSet<String> = comment::mentions(text).into_iter().collect();
    let mut markers = Markers::new(names);
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let mut depth = Depth::default();
    let shallow = Parser::new_ext(text, options).filter(|event| depth.keeps(event));
    let parser = pulldown_cmark::TextMergeStream::new(shallow.map(as_text));
    let mut rendered = String::with_capacity(text.len() * 3 / 2);
    html::push_html(&mut rendered, parser.flat_map(|event| markers.mark(event)));
    ALLOWED.clean(&rendered).to_string()
}

/// What the HTML may consist of.
pub const ELEMENTS: [&str; 27] = [
    "a",
    "blockquote",
    "br",
    "code",
    "del",
    "em",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "input",
    "li",
    "ol",
    "p",
    "pre",
    "span",
    "strong",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "ul",
];

static ALLOWED: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut allowed = Builder::default();
    allowed
        .tags(HashSet::from(ELEMENTS))
        // Pictures from elsewhere would tell their server who reads; the text of one is shown instead.
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .url_relative(ammonia::UrlRelative::PassThrough)
        .link_rel(Some("noopener nofollow"))
        .generic_attributes(HashSet::new())
        .tag_attributes([("a", HashSet::from(["href", "title"])), ("ol", HashSet::from(["start"]))].into())
        .tag_attribute_values(
            [(
                "input",
                [
                    ("type", HashSet::from(["checkbox"])),
                    ("disabled", HashSet::from([""])),
                    ("checked", HashSet::from([""])),
                ]
                .into(),
            )]
            .into(),
        )
        .allowed_classes([("span", HashSet::from(["mention"]))].into());
    allowed
});

/// Raw HTML is text here, and a picture is its description.
fn as_text(event: Event<'_>) -> Event<'_> {
    match event {
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        Event::Start(Tag::HtmlBlock) => Event::Start(Tag::Paragraph),
        Event::End(TagEnd::HtmlBlock) => Event::End(TagEnd::Paragraph),
        Event::Start(Tag::Image { link_type, dest_url, title, id }) => {
            Event::Start(Tag::Link { link_type, dest_url, title, id })
        }
        Event::End(TagEnd::Image) => Event::End(TagEnd::Link),
        other => other,
    }
}

/// What stands deeper than anybody reads loses its frames and keeps its words. The second fence looks at all open elements
/// for each new one, so 50,000 `>` would be a minute's work.
#[derive(Default)]
struct Depth(usize);

impl Depth {
    const MOST: usize = 32;

    fn keeps(&mut self, event: &Event<'_>) -> bool {
        match event {
            Event::Start(_) => {
                self.0 += 1;
                self.0 <= Self::MOST
            }
            Event::End(_) => {
                self.0 -= 1;
                self.0 < Self::MOST
            }
            _ => true,
        }
    }
}

/// Puts mentions into spans, but not within code and links.
struct Markers {
    names: HashSet<String>,
    plain_depth: usize,
}

impl Markers {
    const fn new(names: HashSet<String>) -> Self {
        Self { names, plain_depth: 0 }
    }

    fn mark<'e>(&mut self, event: Event<'e>) -> Vec<Event<'e>> {
        match event {
            Event::Start(Tag::CodeBlock(_) | Tag::Link { .. }) => self.plain_depth += 1,
            Event::End(TagEnd::CodeBlock | TagEnd::Link) => self.plain_depth -= 1,
            Event::Text(text) if self.plain_depth == 0 && !self.names.is_empty() => {
                return self.split(&text);
            }
            _ => {}
        }
        vec![event]
    }

    fn split<'e>(&self, text: &str) -> Vec<Event<'e>> {
        let plain = |text: &str| Event::Text(CowStr::from(text.to_owned()));
        let mut events = Vec::new();
        let mut done = 0;
        for (at, _) in text.match_indices('@') {
            let name = name_after(&text[at + 1..]);
            let is_address = text[..at].chars().next_back().is_some_and(char::is_alphanumeric);
            if is_address || !self.names.contains(&name.to_ascii_lowercase()) {
                continue;
            }
            let end = at + 1 + name.len();
            events.push(plain(&text[done..at]));
            events.push(Event::InlineHtml("<span class=\"mention\">".into()));
            events.push(plain(&text[at..end]));
            events.push(Event::InlineHtml("</span>".into()));
            done = end;
        }
        events.push(plain(&text[done..]));
        events
    }
}

/// As [`comment::mentions`] reads a name.
fn name_after(text: &str) -> &str {
    let end = text
        .find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '.' | '-' | '_'))
        .unwrap_or(text.len());
    text[..end].trim_end_matches(['.', '-'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_write_looks_as_they_know_it() {
        let html = to_html("# Plan\n\n- [x] **done**\n- [ ] ~~no~~\n\n| a | b |\n|---|---|\n| 1 | 2 |");
        for part in [
            "<h1>Plan</h1>",
            "<strong>done</strong>",
            "<del>no</del>",
            "type=\"checkbox\"",
            "checked=\"\"",
            "<th>a</th>",
        ] {
            assert!(html.contains(part), "{part} in {html}");
        }
        assert_eq!(to_html(" \n"), "");
    }

    #[test]
    fn nothing_in_the_text_runs_or_loads() {
        for text in [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "[x](javascript:alert(1))",
            "![x](https://spy.example/pixel.png)",
            "<a href=\"x\" onclick=\"y\" style=\"position:fixed\">z</a>",
            "[x](data:text/html;base64,PHNjcmlwdD4=)",
            "<div class=\"mention\"><iframe src=//x></iframe></div>",
            "[a](<x\" onmouseover=\"y>)",
        ] {
            let html = to_html(text);
            for danger in ["<script", "<img", "<iframe", "<div", "href=\"javascript", "href=\"data"] {
                assert!(!html.contains(danger), "{text} gave {html}");
            }
            let tags: Vec<_> = html.split('<').filter_map(|part| part.split_once('>')).collect();
            assert!(tags.iter().all(|(tag, _)| !tag.contains(" on") && !tag.contains("style=")), "{html}");
        }
        assert!(to_html("<b>bold</b>").contains("&lt;b&gt;"), "raw HTML is shown as it was typed");
    }

    #[test]
    fn the_deepest_text_takes_a_moment_and_keeps_its_words() {
        let begin = std::time::Instant::now();
        for shape in [">", "> - ", "1. ", "- ", "*a ", "**a _b ", "[", "![", "<b>", "`", "~~a ", "| "] {
            let end = if shape.contains('a') { " b*".repeat(8_000) } else { String::new() };
            let html = to_html(&format!("{}{end}\ndeep", shape.repeat(50_000 / shape.len())));
            assert!(html.contains("deep"), "{shape}");
            let most = ["<blockquote", "<ol", "<ul", "<em", "<strong"]
                .map(|tag| html.matches(tag).count())
                .into_iter()
                .max();
            assert!(shape.contains('a') || most <= Some(Depth::MOST), "{shape}: {most:?}");
        }
        // Each was minutes of a build without optimisation.
        assert!(begin.elapsed().as_secs() < 60, "{:?}", begin.elapsed());
        let kept = to_html(&format!("{}deep", "> ".repeat(20)));
        assert_eq!(kept.matches("<blockquote>").count(), 20);
    }

    #[test]
    fn links_do_not_tell_where_one_came_from() {
        let html = to_html("[docs](https://example.org \"t\") and [home](/projects)");
        assert!(html.contains("rel=\"noopener nofollow\""), "{html}");
        assert!(html.contains("href=\"/projects\""), "{html}");
    }

    #[test]
    fn people_stand_out_except_in_code_links_and_addresses() {
        let html = to_html("@Ada. `@ada` [@ada](/x) a@ada\n\n    @ada\n\n**@ada**");
        assert_eq!(html.matches("<span class=\"mention\">").count(), 2, "{html}");
        assert!(html.contains("<span class=\"mention\">@Ada</span>."), "{html}");
        assert!(to_html("costs 5 @ 3").contains("costs 5 @ 3"));
    }
}
