//! What the server says while a page is open: `public/live.js` hears it, this hands it to the page's parts.

use domain::ids::{ProjectId, TaskId};
use leptos::prelude::*;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::time::Duration;

/// What happens within this time is looked at once.
const TOGETHER: Duration = Duration::from_millis(150);
/// A page asks the server again at most this often: many who change many things would have all pages ask all the time.
const REST: Duration = Duration::from_millis(700);

/// Something that the server, or the connection to it, says.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Live {
    /// These changed.
    Change {
        /// What.
        changes: Vec<Touched>,
    },
    /// Who looks at this task changed.
    Present {
        /// Which.
        task_id: TaskId,
    },
    /// Something in one's own inbox changed.
    Inbox,
    /// Anything may have changed.
    Resync,
    /// How the connection is.
    State {
        /// Now.
        state: Connection,
    },
    /// What is for other scripts.
    #[serde(other)]
    Other,
}

/// What changed, by ids.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Touched {
    /// What was done, `thing.verb`.
    pub action: String,
    /// In which project; none for people, roles and teams.
    pub project_id: Option<ProjectId>,
    /// On which task; none for the project itself, or for many of its tasks.
    pub task_id: Option<TaskId>,
}

/// How the connection to the server is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Connection {
    /// What changes is seen at once.
    Live,
    /// It is being made, or was lost a moment ago.
    Connecting,
    /// It is lost, and is tried again and again.
    Lost,
    /// Nobody is signed in any more.
    SignedOut,
}

/// Calls `hear` with all that is said while the part of the page that calls this is there, and with what was said a
/// moment ago: the part may be of before.
pub fn on_live(hear: impl Fn(&Live) + 'static) {
    #[cfg(feature = "hydrate")]
    browser::listen(hear);
    #[cfg(not(feature = "hydrate"))]
    drop(hear);
}

/// Calls `act` after something changed that `concerns` says yes to, or anything may have; at the most once in `REST`.
pub fn follow(concerns: impl Fn(&Touched) -> bool + 'static, act: impl Fn() + Clone + Send + Sync + 'static) {
    let due = move |live: &Live| match live {
        Live::Change { changes } => changes.iter().any(&concerns),
        Live::Resync => true,
        Live::Inbox | Live::Present { .. } | Live::State { .. } | Live::Other => false,
    };
    act_when(due, act);
}

/// Calls `act` after something in one's own inbox changed, or anything may have; as often as [`follow`]. Announcements are
/// changed and withdrawn without anybody being told anew.
pub fn follow_inbox(act: impl Fn() + Clone + Send + Sync + 'static) {
    let announced = areas(["announcement"]);
    let due = move |live: &Live| match live {
        Live::Inbox | Live::Resync => true,
        Live::Change { changes } => changes.iter().any(&announced),
        Live::Present { .. } | Live::State { .. } | Live::Other => false,
    };
    act_when(due, act);
}

fn act_when(due: impl Fn(&Live) -> bool + 'static, act: impl Fn() + Clone + Send + Sync + 'static) {
    let plan = StoredValue::new(Plan::Idle);
    on_live(move |live| {
        let due = due(live);
        match plan.try_get_value() {
            Some(Plan::Idle) if due => later(plan, TOGETHER, act.clone()),
            Some(Plan::Rests) if due => plan.set_value(Plan::Due),
            _ => {}
        }
    });
}

/// What [`follow`] is about to do.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Plan {
    Idle,
    Due,
    /// It has just acted.
    Rests,
}

fn later(plan: StoredValue<Plan>, pause: Duration, act: impl Fn() + Clone + 'static) {
    plan.set_value(Plan::Due);
    let then = move || {
        // Not if the page has gone meanwhile.
        if plan.try_set_value(Plan::Rests).is_some() {
            return;
        }
        act();
        set_timeout(
            move || match plan.try_get_value() {
                Some(Plan::Due) => later(plan, Duration::ZERO, act.clone()),
                Some(_) => plan.set_value(Plan::Idle),
                None => {}
            },
            REST,
        );
    };
    set_timeout(then, pause);
}

/// Fetches again what a list shows, whenever something changed that `concerns` says yes to.
pub fn keep_fresh<T>(resource: Resource<T>, concerns: impl Fn(&Touched) -> bool + 'static)
where
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
{
    follow(concerns, move || resource.refetch());
}

/// Whether something happened in this project.
pub fn in_project(id: ProjectId) -> impl Fn(&Touched) -> bool {
    move |touched| touched.project_id == Some(id)
}

/// Whether something of these kinds happened: `areas(["team"])` for all that is done to teams.
pub fn areas<const N: usize>(names: [&'static str; N]) -> impl Fn(&Touched) -> bool {
    move |touched| touched.action.split('.').next().is_some_and(|area| names.contains(&area))
}

#[cfg(feature = "hydrate")]
mod browser {
    use super::Live;
    use leptos::prelude::*;
    use std::rc::Rc;
    use wasm_bindgen::{JsCast as _, JsValue};

    pub fn listen(hear: impl Fn(&Live) + 'static) {
        let hear = Rc::new(hear);
        // Effects run when the page is there: what is said before is in `recent`.
        Effect::new(move |_| {
            let told = Rc::clone(&hear);
            let handle = window_event_listener_untyped("pms:live", move |event| {
                if let Some(event) = event.dyn_ref::<web_sys::CustomEvent>()
                    && let Some(live) = read(&event.detail())
                {
                    told(&live);
                }
            });
            on_cleanup(move || handle.remove());
            recent().iter().filter_map(read).for_each(|live| hear(&live));
        });
    }

    fn read(said: &JsValue) -> Option<Live> {
        let text = js_sys::JSON::stringify(said).ok()?.as_string()?;
        serde_json::from_str(&text).ok()
    }

    fn recent() -> Vec<JsValue> {
        let get = |of: &JsValue, name: &str| js_sys::Reflect::get(of, &name.into()).ok();
        let script = get(&window().into(), "pmsLive").filter(JsValue::is_object);
        let said = script.as_ref().and_then(|script| get(script, "recent"));
        let said =
            said.and_then(|recent| recent.dyn_into::<js_sys::Function>().ok()?.call0(&JsValue::NULL).ok());
        said.and_then(|said| said.dyn_into::<js_sys::Array>().ok())
            .map(|said| said.to_vec())
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_script_says_is_understood() {
        let read = |text: &str| serde_json::from_str::<Live>(text).expect("read");
        let change =
            r#"{"kind":"change","changes":[{"action":"team.updated","project_id":null,"task_id":null}]}"#;
        let Live::Change { changes } = read(change) else { panic!("no change") };
        assert!(areas(["team"])(&changes[0]) && !areas(["tea"])(&changes[0]));
        assert_eq!(
            read(r#"{"kind":"state","state":"signed_out"}"#),
            Live::State { state: Connection::SignedOut }
        );
        assert_eq!(read(r#"{"kind":"inbox"}"#), Live::Inbox);
        assert_eq!(read(r#"{"kind":"resync"}"#), Live::Resync);
    }
}
