//! Comments on tasks.

use crate::{
    ids::{CommentId, TaskId},
    time::Timestamp,
    user::UserRef,
};
use serde::{Deserialize, Serialize};

/// A comment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comment {
    /// Its id.
    pub id: CommentId,
    /// The task that it is on.
    pub task_id: TaskId,
    /// Who wrote it.
    pub author: Option<UserRef>,
    /// In Markdown.
    pub body: String,
    /// The same as safe HTML.
    pub body_html: String,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it was last changed, if it was.
    pub edited_at: Option<Timestamp>,
    /// Grows with every change.
    pub version: i64,
}

/// A new comment. `@username` makes that person a watcher of the task, if they may see it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NewComment {
    /// Made by the client or by the service.
    pub id: Option<CommentId>,
    /// See [`Comment::body`].
    pub body: String,
}

/// A change of a comment.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EditComment {
    /// The version that the editor saw.
    #[serde(default)]
    pub version: i64,
    /// See [`Comment::body`].
    pub body: String,
}

/// The user names mentioned in a text as `@name`, each once, in lower case, at most 50. Code does not count.
pub fn mentions(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut fenced = false;
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
            continue;
        }
        if fenced {
            continue;
        }
        // Every second part between back-ticks is code.
        for part in line.split('`').step_by(2) {
            collect_mentions(part, &mut found);
        }
    }
    found.truncate(50);
    found
}

fn collect_mentions(text: &str, found: &mut Vec<String>) {
    for (at, _) in text.match_indices('@') {
        // `mail@example` is an address, not a mention.
        if text[..at].chars().next_back().is_some_and(char::is_alphanumeric) {
            continue;
        }
        let name: String = text[at + 1..]
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'))
            .collect();
        let name = name.trim_end_matches(['.', '-']).to_ascii_lowercase();
        if !name.is_empty() && !found.contains(&name) {
            found.push(name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_mentioned_outside_code_and_addresses() {
        let text = "Ask @Ada.L, @bob. and `@code` or mail@example.org\n```\n@fenced\n```\n@ada.l again";
        assert_eq!(mentions(text), ["ada.l", "bob"]);
    }
}
