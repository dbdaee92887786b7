//! Urgent projects.
//!
//! `episodes` holds the times that projects were urgent, `alerts` each person's, `policies` how they ring, `people` who
//! is to be alerted, `engine` what is due, `report` what was sent.

mod alerts;
mod engine;
mod episodes;
mod people;
mod policies;
mod report;

pub use alerts::{
    Acked, AlertRow, NewAlert, acknowledge, end_of_episode, end_ringing, find, insert, of_episode, own,
    ringing_of_episode, rouse,
};
pub use engine::{
    DueAlert, DueEpisode, Ring, advance, anything_due, begin_again, clock_went_back, due_alerts,
    due_episodes, hasten, postpone, rearm, step_on, wake_steps,
};
pub use episodes::{
    Cursor, EpisodeRow, NewRow, by_id, count_raised, end, insert as insert_episode, list, open_of_project,
    raised_since, resume, set_answered, suspend,
};
pub use people::{
    Found, PIECE, changed_access, leave, look_again, missing, of_steps, returned, seen_access, strayed,
    would_be_alerted,
};
pub use policies::{
    find as find_policy, find_many as find_policies, insert as insert_policy, remove as remove_policy,
    update as update_policy,
};
pub use report::{failures, sends};

/// When nothing is due any more.
pub const NEVER: i64 = i64::MAX;

/// That a person (`u`) belongs to the project of an episode (`e`) with a role that sees it.
const IS_MEMBER: &str = "EXISTS (
       SELECT 1
       FROM project_member m
       JOIN role_permission rp ON rp.role_id = m.role_id AND rp.permission = 'project.view'
       WHERE m.project_id = e.project_id AND m.user_id = u.id)";

/// That a person (`u`) sees every project.
const SEES_ALL: &str = "EXISTS (
       SELECT 1
       FROM role_permission ra
       JOIN role_permission rv ON rv.role_id = ra.role_id AND rv.permission = 'project.view'
       WHERE ra.role_id = u.role_id AND ra.permission = 'project.access_all')";
