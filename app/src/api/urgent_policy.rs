//! How urgent projects ring: reading, changing and trying it.

use crate::AppError;
use domain::{
    ids::ProjectId,
    urgent::{KeptPolicy, Policy, TestLine, Who, span_text},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// A policy with what its form offers.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PolicyChoices {
    /// The policy that counts.
    pub kept: KeptPolicy,
    /// Roles, each with its value in the form and its name.
    pub roles: Vec<(String, String)>,
    /// People of the project, likewise.
    pub people: Vec<(String, String)>,
    /// Webhooks, each with what its calls are signed with, for whoever may change them.
    pub webhooks: Vec<(String, String)>,
}

/// A row of the form about repeats; one without a span is left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RepeatRow {
    /// As people write it: “60 s”.
    pub every: String,
    /// How many times; blank in the last row.
    pub times: String,
}

/// A row of the form about steps; one without anybody is left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct StepRow {
    /// As people write it: “10 min”.
    pub after: String,
    /// `members`, `owner`, `role:<id>`, `person:<id>`, `webhook` …
    pub who: String,
    /// `push`, `email`, `both`.
    pub ways: String,
    /// A webhook's address.
    pub url: String,
}

impl RepeatRow {
    /// The rows of a policy.
    pub fn of(policy: &Policy) -> Vec<Self> {
        let row = |repeat: &domain::urgent::Repeat| Self {
            every: span_text(repeat.every_seconds),
            times: repeat.times.map(|times| times.to_string()).unwrap_or_default(),
        };
        policy.repeats.iter().map(row).collect()
    }
}

impl StepRow {
    /// The rows of a policy.
    pub fn of(policy: &Policy) -> Vec<Self> {
        policy
            .steps
            .iter()
            .map(|step| Self {
                after: span_text(step.after_seconds),
                who: who_value(&step.who),
                ways: match step.ways.as_slice() {
                    [] => String::new(),
                    [domain::urgent::Way::Push] => "push".into(),
                    [domain::urgent::Way::Email] => "email".into(),
                    _ => "both".into(),
                },
                url: if let Who::Webhook { url } = &step.who { url.clone() } else { String::new() },
            })
            .collect()
    }
}

/// Whom a step alerts, as the form's value.
fn who_value(who: &Who) -> String {
    match who {
        Who::Members => "members".into(),
        Who::Owner => "owner".into(),
        Who::TeamLeads => "team_leads".into(),
        Who::Administrators => "administrators".into(),
        Who::Role { role_id } => format!("role:{role_id}"),
        Who::Person { user_id } => format!("person:{user_id}"),
        Who::Webhook { .. } => "webhook".into(),
    }
}

/// The policy of a project, or of the workspace, with what its form offers.
#[server(name = FindPolicy, prefix = "/fn", endpoint = "urgent/policy/find")]
pub async fn find_policy(#[server(default)] project: Option<ProjectId>) -> Result<PolicyChoices, AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let (kept, people) = match project {
        Some(project) => (
            services::urgent::policy_of_project(&services, &actor, project).await?,
            services::project_members::people(&services, &actor, project).await?,
        ),
        None => (services::urgent::policy_of_workspace(&services, &actor).await?, Vec::new()),
    };
    let roles = services::roles::list(&services, &actor).await?;
    let webhooks = services::links::webhooks(&services, &actor, project, &kept);
    Ok(PolicyChoices {
        kept,
        webhooks: webhooks.into_iter().map(|hook| (hook.url, hook.secret)).collect(),
        roles: roles.into_iter().map(|role| (format!("role:{}", role.id), role.name)).collect(),
        people: people.into_iter().map(|who| (format!("person:{}", who.id), who.display_name)).collect(),
    })
}

/// Changes the policy of a project, or of the workspace.
#[server(name = SavePolicy, prefix = "/fn", endpoint = "urgent/policy/save")]
pub async fn save_policy(
    #[server(default)] project: Option<ProjectId>,
    version: i64,
    #[server(default)] needs: String,
    #[server(default)] again: String,
    #[server(default)] repeats: Vec<RepeatRow>,
    #[server(default)] steps: Vec<StepRow>,
) -> Result<KeptPolicy, AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let policy = read::policy((&needs, &again), &repeats, &steps)?;
    let set = (version, policy);
    Ok(match project {
        Some(project) => services::urgent::set_policy_of_project(&services, &actor, project, set).await?,
        None => services::urgent::set_policy_of_workspace(&services, &actor, set).await?,
    })
}

/// Takes a project's own policy away.
#[server(name = ResetPolicy, prefix = "/fn", endpoint = "urgent/policy/reset")]
pub async fn reset_policy(project: ProjectId, version: i64) -> Result<KeptPolicy, AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    Ok(services::urgent::reset_policy(&services, &actor, project, version).await?)
}

/// What would happen if the project were raised now. Alarms nobody.
#[server(name = TestPolicy, prefix = "/fn", endpoint = "urgent/policy/test")]
pub async fn test_policy(project: ProjectId) -> Result<Vec<TestLine>, AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    Ok(services::urgent::test_policy(&services, &actor, project, None).await?)
}

/// From the form's rows to a policy. Whether it rings is the service's to say.
#[cfg(feature = "ssr")]
mod read {
    use super::{RepeatRow, StepRow};
    use domain::{
        Error, Result,
        urgent::{Needs, Policy, Repeat, Step, Way, Who, parse_span},
    };

    pub(super) fn policy(
        (needs, again): (&str, &str),
        repeats: &[RepeatRow],
        steps: &[StepRow],
    ) -> Result<Policy> {
        let again_after_seconds = match again.trim() {
            "" => None,
            text => Some(span("again_after_seconds", text)?),
        };
        let repeats =
            repeats.iter().filter(|row| !row.every.trim().is_empty()).map(repeat).collect::<Result<_>>()?;
        let steps = steps.iter().filter(|row| !row.who.is_empty()).map(step).collect::<Result<_>>()?;
        let needs = if needs == "first" { Needs::First } else { Needs::Everyone };
        Ok(Policy { needs, repeats, steps, again_after_seconds })
    }

    fn span(field: &str, text: &str) -> Result<i64> {
        parse_span(text).ok_or_else(|| {
            let message = format!("“{text}” is no time. Write it like 90 s, 5 min or 1 h.");
            Error::field(field, "unknown", message)
        })
    }

    fn repeat(row: &RepeatRow) -> Result<Repeat> {
        let times = match row.times.trim() {
            "" => None,
            text => Some(text.parse().map_err(|_| {
                Error::field(
                    "repeats",
                    "times",
                    "Say how many times by a number, or leave it blank in the last row.",
                )
            })?),
        };
        Ok(Repeat { every_seconds: span("repeats", &row.every)?, times })
    }

    fn step(row: &StepRow) -> Result<Step> {
        let who = who(row)?;
        let ways = match (&who, row.ways.as_str()) {
            (Who::Webhook { .. }, _) => Vec::new(),
            (_, "push") => vec![Way::Push],
            (_, "email") => vec![Way::Email],
            _ => vec![Way::Push, Way::Email],
        };
        let after = if row.after.trim().is_empty() { "0" } else { &row.after };
        Ok(Step { after_seconds: span("steps", after)?, who, ways })
    }

    fn who(row: &StepRow) -> Result<Who> {
        let unknown = || Error::field("steps", "unknown", "Choose for each step whom it alerts.");
        Ok(match row.who.split_once(':') {
            Some(("role", id)) => Who::Role { role_id: id.parse().map_err(|_| unknown())? },
            Some(("person", id)) => Who::Person { user_id: id.parse().map_err(|_| unknown())? },
            _ => match row.who.as_str() {
                "members" => Who::Members,
                "owner" => Who::Owner,
                "team_leads" => Who::TeamLeads,
                "administrators" => Who::Administrators,
                "webhook" => Who::Webhook { url: row.url.trim().to_owned() },
                _ => return Err(unknown()),
            },
        })
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn the_rows_of_a_policy_are_that_policy() {
            let mut usual = Policy::default();
            usual.steps.push(Step {
                after_seconds: 90,
                who: Who::Webhook { url: "https://example.org/h".into() },
                ways: Vec::new(),
            });
            let (mut repeats, mut steps) = (RepeatRow::of(&usual), StepRow::of(&usual));
            repeats.push(RepeatRow::default());
            steps.push(StepRow::default());
            assert_eq!(policy(("everyone", ""), &repeats, &steps), Ok(usual));
        }
    }
}
