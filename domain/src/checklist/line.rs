//! One line by itself: how far it is indented and what it looks like. Whether a heading really is one
//! depends on the lines before it; see [`super::outline`].

const TAB: usize = 4;

/// A line without its indentation.
#[derive(Clone, Copy)]
pub(super) struct Line<'a> {
    /// Columns of white space before the text; a tab goes to the next multiple of four.
    pub indent: usize,
    /// What follows it.
    pub text: &'a str,
}

/// What a line looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape<'a> {
    Blank,
    Heading {
        level: u8,
        text: &'a str,
    },
    /// `content` is the column where what belongs to it is expected to begin.
    Item {
        content: usize,
        done: bool,
        text: &'a str,
    },
    Bullet {
        content: usize,
        text: &'a str,
    },
    Fence(Fence),
    Quote,
    Rule,
    Comment,
    Text,
}

/// The line that opens a block of code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fence {
    mark: char,
    len: usize,
}

impl<'a> Line<'a> {
    pub(super) fn new(raw: &'a str) -> Self {
        let text = raw.trim_start_matches([' ', '\t']);
        Self { indent: width(&raw[..raw.len() - text.len()], 0), text }
    }

    pub(super) fn shape(self) -> Shape<'a> {
        let text = self.text;
        if text.trim().is_empty() {
            return Shape::Blank;
        }
        if is_rule(text) {
            return Shape::Rule;
        }
        if let Some(fence) = Fence::open(text) {
            return Shape::Fence(fence);
        }
        match text.as_bytes()[0] {
            b'#' => heading(text).unwrap_or(Shape::Text),
            b'>' => Shape::Quote,
            b'<' if text.starts_with("<!--") => Shape::Comment,
            b'-' | b'*' | b'+' | b'0'..=b'9' => self.bullet().unwrap_or(Shape::Text),
            _ => Shape::Text,
        }
    }

    fn bullet(self) -> Option<Shape<'a>> {
        let marker = marker_len(self.text)?;
        let (after, column) = (&self.text[marker..], self.indent + marker);
        let text = after.trim_start_matches([' ', '\t']);
        let gap = width(&after[..after.len() - text.len()], column);
        if gap == 0 && !text.is_empty() {
            return None;
        }
        // More than four columns are one, and then code.
        let content = column + if text.is_empty() || gap > TAB { 1 } else { gap };
        let done = match text.get(..3) {
            Some("[ ]") => false,
            Some("[x]" | "[X]") => true,
            _ => return Some(Shape::Bullet { content, text }),
        };
        let title = &text[3..];
        if title.trim().is_empty() || !title.starts_with([' ', '\t']) {
            return Some(Shape::Bullet { content, text });
        }
        Some(Shape::Item { content, done, text: title.trim() })
    }

    /// The level that this line gives to the line above it, if it underlines it.
    pub(super) fn underline(self) -> Option<u8> {
        let line = self.text.trim_end();
        let made_of = |mark| line.len() >= 3 && self.indent < TAB && line.bytes().all(|b| b == mark);
        if made_of(b'=') {
            return Some(1);
        }
        made_of(b'-').then_some(2)
    }

    /// Whether it is all in bold, as lines are that introduce a part of a list.
    pub(super) fn is_bold(self) -> bool {
        let text = self.text.trim_end().trim_end_matches(':');
        ["**", "__"].into_iter().any(|mark| text.len() > 4 && text.starts_with(mark) && text.ends_with(mark))
    }
}

impl Fence {
    pub(super) fn open(text: &str) -> Option<Self> {
        let mark = text.chars().next().filter(|c| matches!(c, '`' | '~'))?;
        let rest = text.trim_start_matches(mark);
        let len = text.len() - rest.len();
        // "```code``` in a line" is no block.
        (len >= 3 && !(mark == '`' && rest.contains('`'))).then_some(Self { mark, len })
    }

    pub(super) fn is_closed_by(self, line: Line<'_>) -> bool {
        let rest = line.text.trim_start_matches(self.mark);
        line.text.len() - rest.len() >= self.len && rest.trim().is_empty()
    }
}

/// The line without its first `columns` columns of white space.
pub(super) fn dedent(raw: &str, columns: usize) -> String {
    let mut column = 0;
    for (at, c) in raw.char_indices() {
        if column >= columns || !matches!(c, ' ' | '\t') {
            // A tab that reaches beyond leaves spaces.
            return format!("{}{}", " ".repeat(column.saturating_sub(columns)), &raw[at..]);
        }
        column += width(&raw[at..=at], column);
    }
    String::new()
}

fn width(white: &str, from: usize) -> usize {
    let end = white.bytes().fold(from, |column, byte| match byte {
        b'\t' => column - column % TAB + TAB,
        _ => column + 1,
    });
    end - from
}

fn is_rule(text: &str) -> bool {
    let mut marks = text.bytes().filter(|b| !matches!(b, b' ' | b'\t'));
    let Some(mark @ (b'-' | b'*' | b'_')) = marks.next() else {
        return false;
    };
    let mut count = 1;
    for other in marks {
        if other != mark {
            return false;
        }
        count += 1;
    }
    count >= 3
}

fn heading(text: &str) -> Option<Shape<'_>> {
    let rest = text.trim_start_matches('#');
    let level = u8::try_from(text.len() - rest.len()).ok().filter(|level| *level <= 6)?;
    if !(rest.is_empty() || rest.starts_with([' ', '\t'])) {
        return None;
    }
    let title = rest.trim();
    let unclosed = title.trim_end_matches('#');
    // "C#" keeps its sign; "Plan ##" does not.
    let closed = unclosed.is_empty() || unclosed.ends_with([' ', '\t']);
    Some(Shape::Heading { level, text: if closed { unclosed.trim_end() } else { title } })
}

fn marker_len(text: &str) -> Option<usize> {
    if text.starts_with(['-', '*', '+']) {
        return Some(1);
    }
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let ends = matches!(text.as_bytes().get(digits), Some(b'.' | b')'));
    ((1..=9).contains(&digits) && ends).then_some(digits + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(raw: &str) -> Shape<'_> {
        Line::new(raw).shape()
    }

    #[test]
    fn every_kind_of_marker_makes_an_item() {
        for raw in ["- [ ] a", "* [ ] a", "+ [ ] a", "1. [ ] a", "12) [ ] a", "-\t[ ]\ta  "] {
            assert!(matches!(shape(raw), Shape::Item { done: false, text: "a", .. }), "{raw}");
        }
        for raw in ["- [x] a", "  - [X] a"] {
            assert!(matches!(shape(raw), Shape::Item { done: true, text: "a", .. }), "{raw}");
        }
    }

    #[test]
    fn what_only_resembles_an_item_is_none() {
        for raw in ["- [] a", "- [ ]a", "- [ ]", "- [x](a)", "- [-] a", "- a", "-"] {
            assert!(matches!(shape(raw), Shape::Bullet { .. }), "{raw}");
        }
        for raw in ["-[ ] a", "[ ] a", "1.[ ] a", "1234567890. [ ] a", "**a**", "#a", "####### a"] {
            assert_eq!(shape(raw), Shape::Text, "{raw}");
        }
        assert_eq!(shape("> - [ ] a"), Shape::Quote);
    }

    #[test]
    fn headings_lose_their_closing_signs_only() {
        assert_eq!(shape("## Plan ## "), Shape::Heading { level: 2, text: "Plan" });
        assert_eq!(shape("# C#"), Shape::Heading { level: 1, text: "C#" });
        assert_eq!(shape("### ##"), Shape::Heading { level: 3, text: "" });
        assert_eq!(shape("#"), Shape::Heading { level: 1, text: "" });
    }

    #[test]
    fn rules_are_not_bullets() {
        for raw in ["---", "* * *", "- - -", "___", "-----  "] {
            assert_eq!(shape(raw), Shape::Rule, "{raw}");
        }
        assert_ne!(shape("--"), Shape::Rule);
    }

    #[test]
    fn a_fence_is_closed_by_as_many_of_its_marks() {
        let fence = Fence::open("~~~~ sh").expect("a fence");
        assert!(fence.is_closed_by(Line::new("  ~~~~~ ")));
        assert!(!fence.is_closed_by(Line::new("~~~")));
        assert!(!fence.is_closed_by(Line::new("~~~~ sh")));
        assert_eq!(Fence::open("```a``` b"), None);
    }

    #[test]
    fn tabs_count_as_columns_and_are_split_where_needed() {
        assert_eq!(Line::new("\t\ta").indent, 8);
        assert_eq!(Line::new("  \ta").indent, 4);
        assert_eq!(dedent("\tcode\tx", 2), "  code\tx");
        assert_eq!(dedent("    a", 2), "  a");
        assert_eq!(dedent(" a", 2), "a");
        assert_eq!(dedent("  ", 4), "");
        assert!(matches!(shape("1. [ ] a"), Shape::Item { content: 3, .. }));
        assert!(matches!(shape("-\t[ ] a"), Shape::Item { content: 4, .. }));
    }
}
