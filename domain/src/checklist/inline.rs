//! A title as plain text: emphasis, code marks and links reduced to what they show.

use super::emphasis::{self, Piece};
use crate::validate::visible_line;
use std::ops::Range;

/// Characters of a line that are looked at for a title, which is far shorter.
pub(super) const READ: usize = 2_000;

/// The plain text of a line of Markdown, without a colon at the end.
pub(super) fn plain(markdown: &str) -> String {
    let source: Vec<char> = markdown.chars().take(READ).collect();
    let title = tidy(shown(&source).iter().map(|shown| shown.c));
    if title.is_empty() {
        // Nothing but marks: better those than nothing.
        return visible_line(&source.iter().collect::<String>());
    }
    title
}

/// A title without a colon at its end and what else is not seen of it.
pub(super) fn tidy(title: impl Iterator<Item = char>) -> String {
    let line = visible_line(&title.collect::<String>());
    visible_line(line.trim_end_matches([':', '：']))
}

/// A character that a line shows.
#[derive(Clone, Copy)]
pub(super) struct Shown {
    pub c: char,
    /// Which character of the source it is.
    pub at: usize,
    /// Escaped, in code, an entity or a bare address: never a mark of anything.
    pub literal: bool,
}

impl Shown {
    /// Whether it is this character and may mark something.
    pub(super) fn marks(self, c: char) -> bool {
        self.c == c && !self.literal
    }
}

/// What a line of Markdown shows.
pub(super) fn shown(source: &[char]) -> Vec<Shown> {
    let mut scanner = Scanner::new(source);
    scanner.scan();
    scanner.finish()
}

struct Scanner<'a> {
    source: &'a [char],
    at: usize,
    pieces: Vec<Piece>,
    brackets: Vec<usize>,
    /// Searches that ran to the end in vain are not repeated, or long lines would take forever.
    unclosed_ticks: Vec<usize>,
    unclosed_link: bool,
    unclosed_comment: bool,
}

impl<'a> Scanner<'a> {
    fn new(source: &'a [char]) -> Self {
        Self {
            source,
            at: 0,
            pieces: Vec::with_capacity(source.len()),
            brackets: Vec::new(),
            unclosed_ticks: Vec::new(),
            unclosed_link: false,
            unclosed_comment: false,
        }
    }

    fn scan(&mut self) {
        while let Some(&c) = self.source.get(self.at) {
            match c {
                '\\' => self.escape(),
                '`' => self.code(),
                '<' => self.angle(),
                '&' => self.entity(),
                '!' if self.source.get(self.at + 1) == Some(&'[') => self.bracket("!["),
                '[' => self.bracket("["),
                ']' => self.close_bracket(),
                '*' | '_' | '~' => self.run(c),
                _ => self.push(c),
            }
        }
    }

    fn push(&mut self, c: char) {
        self.pieces.push(Piece::Char(Shown { c, at: self.at, literal: false }));
        self.at += 1;
    }

    /// One character for several of the source.
    fn push_literal(&mut self, c: char, consumed: usize) {
        self.pieces.push(Piece::Char(Shown { c, at: self.at, literal: true }));
        self.at += consumed;
    }

    fn extend_literal(&mut self, range: Range<usize>) {
        let source = self.source;
        self.pieces.extend(range.map(|at| Piece::Char(Shown { c: source[at], at, literal: true })));
    }

    fn escape(&mut self) {
        match self.source.get(self.at + 1) {
            Some(&next) if next.is_ascii_punctuation() => self.push_literal(next, 2),
            _ => self.push('\\'),
        }
    }

    fn run_len(&self, from: usize, mark: char) -> usize {
        self.source[from..].iter().take_while(|c| **c == mark).count()
    }

    fn code(&mut self) {
        let ticks = self.run_len(self.at, '`');
        let begin = self.at + ticks;
        let mut end = begin;
        let unclosed = self.unclosed_ticks.contains(&ticks);
        while end < self.source.len() && !unclosed {
            match self.run_len(end, '`') {
                0 => end += 1,
                found if found == ticks => {
                    self.extend_literal(begin..end);
                    self.at = end + ticks;
                    return;
                }
                other => end += other,
            }
        }
        if !unclosed {
            self.unclosed_ticks.push(ticks);
        }
        self.extend_literal(self.at..begin);
        self.at = begin;
    }

    /// A comment or an address in angle brackets. Other tags stay: "<3 seconds" is none.
    fn angle(&mut self) {
        let rest = &self.source[self.at + 1..];
        if !self.unclosed_comment && rest.starts_with(&['!', '-', '-']) {
            if let Some(end) = rest.windows(3).position(|three| three == ['-', '-', '>']) {
                self.at += end + 4;
                return;
            }
            self.unclosed_comment = true;
        }
        let end = rest.iter().position(|c| matches!(c, '<' | '>') || c.is_whitespace());
        match end.filter(|end| rest[*end] == '>' && is_address(&rest[..*end])) {
            Some(end) => {
                self.extend_literal(self.at + 1..self.at + 1 + end);
                self.at += end + 2;
            }
            None => self.push('<'),
        }
    }

    fn entity(&mut self) {
        let rest = &self.source[self.at..];
        for (entity, c) in [("&amp;", '&'), ("&lt;", '<'), ("&gt;", '>'), ("&quot;", '"'), ("&nbsp;", ' ')] {
            if rest.len() >= entity.len() && rest.iter().zip(entity.chars()).all(|(a, b)| *a == b) {
                return self.push_literal(c, entity.len());
            }
        }
        self.push('&');
    }

    fn bracket(&mut self, mark: &'static str) {
        self.brackets.push(self.pieces.len());
        self.pieces.push(Piece::Bracket { mark, at: self.at });
        self.at += mark.len();
    }

    fn close_bracket(&mut self) {
        match self.brackets.pop().zip(self.target_end()) {
            Some((open, end)) => {
                self.pieces[open] = Piece::Bracket { mark: "", at: self.at };
                self.at = end;
            }
            None => self.push(']'),
        }
    }

    /// Where `(address)` or `[reference]` after a `]` ends.
    fn target_end(&mut self) -> Option<usize> {
        let begin = self.at + 1;
        let (open, close) = match self.source.get(begin)? {
            '(' => ('(', ')'),
            '[' => ('[', ']'),
            _ => return None,
        };
        if self.unclosed_link {
            return None;
        }
        let mut depth = 0_usize;
        for (at, &c) in self.source.iter().enumerate().skip(begin) {
            if c == open {
                depth += 1;
            } else if c == close {
                depth -= 1;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
        }
        self.unclosed_link = true;
        None
    }

    fn run(&mut self, mark: char) {
        let count = self.run_len(self.at, mark);
        let before = self.at.checked_sub(1).map_or(' ', |at| self.source[at]);
        let after = self.source.get(self.at + count).copied().unwrap_or(' ');
        let left = !after.is_whitespace()
            && (!is_punctuation(after) || before.is_whitespace() || is_punctuation(before));
        let right = !before.is_whitespace()
            && (!is_punctuation(before) || after.is_whitespace() || is_punctuation(after));
        // snake_case_names are no emphasis.
        let inside_word = mark == '_';
        let opens = left && !(inside_word && right && !is_punctuation(before));
        let closes = right && !(inside_word && left && !is_punctuation(after));
        self.pieces.push(Piece::Run { mark, at: self.at, count, opens, closes });
        self.at += count;
    }

    fn finish(mut self) -> Vec<Shown> {
        for mark in ['*', '_', '~'] {
            emphasis::pair(&mut self.pieces, mark);
        }
        let mut line = Vec::with_capacity(self.pieces.len());
        for piece in self.pieces {
            match piece {
                Piece::Char(shown) => line.push(shown),
                Piece::Run { mark, at, count, .. } => {
                    line.extend((at..at + count).map(|at| Shown { c: mark, at, literal: false }));
                }
                Piece::Bracket { mark, at } => {
                    line.extend(mark.chars().map(|c| Shown { c, at, literal: false }));
                }
            }
        }
        line
    }
}

fn is_punctuation(c: char) -> bool {
    !c.is_alphanumeric() && !c.is_whitespace()
}

fn is_address(text: &[char]) -> bool {
    let scheme = text.iter().take_while(|c| c.is_ascii_alphanumeric()).count();
    scheme >= 2 && text[0].is_ascii_alphabetic() && text.get(scheme) == Some(&':')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn marks_are_reduced_to_what_they_show() {
        for (markdown, shown) in [
            ("**Bold** and *italic* and ***both***", "Bold and italic and both"),
            ("__Bold__ and _italic_, ~~gone~~", "Bold and italic, gone"),
            ("**a *b***", "a b"),
            ("Replace with `has_access()` calls", "Replace with has_access() calls"),
            ("Use ``a ` b`` now", "Use a ` b now"),
            ("See [the *guide*](https://example.org/a_(b)) now", "See the guide now"),
            ("See [the guide][guide] and ![a chart](c.png)", "See the guide and a chart"),
            ("Open <https://example.org/x_y_z>", "Open https://example.org/x_y_z"),
            ("Pay <!-- soon --> now", "Pay now"),
            ("R&amp;D &lt;b&gt;", "R&D <b>"),
            (r"Not \*bold\* \[x\]", "Not *bold* [x]"),
            ("Guides written for:", "Guides written for"),
        ] {
            assert_eq!(plain(markdown), shown, "{markdown}");
        }
    }

    #[test]
    fn what_only_resembles_marks_stays() {
        for text in [
            "Load time <3 seconds",
            "Set MAX_FILE_SIZE and snake_case_name",
            "2 * 3 * 4",
            "5* hotel",
            "a ** b",
            "Array[0] and [note]",
            "[open",
            "a](b)",
            "Cost ~5 or ~6",
            "`open tick",
            "1.1 Hardening ✅ MUST COMPLETE",
            "A & B &co;",
            "C:\\temp",
        ] {
            assert_eq!(plain(text), text);
        }
    }

    #[test]
    fn a_title_of_marks_only_is_not_lost() {
        assert_eq!(plain("![](chart.png)"), "![](chart.png)");
        assert_eq!(plain("\u{200B}"), "");
    }

    proptest! {
        #[test]
        fn any_line_gives_a_name_or_nothing(line in "[a*_~`\\[\\]()!<>&:\\\\ -]{0,80}|\\PC{0,80}") {
            let shown = plain(&line);
            if !shown.is_empty() {
                prop_assert_eq!(crate::validate::name(&shown, 1_000), Ok(shown));
            }
        }
    }
}
