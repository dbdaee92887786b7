//! Walks over the lines and finds what belongs to what.
//!
//! Close to `CommonMark` where that decides what is code and what is text, and kinder where people indent
//! carelessly: two columns are enough to belong to a numbered item, and too many never make code of
//! an item in a list.

use super::{
    ChecklistError, MAX_ITEMS, NodeKind, after,
    line::{Fence, Line, Shape, dedent},
};

/// From here on an indented line outside of a list is code.
const CODE: usize = 4;
/// Columns that make an item belong to the one above.
const NESTED: usize = 2;

/// What was found, in the order of the document.
pub(super) struct Outline {
    /// Headings, with and without items beneath them, and items.
    pub drafts: Vec<Draft>,
    /// What stands before the first heading or item.
    pub preamble: Body,
}

/// A heading or an item.
pub(super) struct Draft {
    pub kind: NodeKind,
    /// In Markdown, without the mark of what it waits for.
    pub text: String,
    /// In plain text, as long as it may be.
    pub title: String,
    /// What it waits for, as written.
    pub after: Vec<String>,
    pub done: bool,
    pub parent: Option<usize>,
    pub line: usize,
    pub body: Body,
}

/// Lines of a description, each with its place.
#[derive(Default)]
pub(super) struct Body(Vec<(usize, String)>);

impl Body {
    /// The text; where lines of something else stood between, a blank one stands now.
    pub(super) fn join(&self, without_common_indent: bool) -> String {
        let indent = |line: &String| line.len() - line.trim_start_matches(' ').len();
        let filled = self.0.iter().map(|(_, line)| line).filter(|line| !line.trim().is_empty());
        let common = if without_common_indent { filled.map(indent).min().unwrap_or(0) } else { 0 };
        let mut text = String::new();
        let mut last = None;
        for (at, line) in &self.0 {
            match last {
                Some(last) if at - last > 1 => text.push_str("\n\n"),
                Some(_) => text.push('\n'),
                None => {}
            }
            text.push_str(line.get(common..).unwrap_or_default());
            last = Some(*at);
        }
        text.trim_end().to_owned()
    }
}

/// Reads the lines after the first `skip`.
pub(super) fn read(lines: &[&str], skip: usize) -> Result<Outline, ChecklistError> {
    let mut reader = Reader {
        lines,
        outline: Outline { drafts: Vec::new(), preamble: Body::default() },
        items: 0,
        headings: Vec::new(),
        scopes: Vec::new(),
        fence: None,
        in_comment: false,
        last_comment_end: lines.iter().rposition(|line| line.contains("-->")),
        in_paragraph: false,
    };
    let mut at = skip;
    while at < lines.len() {
        at += reader.line(at)?;
    }
    Ok(reader.outline)
}

struct Reader<'a> {
    lines: &'a [&'a str],
    outline: Outline,
    items: usize,
    /// The headings that enclose the line, outermost first.
    headings: Vec<usize>,
    /// The items and bullets that the line may belong to, outermost first.
    scopes: Vec<Scope>,
    fence: Option<OpenFence>,
    in_comment: bool,
    last_comment_end: Option<usize>,
    /// Whether the line before was text that this one may go on with.
    in_paragraph: bool,
}

struct Scope {
    /// The column of its marker.
    marker: usize,
    /// The column of its text.
    content: usize,
    /// `None` for a plain bullet.
    item: Option<usize>,
}

struct OpenFence {
    fence: Fence,
    owner: Owner,
    /// The column of the marker of the item or bullet that it stands in.
    marker: Option<usize>,
}

/// Whose description a line belongs to.
#[derive(Clone, Copy)]
struct Owner {
    draft: Option<usize>,
    indent: usize,
}

impl Reader<'_> {
    /// Takes in the line, and says how many lines that were.
    fn line(&mut self, at: usize) -> Result<usize, ChecklistError> {
        let line = Line::new(self.lines[at]);
        if self.goes_on_with_code(at, line) || self.goes_on_with_comment(at) {
            return Ok(1);
        }
        match line.shape() {
            Shape::Blank => self.in_paragraph = false,
            Shape::Heading { level, text } if self.is_outside(line) => {
                self.heading(at, level, text);
            }
            Shape::Rule if self.is_outside(line) => {
                self.scopes.clear();
                self.in_paragraph = false;
            }
            Shape::Item { content, done, text } => return self.item(at, (line, content), done, text),
            Shape::Bullet { content, text } => self.bullet(at, line, content, text),
            Shape::Fence(fence) => self.open_fence(at, line, fence),
            Shape::Comment if !self.is_code(line) && self.last_comment_end >= Some(at) => {
                self.in_comment = true;
                self.goes_on_with_comment(at);
            }
            Shape::Text => return Ok(self.text(at, line)),
            Shape::Heading { .. } | Shape::Rule | Shape::Quote | Shape::Comment => {
                self.leave_for_text(line);
                self.add(at);
                self.in_paragraph = false;
            }
        }
        Ok(1)
    }

    fn goes_on_with_code(&mut self, at: usize, line: Line<'_>) -> bool {
        let Some(open) = &self.fence else {
            return false;
        };
        let owner = open.owner;
        let closed = open.fence.is_closed_by(line);
        // Code that was never closed ends where its item does, or it would swallow the others.
        let left = open.marker.is_some_and(|marker| line.indent <= marker)
            && matches!(line.shape(), Shape::Item { .. });
        if closed || left {
            self.fence = None;
        }
        if !left {
            self.add_to(owner, at);
        }
        !left
    }

    /// What follows the end of a comment on its line is text in the document and of no use here.
    fn goes_on_with_comment(&mut self, at: usize) -> bool {
        if !self.in_comment {
            return false;
        }
        self.in_comment = !self.lines[at].contains("-->");
        self.in_paragraph = false;
        true
    }

    fn heading(&mut self, at: usize, level: u8, text: &str) {
        self.scopes.clear();
        self.in_paragraph = false;
        let after::Line { title, text, after } = after::take(text);
        if title.is_empty() {
            return;
        }
        let drafts = &self.outline.drafts;
        let encloses = |heading: usize| matches!(drafts[heading].kind, NodeKind::Heading { level: above } if above < level);
        while self.headings.pop_if(|heading| !encloses(*heading)).is_some() {}
        let parent = self.headings.last().copied();
        self.headings.push(drafts.len());
        let kind = NodeKind::Heading { level };
        self.draft(Draft { title, after, ..new_draft(kind, text, parent, at) });
    }

    fn item(
        &mut self,
        at: usize,
        (line, content): (Line<'_>, usize),
        done: bool,
        text: &str,
    ) -> Result<usize, ChecklistError> {
        self.leave_for_marker(line);
        let after::Line { title, text, after } = after::take(text);
        if self.is_code(line) || title.is_empty() {
            self.add(at);
            return Ok(1);
        }
        self.items += 1;
        if self.items > MAX_ITEMS {
            return Err(ChecklistError::TooManyItems { line: at + 1 });
        }
        let parent = self.owner().draft;
        let item = Some(self.outline.drafts.len());
        self.draft(Draft { title, after, done, ..new_draft(NodeKind::Item, text, parent, at) });
        self.scopes.push(Scope { marker: line.indent, content, item });
        self.in_paragraph = true;
        Ok(1)
    }

    fn bullet(&mut self, at: usize, line: Line<'_>, content: usize, text: &str) {
        self.leave_for_marker(line);
        self.add(at);
        if self.is_code(line) {
            return;
        }
        let owner = self.owner();
        self.scopes.push(Scope { marker: line.indent, content, item: None });
        self.in_paragraph = true;
        if let Some(fence) = Fence::open(text) {
            self.fence = Some(OpenFence { fence, owner, marker: Some(line.indent) });
            self.in_paragraph = false;
        }
    }

    fn open_fence(&mut self, at: usize, line: Line<'_>, fence: Fence) {
        self.leave_for_text(line);
        self.add(at);
        if !self.is_code(line) {
            let marker = self.scopes.last().map(|scope| scope.marker);
            self.fence = Some(OpenFence { fence, owner: self.owner(), marker });
        }
        self.in_paragraph = false;
    }

    fn text(&mut self, at: usize, line: Line<'_>) -> usize {
        // A sentence that goes on at the margin still belongs to its item.
        let at_margin = self.scopes.first().is_some_and(|scope| line.indent <= scope.marker);
        if self.in_paragraph && at_margin && !line.is_bold() {
            self.add(at);
            return 1;
        }
        self.leave_for_text(line);
        let next = self.lines.get(at + 1).map(|next| Line::new(next));
        if !self.in_paragraph
            && self.is_outside(line)
            && let Some(level) = next.and_then(Line::underline)
        {
            self.heading(at, level, line.text.trim_end());
            return 2;
        }
        let code = self.is_code(line);
        self.add(at);
        self.in_paragraph = !code;
        1
    }

    fn draft(&mut self, draft: Draft) {
        self.outline.drafts.push(draft);
    }

    /// Whether the line stands in no item and no bullet, and is not indented so far as to be code.
    fn is_outside(&self, line: Line<'_>) -> bool {
        line.indent < CODE && self.scopes.iter().all(|scope| line.indent < scope.content)
    }

    fn is_code(&self, line: Line<'_>) -> bool {
        self.scopes.is_empty() && line.indent >= CODE && !self.in_paragraph
    }

    fn leave_for_marker(&mut self, line: Line<'_>) {
        while self.scopes.pop_if(|scope| line.indent < scope.marker + NESTED).is_some() {}
    }

    fn leave_for_text(&mut self, line: Line<'_>) {
        while self.scopes.pop_if(|scope| line.indent <= scope.marker).is_some() {}
    }

    fn owner(&self) -> Owner {
        let item = self.scopes.iter().rev().find(|scope| scope.item.is_some());
        match item {
            Some(scope) => Owner { draft: scope.item, indent: scope.content },
            None => Owner { draft: self.headings.last().copied(), indent: 0 },
        }
    }

    fn add(&mut self, at: usize) {
        self.add_to(self.owner(), at);
    }

    fn add_to(&mut self, owner: Owner, at: usize) {
        let body = match owner.draft {
            Some(draft) => &mut self.outline.drafts[draft].body,
            None => &mut self.outline.preamble,
        };
        body.0.push((at, dedent(self.lines[at], owner.indent)));
    }
}

fn new_draft(kind: NodeKind, text: String, parent: Option<usize>, at: usize) -> Draft {
    Draft {
        kind,
        text,
        title: String::new(),
        after: Vec::new(),
        done: false,
        parent,
        line: at + 1,
        body: Body::default(),
    }
}
