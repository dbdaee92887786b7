//! Makes the plan of what the outline found: leaves out, numbers anew, cuts and counts.

use super::{
    Checklist, ChecklistError, Node, NodeKind, inline,
    outline::{Draft, Outline},
    source_key::{self, SourceKeys},
    waits,
};
use crate::{
    limits::{DEPTH, TEXT, TITLE},
    validate::visible_line,
};

/// The plan of an outline.
pub(super) fn plan(outline: Outline) -> Result<Checklist, ChecklistError> {
    let Outline { drafts, preamble } = outline;
    let kept = with_items_beneath(&drafts);
    let title = document_title(&drafts, &kept);
    let mut description = preamble.join(false);
    if let Some(title) = title {
        description = paragraphs(&description, &drafts[title].body.join(false));
    }
    let mut checklist = Checklist {
        title: title.map(|title| cut(&drafts[title].title)),
        description: limited(description, title.map_or(1, |title| drafts[title].line))?,
        nodes: Vec::new(),
        skipped_headings: skipped_headings(&drafts, &kept, title),
    };
    let mut places: Vec<Option<Place>> = Vec::with_capacity(drafts.len());
    let mut keys = SourceKeys::default();
    let mut sources = Vec::new();
    for (at, draft) in drafts.iter().enumerate() {
        if !kept[at] || title == Some(at) {
            places.push(None);
            continue;
        }
        let above = draft.parent.and_then(|parent| places[parent]);
        let is_item = draft.kind == NodeKind::Item;
        let key = keys.next(above.map(|above| above.key), is_item, &draft.title);
        let place = Place::under(above, checklist.nodes.len(), key);
        checklist.nodes.push(node(draft, place)?);
        sources.push(draft);
        places.push(Some(place));
    }
    tick_headings(&mut checklist.nodes);
    waits::resolve(&mut checklist.nodes, &sources)?;
    Ok(checklist)
}

/// Where a draft came to stand in the plan.
#[derive(Clone, Copy)]
struct Place {
    index: usize,
    parent: Option<usize>,
    /// From 1.
    level: usize,
    key: u128,
}

impl Place {
    fn under(above: Option<Self>, index: usize, key: u128) -> Self {
        match above {
            None => Self { index, parent: None, level: 1, key },
            Some(above) if above.level < DEPTH => {
                Self { index, parent: Some(above.index), level: above.level + 1, key }
            }
            // As deep as tasks may be: what is deeper stands beside.
            Some(above) => Self { index, parent: above.parent, level: above.level, key },
        }
    }
}

fn with_items_beneath(drafts: &[Draft]) -> Vec<bool> {
    let mut kept = vec![false; drafts.len()];
    for (at, draft) in drafts.iter().enumerate() {
        if draft.kind != NodeKind::Item {
            continue;
        }
        let mut next = Some(at);
        while let Some(at) = next.filter(|at| !kept[*at]) {
            kept[at] = true;
            next = drafts[at].parent;
        }
    }
    kept
}

/// The only `#` heading with items, if nothing stands before it. In a document without any item, the
/// first `#` heading.
fn document_title(drafts: &[Draft], kept: &[bool]) -> Option<usize> {
    let is_top = |at: &usize| drafts[*at].kind == NodeKind::Heading { level: 1 };
    let Some(first) = kept.iter().position(|kept| *kept) else {
        return (0..drafts.len()).find(is_top);
    };
    let tops = (0..drafts.len()).filter(|at| kept[*at] && is_top(at)).count();
    Some(first).filter(|first| is_top(first) && tops == 1)
}

/// A heading that repeats the title is not worth telling.
fn skipped_headings(drafts: &[Draft], kept: &[bool], title: Option<usize>) -> usize {
    let title = title.map(|title| (drafts[title].kind, drafts[title].title.as_str()));
    let skipped = drafts
        .iter()
        .zip(kept)
        .filter(|(draft, kept)| !**kept && Some((draft.kind, draft.title.as_str())) != title);
    skipped.count()
}

fn node(draft: &Draft, place: Place) -> Result<Node, ChecklistError> {
    let mut description = draft.body.join(draft.kind == NodeKind::Item);
    let title = cut(&draft.title);
    if title != draft.title || draft.text.chars().nth(inline::READ).is_some() {
        description = paragraphs(&draft.text, &description);
    }
    Ok(Node {
        kind: draft.kind,
        title,
        description: limited(description, draft.line)?,
        done: draft.done,
        parent: place.parent,
        line: draft.line,
        source_key: source_key::text(place.key),
        after: Vec::new(),
    })
}

fn paragraphs(first: &str, second: &str) -> String {
    let between = if first.is_empty() || second.is_empty() { "" } else { "\n\n" };
    format!("{first}{between}{second}")
}

fn limited(description: String, line: usize) -> Result<String, ChecklistError> {
    let chars = description.chars().count();
    if chars > TEXT {
        return Err(ChecklistError::TextTooLong { line, chars });
    }
    Ok(description)
}

/// A title that is too long ends after a word, or within one that is very long.
pub(super) fn cut(title: &str) -> String {
    if title.chars().count() <= TITLE {
        return title.to_owned();
    }
    let head: String = title.chars().take(TITLE - 1).collect();
    let word_end = head.rfind(' ').filter(|end| *end > head.len() / 2).unwrap_or(head.len());
    // A cut through an emoji leaves a joiner without its second half.
    format!("{}…", visible_line(&head[..word_end]))
}

/// A heading is done when all items beneath it are.
fn tick_headings(nodes: &mut [Node]) {
    let is_heading = |node: &Node| node.kind != NodeKind::Item;
    for node in nodes.iter_mut().filter(|node| is_heading(node)) {
        node.done = true;
    }
    for at in 0..nodes.len() {
        if is_heading(&nodes[at]) || nodes[at].done {
            continue;
        }
        let mut next = nodes[at].parent;
        while let Some(above) = next {
            if is_heading(&nodes[above]) {
                nodes[above].done = false;
            }
            next = nodes[above].parent;
        }
    }
}
