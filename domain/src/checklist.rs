//! Markdown checklists: a document becomes a plan of tasks, and the same tasks when it is read again.
//!
//! - A heading with an item somewhere beneath it is a node; one without is left out and counted. A
//!   single `#` heading that encloses everything is the document's title and no node.
//! - `- [ ]` and `- [x]` (also `*`, `+`, `1.`, `1)` and `[X]`) are items; indented ones belong to the
//!   item above.
//! - Everything indented under an item, be it text, plain bullets or code, is its description. Text at
//!   the margin belongs to the heading, also a line all in bold that introduces some of the items: it
//!   is text, not a level.
//! - `- [ ] B (after: A)` waits for A. The mark ends the line of an item or heading and is no part of
//!   its title; an item that is nothing but a mark has it for a title and waits all the same. Inside,
//!   `;` or `,` stand between keys of tasks (`WEB-12`) and titles of this document, and a title with one
//!   of them, or with a bracket that has no partner, is put into double quotes. Any text may stand there:
//!   `(after: lunch)` is a mark, and [`After::Unknown`]; `(after: )` is one too and waits for nothing.
//!   Brackets that are escaped or in code are text. A document's title waits for nothing.
//! - Front matter, code, quotations and HTML comments hold no headings and no items. Code by
//!   indentation alone counts as such where no list is open.
//!
//! Nothing here recurses, so depth costs no stack.

mod after;
mod document;
mod emphasis;
mod inline;
mod line;
mod outline;
mod plan;
#[cfg(test)]
mod properties;
mod source_key;
#[cfg(test)]
mod tests;
mod waits;

use std::fmt;

/// Largest document, in bytes.
pub const MAX_BYTES: usize = 2 * 1024 * 1024;
/// Most items in one document.
pub const MAX_ITEMS: usize = 5_000;

/// Most references in the mark of one item.
pub const MAX_AFTER: usize = 50;

/// What a document plans.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checklist {
    /// The document's title: a name to suggest for the project.
    pub title: Option<String>,
    /// What stands before the first node, in Markdown: a description to suggest for the project.
    pub description: String,
    /// Headings and items in the order of the document, a parent before its children.
    pub nodes: Vec<Node>,
    /// Headings that were left out because no item stands beneath them.
    pub skipped_headings: usize,
}

/// A heading or an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Which of them.
    pub kind: NodeKind,
    /// In plain text, without a mark of what it waits for, at most [`crate::limits::TITLE`] characters;
    /// taken by [`crate::validate::name`].
    pub title: String,
    /// In Markdown, at most [`crate::limits::TEXT`] characters; taken by [`crate::validate::text`].
    /// Begins with the whole text of a title that had to be cut.
    pub description: String,
    /// Whether an item is ticked, or all items beneath a heading are.
    pub done: bool,
    /// The node that it belongs to, by index.
    pub parent: Option<usize>,
    /// Where it stands in the document, from 1.
    pub line: usize,
    /// The same each time the document is read: 32 hexadecimal digits.
    ///
    /// Made of the titles on the way to it, without case, accents and punctuation, and of its number
    /// among siblings of the same title. So it outlives ticks, new descriptions, another order, and
    /// another title of the whole document. It changes with its own title or one above it, when it
    /// moves under another parent, and when a second top heading turns the first one into a node.
    pub source_key: String,
    /// What it waits for, each once, in the order of its mark; at most [`MAX_AFTER`].
    pub after: Vec<After>,
}

/// What a node waits for.
///
/// Titles are compared as source keys do it: without case, accents and punctuation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum After {
    /// A task by its key, which is the title of no other node; whether there is one is not known here.
    Key {
        /// The project's key, in capitals.
        key: String,
        /// The task's number in it, from 1.
        number: i64,
    },
    /// A node by its index, never the node itself: the only other one of that title, or the only one
    /// of them that has the same parent.
    Node(usize),
    /// A text that is neither a key nor the title of another node, cut as titles are.
    Unknown(String),
    /// A title that several other nodes have, cut as titles are.
    Ambiguous(String),
}

/// What a node was in the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeKind {
    /// A heading.
    Heading {
        /// 1 to 6.
        level: u8,
    },
    /// An item.
    Item,
}

/// Why a document can't be imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChecklistError {
    /// It is larger than [`MAX_BYTES`].
    TooLarge {
        /// Its size.
        bytes: usize,
    },
    /// It has more than [`MAX_ITEMS`] items.
    TooManyItems {
        /// The line of the first one too many.
        line: usize,
    },
    /// An item or heading waits for more than [`MAX_AFTER`] others.
    TooManyAfter {
        /// Its line.
        line: usize,
    },
    /// A description is longer than [`crate::limits::TEXT`].
    TextTooLong {
        /// The line of the heading or item that it belongs to.
        line: usize,
        /// Its length.
        chars: usize,
    },
}

/// Reads a Markdown document. One without items makes a plan without nodes.
///
/// # Errors
/// When a limit is exceeded. Any other text is a document.
pub fn parse(text: &str) -> Result<Checklist, ChecklistError> {
    if text.len() > MAX_BYTES {
        return Err(ChecklistError::TooLarge { bytes: text.len() });
    }
    let text = document::clean(text);
    let lines: Vec<&str> = text.split('\n').collect();
    plan::plan(outline::read(&lines, document::front_matter(&lines))?)
}

impl Checklist {
    /// How many items there are, headings not counted.
    pub fn items(&self) -> usize {
        self.nodes.iter().filter(|node| node.kind == NodeKind::Item).count()
    }

    /// How many of the items are ticked.
    pub fn items_done(&self) -> usize {
        self.nodes.iter().filter(|node| node.kind == NodeKind::Item && node.done).count()
    }
}

impl fmt::Display for ChecklistError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge { bytes } => write!(
                f,
                "The document has {} kB and the limit is {} kB. Split it and import the parts one by one.",
                bytes.div_ceil(1024),
                MAX_BYTES / 1024
            ),
            Self::TooManyItems { line } => write!(
                f,
                "The document has more than {MAX_ITEMS} items: the first one too many is on line {line}. Split it and import the parts one by one."
            ),
            Self::TooManyAfter { line } => write!(
                f,
                "Line {line} waits for more than {MAX_AFTER} others. Add an item that waits for some of them, and name that one instead."
            ),
            Self::TextTooLong { line, chars } => write!(
                f,
                "The text that belongs to line {line} is {chars} characters long and the limit is {}. Shorten it, or spread it over several items.",
                crate::limits::TEXT
            ),
        }
    }
}

impl std::error::Error for ChecklistError {}
