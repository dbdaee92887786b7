//! How an urgent project rings: how often, by which ways, and who hears of it when people don't answer.
//!
//! A policy is frozen when a project is raised. There is none that is silent: [`Policy::check`] refuses it.

use crate::{
    error::Fields,
    ids::{RoleId, UserId},
    limits::urgent as limits,
};
use serde::{Deserialize, Serialize};

/// Whose acknowledgement it takes to end the ringing.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Needs {
    /// Each person stops only their own.
    #[default]
    Everyone,
    /// The first one stops everybody's.
    First,
}

/// A way to a person besides the open page, which always rings.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// A push message to each of their browsers, also with the page closed.
    Push,
    /// E-mail.
    Email,
}

/// So often, and so many times.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Repeat {
    /// Seconds from one to the next.
    pub every_seconds: i64,
    /// How many times; `None` in the last one only: until the end.
    #[serde(default)]
    pub times: Option<i64>,
}

/// Whom a step alerts.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Who {
    /// The project's members and watchers who have not acknowledged, now by these ways too.
    Members,
    /// The project's owner.
    Owner,
    /// The leads of the project's teams.
    TeamLeads,
    /// Whoever may suspend urgent projects everywhere.
    Administrators,
    /// Everyone with this role, in the project or in the workspace.
    Role {
        /// The role.
        role_id: RoleId,
    },
    /// One person.
    Person {
        /// The person.
        user_id: UserId,
    },
    /// Another system.
    Webhook {
        /// Where it listens.
        url: String,
    },
}

impl Who {
    /// In words for people, as far as they say it without looking anything up.
    pub const fn label(&self) -> &'static str {
        match self {
            Self::Members => "Members who have not acknowledged",
            Self::Owner => "The project’s owner",
            Self::TeamLeads => "Leads of the project’s teams",
            Self::Administrators => "Administrators",
            Self::Role { .. } => "Everyone with a role",
            Self::Person { .. } => "A person",
            Self::Webhook { .. } => "A webhook",
        }
    }
}

impl Way {
    /// In words for people.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Push => "push",
            Self::Email => "e-mail",
        }
    }
}

/// One step: when, who, by what.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Seconds after the project was raised (for members: after they were alerted).
    pub after_seconds: i64,
    /// Whom it alerts.
    pub who: Who,
    /// By which ways; none for a webhook.
    #[serde(default)]
    pub ways: Vec<Way>,
}

/// How an urgent project rings.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Whose acknowledgement ends it.
    #[serde(default)]
    pub needs: Needs,
    /// How often it rings again, one after the other; the last has no end.
    pub repeats: Vec<Repeat>,
    /// What is added with time, the earliest first.
    pub steps: Vec<Step>,
    /// Seconds after which it rings again for somebody who acknowledged, while the project is still urgent; `None`: never.
    #[serde(default)]
    pub again_after_seconds: Option<i64>,
}

impl Default for Policy {
    /// Each minute for ten minutes, then each five; e-mail after two minutes, the owner after ten, administrators after
    /// twenty.
    fn default() -> Self {
        let step =
            |minutes: i64, who, ways: &[Way]| Step { after_seconds: minutes * 60, who, ways: ways.to_vec() };
        let both = [Way::Push, Way::Email];
        Self {
            needs: Needs::Everyone,
            repeats: vec![
                Repeat { every_seconds: 60, times: Some(10) },
                Repeat { every_seconds: 300, times: None },
            ],
            steps: vec![
                step(0, Who::Members, &[Way::Push]),
                step(2, Who::Members, &[Way::Email]),
                step(10, Who::Owner, &both),
                step(20, Who::Administrators, &both),
            ],
            again_after_seconds: None,
        }
    }
}

impl Policy {
    /// The policy with its steps in order, if it is one that rings.
    ///
    /// # Errors
    /// [`crate::Error::Invalid`] with every field that is wrong.
    pub fn check(mut self) -> crate::Result<Self> {
        let mut fields = Fields::new();
        self.check_repeats(&mut fields);
        self.check_steps(&mut fields);
        if let Some(again) = self.again_after_seconds
            && !limits::AGAIN.contains(&again)
        {
            fields.add(
                "again_after_seconds",
                "out_of_range",
                "Ring again after one hour to four days, or never.",
            );
        }
        fields.finish()?;
        self.steps.sort_by_key(|step| step.after_seconds);
        Ok(self)
    }

    /// The policy with no more of its webhooks' addresses than where they lead: the rest may be a secret.
    #[must_use]
    pub fn masked(mut self) -> Self {
        for step in &mut self.steps {
            if let Who::Webhook { url } = &mut step.who {
                *url = origin(url);
            }
        }
        self
    }

    fn check_repeats(&self, fields: &mut Fields) {
        let field = "repeats";
        let Some((last, before)) = self.repeats.split_last() else {
            return fields.add(field, "blank", "Say how often it rings. An urgent project is never silent.");
        };
        if self.repeats.len() > limits::REPEATS {
            fields.add(field, "too_many", format!("Use at most {} kinds of repeats.", limits::REPEATS));
        }
        if self.repeats.iter().any(|repeat| !limits::EVERY.contains(&repeat.every_seconds)) {
            fields.add(field, "out_of_range", "Repeat every 30 seconds to 15 minutes.");
        }
        let counted = |times: Option<i64>| times.is_some_and(|times| limits::TIMES.contains(&times));
        if !before.iter().all(|repeat| counted(repeat.times)) {
            fields.add(field, "times", "Say for each repeat but the last how many times, 1 to 100.");
        }
        if last.times.is_some() {
            fields.add(field, "ends", "The last repeat has no end: it rings until somebody acknowledges.");
        }
    }

    fn check_steps(&self, fields: &mut Fields) {
        let field = "steps";
        if self.steps.len() > limits::STEPS {
            fields.add(field, "too_many", format!("Use at most {} steps.", limits::STEPS));
        }
        for step in &self.steps {
            step.check(fields);
        }
        let reaches = |way: Way, until: i64| {
            self.steps.iter().any(|step| {
                step.who == Who::Members && step.after_seconds <= until && step.ways.contains(&way)
            })
        };
        if !reaches(Way::Push, 0) || !reaches(Way::Email, limits::EMAIL_BY) {
            let message =
                "Members get push at once and e-mail within an hour. An urgent project is never silent.";
            fields.add(field, "silent", message);
        }
    }
}

impl Step {
    fn check(&self, fields: &mut Fields) {
        let field = "steps";
        if !limits::AFTER.contains(&self.after_seconds) {
            fields.add(field, "out_of_range", "A step comes at most 24 hours after the project was raised.");
        }
        let is_webhook = matches!(self.who, Who::Webhook { .. });
        if self.ways.is_empty() != is_webhook {
            let message = "Say for each step by which ways: push, e-mail or both; a webhook has none.";
            fields.add(field, "ways", message);
        }
        if let Who::Webhook { url } = &self.who
            && !is_web_address(url)
        {
            let message = "A webhook’s address begins with https:// or http:// and has up to 500 characters.";
            fields.add(field, "url", message);
        }
    }
}

fn is_web_address(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let plain = url.chars().all(|c| c.is_ascii_graphic());
    plain && url.len() <= limits::URL && rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'))
}

/// An address up to its host, without who signs in there.
fn origin(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("https", ""));
    let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    format!("{scheme}://{host}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Error;

    fn codes(policy: Policy) -> Vec<String> {
        match policy.check() {
            Err(Error::Invalid { fields }) => fields.into_iter().map(|field| field.code).collect(),
            other => panic!("it was to be refused, not {other:?}"),
        }
    }

    #[test]
    fn the_usual_policy_is_a_good_one() {
        assert_eq!(Policy::default().check(), Ok(Policy::default()));
    }

    #[test]
    fn no_policy_is_silent() {
        let usual = Policy::default;
        assert_eq!(codes(Policy { repeats: Vec::new(), ..usual() }), ["blank"]);
        let ends = vec![Repeat { every_seconds: 60, times: Some(3) }];
        assert_eq!(codes(Policy { repeats: ends, ..usual() }), ["ends"]);
        let rare = vec![Repeat { every_seconds: 86_400, times: None }];
        assert_eq!(codes(Policy { repeats: rare, ..usual() }), ["out_of_range"]);
        assert_eq!(codes(Policy { steps: Vec::new(), ..usual() }), ["silent"]);
        let late: Vec<Step> = usual()
            .steps
            .into_iter()
            .map(|step| Step { after_seconds: step.after_seconds + 1, ..step })
            .collect();
        assert_eq!(codes(Policy { steps: late, ..usual() }), ["silent"]);
    }

    #[test]
    fn steps_are_put_in_order_and_their_limits_told() {
        let mut policy = Policy::default();
        policy.steps.reverse();
        assert_eq!(
            policy.clone().check(),
            Ok(Policy { steps: Policy::default().steps.into_iter().collect(), ..policy.clone() })
        );
        policy.steps.push(Step { after_seconds: -1, who: Who::Owner, ways: Vec::new() });
        assert_eq!(codes(policy.clone()), ["out_of_range", "ways"]);
        let hook = Who::Webhook { url: "ftp://example.org".into() };
        policy.steps.push(Step { after_seconds: 5, who: hook, ways: vec![Way::Push] });
        assert_eq!(codes(policy), ["out_of_range", "ways", "ways", "url"]);
    }

    #[test]
    fn a_masked_policy_says_only_where_its_webhooks_lead() {
        let masked = |url: &str| {
            let step = Step { after_seconds: 5, who: Who::Webhook { url: url.into() }, ways: Vec::new() };
            let policy = Policy { steps: vec![step], ..Policy::default() }.masked();
            let Who::Webhook { url } = policy.steps[0].who.clone() else { panic!("still a webhook") };
            url
        };
        assert_eq!(masked("https://hooks.example.org/T0/secret?key=1"), "https://hooks.example.org");
        assert_eq!(masked("http://me:secret@example.org:8080?key=1"), "http://example.org:8080");
        assert_eq!(masked("https://example.org#secret/@b"), "https://example.org");
        assert_eq!(Policy::default().masked(), Policy::default());
    }

    #[test]
    fn a_field_that_is_not_known_is_refused() {
        let text = r#"{"repeats": [], "steps": [], "muted": true}"#;
        assert!(serde_json::from_str::<Policy>(text).is_err());
    }
}
