//! Who asks, and what each kind of caller is answered. A row of the table names one of the constants.

/// Who asks. Each kind has its place in [`Answers`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Caller {
    /// Without cookie and token.
    Anonymous,
    /// A member of the workspace who manages a project of their own and knows nothing of the scene's.
    Outsider,
    /// Who belongs to the scene's projects and may only read, there and in the workspace.
    Viewer,
    /// A program with a read-only API token of the administrator: nothing but the token stands in its way.
    Token,
    /// The administrator's browser, which may do everything: what is answered here shows that a row asks for something
    /// that is there, in a way that can be read.
    Admin,
}

impl Caller {
    /// All of them, in the order of [`Answers`]: whoever is refused asks before things change.
    pub const ALL: [Self; 5] = [Self::Anonymous, Self::Outsider, Self::Viewer, Self::Token, Self::Admin];

    /// Who may not learn a word of what is in the scene's projects.
    pub const fn is_outside(self) -> bool {
        matches!(self, Self::Anonymous | Self::Outsider)
    }
}

/// What anonymous, outsider, viewer, token and administrator are answered; [`DONE`] stands for every status of success.
pub type Answers = [u16; 5];

/// It was done, or is shown.
pub const DONE: u16 = 200;
/// The page is there and says in place of what it would show that it could not be loaded.
pub const SAYS_NO: u16 = 0;

/// Open to whoever asks.
pub const OPEN: Answers = [DONE; 5];
/// There is nothing, whoever asks.
pub const NOTHING: Answers = [404; 5];
/// Whoever is signed in reads it: it is their own, or everybody's, or a list that leaves out what is not theirs to see.
pub const SIGNED_IN: Answers = [401, DONE, DONE, DONE, DONE];
/// Whoever is signed in does it to what is their own, but not by a read-only token.
pub const OWN_ACT: Answers = [401, DONE, DONE, 409, DONE];
/// The administrator's own, which is not there for others.
pub const PRIVATE: Answers = [401, 404, 404, DONE, DONE];
/// An act on the administrator's own, which is not there for others.
pub const PRIVATE_ACT: Answers = [401, 404, 404, 409, DONE];
/// Whoever may see the project reads it.
pub const MEMBERS: Answers = [401, 404, DONE, DONE, DONE];
/// Whoever may see the project does it for themself, but not by a read-only token.
pub const MEMBERS_ACT: Answers = [401, 404, DONE, 409, DONE];
/// Whoever may see the project and has the permission for it there.
pub const WORKERS: Answers = [401, 404, 403, 403, DONE];
/// As [`WORKERS`]; what is deleted is there only for those who may bring it back.
pub const RESTORERS: Answers = [401, 404, 404, 404, DONE];
/// A table of dependencies is refused by its first line that may not be.
pub const BY_LINE: Answers = [401, 422, 422, 409, DONE];
/// Whoever has the permission for it in the workspace, to read.
pub const OFFICE: Answers = [401, 403, 403, DONE, DONE];
/// Whoever has the permission for it in the workspace, to act.
pub const OFFICE_ACT: Answers = [401, 403, 403, 403, DONE];
