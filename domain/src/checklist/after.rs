//! The mark at the end of a line that says what the item waits for: `(after: Design; WEB-12)`.

use super::inline::{self, Shown};
use crate::validate::visible_line;

/// Characters of a line that may have a mark: room for a title and as many long titles as a mark may hold.
const READ: usize = 16_000;
/// How many beginnings of a mark are tried, from the end of the line. More than one is there only where
/// a title in the mark has a mark of its own.
const TRIES: usize = 16;
/// Double quotes, straight and typographic. Keyboards and languages mix them, so any closes any.
const QUOTES: [char; 7] = ['"', '“', '”', '„', '‟', '«', '»'];

/// A line of Markdown, taken apart.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// In plain text, without the mark. Empty if the line shows nothing.
    pub title: String,
    /// In Markdown, without the mark.
    pub text: String,
    /// The texts in the mark.
    pub after: Vec<String>,
}

/// Takes the mark out of a line, if it has one.
pub(super) fn take(markdown: &str) -> Line {
    let whole = |after| Line { title: inline::plain(markdown), text: markdown.to_owned(), after };
    if !markdown.contains(')') || markdown.chars().nth(READ).is_some() {
        return whole(Vec::new());
    }
    let source: Vec<char> = markdown.chars().collect();
    let shown = inline::shown(&source);
    let Some(Mark { open, close, cells }) = find(&shown) else {
        return whole(Vec::new());
    };
    let text = without(&source, shown[open].at, shown[close].at);
    let title = if shown[open].at < inline::READ {
        inline::tidy(shown[..open].iter().map(|shown| shown.c))
    } else {
        // As far as a line without a mark would be read: its task is found by the title.
        inline::plain(&text)
    };
    // Without the mark it would have no title.
    if title.is_empty() { whole(cells) } else { Line { title, text, after: cells } }
}

/// The source without the mark, and without emphasis that holds nothing but the mark.
fn without(source: &[char], open: usize, close: usize) -> String {
    let before: String = source[..open].iter().collect();
    let behind: String = source[close + 1..].iter().collect();
    match before.strip_suffix(behind.trim_end()) {
        Some(before) => before.trim_end().to_owned(),
        None => format!("{}{behind}", before.trim_end()).trim_end().to_owned(),
    }
}

/// Where a mark begins and ends in what the line shows.
struct Mark {
    open: usize,
    close: usize,
    cells: Vec<String>,
}

fn find(shown: &[Shown]) -> Option<Mark> {
    let close = shown.iter().rposition(|shown| !is_blank(shown.c))?;
    if !shown[close].marks(')') {
        return None;
    }
    let line = &shown[..=close];
    (0..close)
        .rev()
        .filter_map(|open| Some((open, after_label(line, open)?)))
        .take(TRIES)
        .find_map(|(open, body)| Some(Mark { open, close, cells: cells(&line[body..])? }))
}

/// Where the text behind `(after:` begins, if that is what stands there.
fn after_label(line: &[Shown], open: usize) -> Option<usize> {
    if !line[open].marks('(') {
        return None;
    }
    let word = skip_space(line, open + 1);
    let end = word + "after".len();
    let letters = line.get(word..end)?.iter().map(|shown| shown.c.to_ascii_lowercase());
    let colon = skip_space(line, end);
    let is_label = letters.eq("after".chars()) && matches!(line.get(colon)?.c, ':' | '：');
    is_label.then_some(colon + 1)
}

/// The texts of a mark, if its bracket is closed by the last character and not before.
fn cells(body: &[Shown]) -> Option<Vec<String>> {
    let mut cells = Vec::new();
    let mut cell = String::new();
    let mut depth = 0_usize;
    let mut at = 0;
    let mut may_quote = true;
    while let Some(&shown) = body.get(at) {
        if may_quote && is_quote(shown) && cell.trim().is_empty() {
            if let Some(end) = end_of_quotes(body, at) {
                cell.extend(body[at + 1..end].iter().map(|shown| shown.c));
                at = end + 1;
                continue;
            }
            // No quote further on has an end either; not searched again, or long lines would take forever.
            may_quote = false;
        }
        at += 1;
        match shown.c {
            _ if shown.literal => {}
            ')' if depth == 0 => {
                finish(&mut cells, &mut cell);
                return (at == body.len()).then_some(cells);
            }
            ';' | ',' if depth == 0 => {
                finish(&mut cells, &mut cell);
                continue;
            }
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        cell.push(shown.c);
    }
    None
}

/// The quote that ends a text in quotes: one with nothing between it and the next separator.
fn end_of_quotes(body: &[Shown], open: usize) -> Option<usize> {
    (open + 1..body.len()).find(|at| {
        let ends = |next: &Shown| [';', ',', ')'].into_iter().any(|c| next.marks(c));
        is_quote(body[*at]) && body.get(skip_space(body, at + 1)).is_some_and(ends)
    })
}

/// What has nothing in it, as between two separators, is nothing to wait for.
fn finish(cells: &mut Vec<String>, cell: &mut String) {
    let text = inline::tidy(std::mem::take(cell).chars());
    if !text.is_empty() {
        cells.push(text);
    }
}

fn is_quote(shown: Shown) -> bool {
    !shown.literal && QUOTES.contains(&shown.c)
}

fn skip_space(line: &[Shown], from: usize) -> usize {
    let rest = line.get(from..).unwrap_or_default();
    from + rest.iter().take_while(|shown| shown.c.is_whitespace()).count()
}

/// What a title loses at its end.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, ':' | '：') || visible_line(c.encode_utf8(&mut [0; 4])).is_empty()
}

#[cfg(test)]
mod tests;
