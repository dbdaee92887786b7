//! What one wants to be told of, and when one is written to.

use crate::AppError;
use domain::{preference::Preferences, rhythm::Rhythm};
use leptos::prelude::*;

/// One's preferences, for all projects or for the one of that key.
#[server(name = LoadPreferences, prefix = "/fn", endpoint = "preference/load")]
pub async fn load_preferences(#[server(default)] project: String) -> Result<Preferences, AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let project = of_key(&services, &actor, &project).await?;
    Ok(services::notifications::preferences(&services, &actor, project).await?)
}

/// Sets the whole matrix: `wanted` names the ticked cells as `event.channel`. For a project, `own` has those that
/// differ from all projects; without it the project is told of as all others are.
#[server(name = SetPreferences, prefix = "/fn", endpoint = "preference/set")]
pub async fn set_preferences(
    #[server(default)] project: String,
    #[server(default)] wanted: Vec<String>,
    #[server(default)] as_elsewhere: bool,
) -> Result<Preferences, AppError> {
    use crate::ssr;
    use domain::{
        notification::Event,
        preference::{Choice, EditPreferences},
        wish::{Channel, locked},
    };
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let id = of_key(&services, &actor, &project).await?;
    let general = services::notifications::preferences(&services, &actor, None).await?;
    let mut choices = Vec::new();
    for event in Event::ALL {
        for channel in Channel::ALL.into_iter().filter(|channel| locked(event, *channel).is_none()) {
            let ticked = wanted.contains(&format!("{}.{}", event.as_str(), channel.as_str()));
            let elsewhere = general
                .cells
                .iter()
                .any(|cell| (cell.event, cell.channel, cell.wanted) == (event, channel, true));
            let as_there = as_elsewhere || id.is_some() && ticked == elsewhere;
            choices.push(Choice { event, channel, wanted: (!as_there).then_some(ticked) });
        }
    }
    Ok(services::notifications::choose(&services, &actor, id, EditPreferences { choices }).await?)
}

/// Sets when one is written to; quiet hours are `22:00`, or empty for none.
#[server(name = SetRhythm, prefix = "/fn", endpoint = "preference/rhythm")]
pub async fn set_rhythm(
    version: i64,
    time_zone: String,
    #[server(default)] quiet_from: String,
    #[server(default)] quiet_until: String,
    #[server(default)] digest: String,
    #[server(default)] digest_hour: i16,
    #[server(default)] digest_weekday: i16,
) -> Result<Rhythm, AppError> {
    use crate::ssr;
    use domain::{
        Error,
        rhythm::{Digest, Quiet},
    };
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let quiet = match (quiet_from.trim(), quiet_until.trim()) {
        ("", "") => None,
        (from, until) => {
            let wrong = || Error::field("quiet_from", "unreadable", "Set both times, as 22:00, or none.");
            let (from, until) = (minute(from).ok_or_else(wrong)?, minute(until).ok_or_else(wrong)?);
            if from == until {
                let message = "Quiet hours begin and end at two different times.";
                return Err(Error::field("quiet_until", "out_of_range", message).into());
            }
            Some(Quiet { from, until })
        }
    };
    let digest = Digest::parse(&digest).unwrap_or_default();
    let rhythm = Rhythm { time_zone, quiet, digest, digest_hour, digest_weekday, version };
    Ok(services::notifications::set_rhythm(&services, &actor, rhythm).await?)
}

/// The minute of a day, from `22:00`.
#[cfg(feature = "ssr")]
fn minute(text: &str) -> Option<i16> {
    let (hour, minute) = text.split_once(':')?;
    let (hour, minute): (i16, i16) = (hour.parse().ok()?, minute.get(..2)?.parse().ok()?);
    ((0..24).contains(&hour) && (0..60).contains(&minute)).then_some(hour * 60 + minute)
}

#[cfg(feature = "ssr")]
async fn of_key(
    services: &services::Services,
    actor: &services::Actor,
    key: &str,
) -> Result<Option<domain::ids::ProjectId>, AppError> {
    if key.is_empty() {
        return Ok(None);
    }
    Ok(Some(services::projects::find_by_key(services, actor, key).await?.id))
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::minute;

    #[test]
    fn times_of_day_are_read_as_browsers_send_them() {
        assert_eq!(minute("22:05"), Some(22 * 60 + 5));
        assert_eq!(minute("00:00:00"), Some(0));
        for wrong in ["", "24:00", "7", "7:6", "ab:cd"] {
            assert_eq!(minute(wrong), None, "{wrong}");
        }
    }
}
