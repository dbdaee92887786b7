//! Dependencies as a drawing, and the same as a list in working order.
//!
//! `walk` knows the ways from task to task (pure, tested), `chart` turns events into them, `chosen` shows the task that is
//! looked at and changes its links.

mod chart;
mod chosen;
mod walk;

use super::{entity::Entity, query::address, use_query::use_query};
use crate::{
    api::dependency::{Drawing, Drawn, DrawnTask, draw_graph},
    components::{
        Badge, Button, ButtonSize, CategoryIcon, EmptyState, Icon, Notice, Segment, Segmented, SkeletonLines,
        Tone, Toolbar,
    },
    features::{alive::use_alive, ask_again::ask_again, live::follow},
    paths,
};
use chart::{Chart, Sight};
use chosen::Chosen;
use domain::estimate;
use leptos::{html::Div, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use serde::{Deserialize, Serialize, Serializer};

/// What the address asks for.
#[derive(Clone, PartialEq, Eq, Default)]
struct Asked {
    /// Also finished tasks.
    done: bool,
    /// The list instead of the drawing.
    list: bool,
    /// The key of the chosen task.
    task: String,
}

impl Asked {
    fn address(&self, path: &str) -> String {
        let mark = |set: bool, value: &'static str| if set { value } else { "" };
        let pairs =
            [("done", mark(self.done, "1")), ("view", mark(self.list, "list")), ("task", self.task.as_str())];
        address(path, &pairs)
    }
}

/// A drawing that comes with the page: its text stands in the page already, so it is not sent along as data again.
#[derive(Clone, PartialEq, Deserialize)]
#[serde(transparent)]
struct WithPage(Drawing);

impl Serialize for WithPage {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Drawing { svg: String::new(), ..self.0.clone() }.serialize(serializer)
    }
}

/// The drawing of a project, or of what is around a task, at `path`.
#[component]
pub fn TaskGraph(of: Drawn, path: String) -> impl IntoView {
    let query = use_query();
    let asked = Memo::new(move |_| {
        query.with(|query| Asked {
            done: query.get_str("done").is_some(),
            list: query.get_str("view") == Some("list"),
            task: query.get("task").unwrap_or_default(),
        })
    });
    let done = Memo::new(move |_| asked.with(|asked| asked.done));
    let of = StoredValue::new(of);
    let drawing = Resource::new_blocking(
        move || done.get(),
        move |done| {
            let of = of.get_value();
            // The chosen task is marked where there is no script to do it.
            let chosen = asked.with_untracked(|asked| asked.task.clone());
            async move { draw_graph(of, done, (!chosen.is_empty()).then_some(chosen)).await.map(WithPage) }
        },
    );
    let kept = Kept {
        sight: StoredValue::new(Sight::default()),
        focused: StoredValue::new(None),
        changed: StoredValue::new(false),
        outdated: RwSignal::new(false),
    };
    let reload = Callback::new(move |()| {
        kept.changed.set_value(true);
        drawing.refetch();
    });
    let ask = move || {
        let with_done = done.get_untracked();
        async move { Ok((with_done, draw_graph(of.get_value(), with_done, None).await?)) }
    };
    let again = ask_again(ask, move |(with_done, now)| {
        let says_as = |shown: &WithPage| shown.0.says_as(&now);
        let same = drawing.with_untracked(|shown| !matches!(shown, Some(Ok(shown)) if !says_as(shown)));
        if same || done.get_untracked() != with_done {
            return;
        }
        if chosen::is_busy() {
            kept.outdated.set(true);
        } else {
            kept.focused.set_value(chart::focused());
            drawing.set(Some(Ok(WithPage(now))));
        }
    });
    follow(|touched| touched.project_id.is_some(), move || again.run(()));
    let path = StoredValue::new(path);
    view! {
        <Entity resource=drawing loading=|| view! { <SkeletonLines count=10/> } let:drawing>
            {move || view! { <Shown drawing=drawing.0.clone() asked path kept reload/> }}
        </Entity>
    }
}

/// What outlives a drawing when it is drawn anew.
#[derive(Clone, Copy)]
struct Kept {
    sight: StoredValue<Sight>,
    /// The key of the task that had the focus when others changed it.
    focused: StoredValue<Option<String>>,
    /// Whether it is drawn anew because a link was made or taken away here.
    changed: StoredValue<bool>,
    /// Whether others have changed it while a link was being made here: drawn anew, what was typed would be lost.
    outdated: RwSignal<bool>,
}

#[component]
fn Shown(
    drawing: Drawing,
    asked: Memo<Asked>,
    path: StoredValue<String>,
    kept: Kept,
    reload: Callback<()>,
) -> impl IntoView {
    if kept.changed.get_value() {
        kept.changed.set_value(false);
        chosen::go_on();
    }
    kept.outdated.set(false);
    let keys: Vec<_> = drawing.tasks.iter().map(|task| task.key.clone()).collect();
    let chosen = Memo::new(move |_| asked.with(|asked| keys.iter().position(|key| *key == asked.task)));
    let list = Memo::new(move |_| asked.with(|asked| asked.list));
    let is_empty = drawing.tasks.is_empty();
    let drawing = StoredValue::new(drawing);
    let body = move || {
        if is_empty {
            return view! { <NotDrawn asked/> <Nothing asked/> }.into_any();
        }
        view! {
            {move || (chosen.get().is_none()).then(|| view! { <NotDrawn asked/> })}
            <Chosen drawing chosen reload/>
            // It stays when the list is shown: its text came with the page, and is nowhere else.
            <div class="graph-page" hidden=move || list.get()><Picture drawing asked chosen path kept/></div>
            {move || list.get().then(|| view! { <List drawing asked path/> })}
        }
        .into_any()
    };
    view! {
        <div class="graph-page">
            <Ways asked path drawing/>
            {move || kept.outdated.get().then(|| view! { <Outdated reload/> })}
            {body}
        </div>
    }
}

/// Others have changed the dependencies while a link is being made here.
#[component]
fn Outdated(reload: Callback<()>) -> impl IntoView {
    view! {
        <Notice tone=Tone::Info title="The dependencies have changed">
            <p>"Somebody changed them while you are making a link here."</p>
            <Button size=ButtonSize::Small icon=Icon::Restore on:click=move |_| reload.run(())>"Draw anew"</Button>
        </Notice>
    }
}

/// Drawing or list, with finished tasks or without, and what the whole comes to.
#[component]
fn Ways(asked: Memo<Asked>, path: StoredValue<String>, drawing: StoredValue<Drawing>) -> impl IntoView {
    let to = move |change: fn(&mut Asked)| {
        Signal::derive(move || {
            let mut wanted = asked.get();
            change(&mut wanted);
            path.with_value(|path| wanted.address(path))
        })
    };
    let is = move |of: fn(&Asked) -> bool| Signal::derive(move || asked.with(of));
    let sum = drawing.with_value(|drawing| critical(drawing.critical_count, drawing.critical_minutes));
    let left_out = drawing.with_value(|drawing| drawing.left_out);
    view! {
        <Toolbar label="What is drawn">
            <Segmented label="Drawing or list">
                <Segment href=to(|it| it.list = false) current=is(|it| !it.list) icon=Icon::Graph>"Drawing"</Segment>
                <Segment href=to(|it| it.list = true) current=is(|it| it.list) icon=Icon::List>"List"</Segment>
            </Segmented>
            <Segmented label="Which tasks">
                <Segment href=to(|it| it.done = false) current=is(|it| !it.done)>"Open"</Segment>
                <Segment href=to(|it| it.done = true) current=is(|it| it.done)>"With finished"</Segment>
            </Segmented>
            <span class="toolbar-gap"></span>
            {sum.map(|sum| view! { <span class="graph-sum">{sum}</span> })}
        </Toolbar>
        {(left_out > 0).then(|| view! {
            <Notice tone=Tone::Warning title="Not everything is drawn">
                <p>{format!("{left_out} or more tasks are left out. Open one of them and draw what is around it.")}</p>
            </Notice>
        })}
    }
}

/// “Critical path: 5 tasks, 2 h”.
fn critical(count: i64, minutes: i64) -> Option<String> {
    let tasks = if count == 1 { "1 task".to_owned() } else { format!("{count} tasks") };
    match (count, minutes) {
        (0, _) => None,
        (_, 0) => Some(format!("Critical path: {tasks}")),
        (_, minutes) => Some(format!("Critical path: {tasks}, {}", estimate::format(minutes))),
    }
}

/// Says so when the task that is asked for has no link that is drawn, and where it is.
#[component]
fn NotDrawn(asked: Memo<Asked>) -> impl IntoView {
    move || {
        let key = asked.with(|asked| asked.task.clone());
        (!key.is_empty()).then(|| {
            let href = paths::task(&key);
            view! {
                <Notice tone=Tone::Info title=format!("{key} is not drawn")>
                    <p>"No dependency of it is shown here. " <a href=href>"Open the task"</a> " to look at it, or to link it."</p>
                </Notice>
            }
        })
    }
}

#[component]
fn Nothing(asked: Memo<Asked>) -> impl IntoView {
    let text = if asked.get_untracked().done {
        "Say on a task’s page what it waits for, or import a table of keys: then it is drawn here, in working order."
    } else {
        "No open task waits for another here. Say on a task’s page what it waits for, or look at the finished ones as well."
    };
    view! { <EmptyState icon=Icon::Graph title="No dependencies" text/> }
}

#[component]
fn Picture(
    drawing: StoredValue<Drawing>,
    asked: Memo<Asked>,
    chosen: Memo<Option<usize>>,
    path: StoredValue<String>,
    kept: Kept,
) -> impl IntoView {
    let root = NodeRef::<Div>::new();
    let navigate = use_navigate();
    let choose = Callback::new(move |key: String| {
        let mut wanted = asked.get_untracked();
        // Chosen again, it is let go.
        wanted.task = if wanted.task == key { String::new() } else { key };
        let to = path.with_value(|path| wanted.address(path));
        navigate(&to, NavigateOptions { scroll: false, replace: true, ..NavigateOptions::default() });
    });
    let chart = Chart::new(drawing.get_value(), (root, kept.sight), choose, Callback::new(chosen::take));
    chart.follow(chosen);
    chart.resume(kept.focused);
    let svg = drawing.with_value(|drawing| drawing.svg.clone());
    view! {
        <Zoom chart/>
        <div
            class="graph-view"
            role="region"
            aria-label="Drawing of the dependencies"
            aria-describedby="graph-keys"
            tabindex="0"
            node_ref=root
            on:click=move |event| chart.click(&event)
            on:dblclick=move |event| chart.double_click(&event)
            on:keydown=move |event| chart.key_down(&event)
            on:wheel=move |event| chart.wheel(&event)
            on:scroll=move |_| chart.scrolled()
            on:pointerdown=move |event| chart.pointer_down(&event)
            on:pointermove=move |event| chart.pointer_move(&event)
            on:pointerup=move |_| chart.pointer_up()
            on:pointercancel=move |_| chart.pointer_up()
            inner_html=svg
        ></div>
        <Legend/>
        <p class="graph-keys muted" id="graph-keys">
            "Arrow keys go from task to task, Enter chooses one and marks its chain, Shift with Enter or a click takes it as the other end of a new link, o opens it; + − and 0 change the size."
        </p>
    }
}

/// Only with script, which does it.
#[component]
fn Zoom(chart: Chart) -> impl IntoView {
    let alive = use_alive();
    view! {
        <div class="graph-zoom" hidden=move || !alive.get()>
            <Button size=ButtonSize::Small icon=Icon::Minus on:click=move |_| chart.zoom(0.8)>"Smaller"</Button>
            <span class="muted" aria-live="polite">{move || chart.percent()}</span>
            <Button size=ButtonSize::Small icon=Icon::Plus on:click=move |_| chart.zoom(1.25)>"Larger"</Button>
            <Button size=ButtonSize::Small icon=Icon::Panel on:click=move |_| chart.fit()>"Fit"</Button>
        </div>
    }
}

#[component]
fn Legend() -> impl IntoView {
    let mark = |class: &'static str, text: &'static str| {
        view! { <li><span class=format!("graph-mark {class}") aria-hidden="true"></span>{text}</li> }
    };
    view! {
        <ul class="graph-legend" aria-label="What the shapes say">
            {mark("is-todo", "To do")}
            {mark("is-doing", "Doing: a bar at its side")}
            {mark("is-done", "Done: rounded, ticked")}
            {mark("is-blocked", "Blocked: dashed, with a lock")}
            {mark("is-critical", "On the critical path: thick")}
        </ul>
    }
}

/// The same content in working order.
#[component]
fn List(drawing: StoredValue<Drawing>, asked: Memo<Asked>, path: StoredValue<String>) -> impl IntoView {
    let rows = drawing.with_value(|drawing| {
        let mut waits: Vec<Vec<&str>> = vec![Vec::new(); drawing.tasks.len()];
        for (from, to, _) in &drawing.links {
            waits[*to].push(&drawing.tasks[*from].key);
        }
        let row = |(task, waits): (&DrawnTask, Vec<&str>)| {
            let mut wanted = asked.get_untracked();
            wanted.task.clone_from(&task.key);
            let chosen = wanted.task == asked.with_untracked(|asked| asked.task.clone());
            line(task, &waits, (path.with_value(|path| wanted.address(path)), chosen))
        };
        drawing.tasks.iter().zip(waits).map(row).collect_view()
    });
    view! { <ol class="graph-list task-rows" aria-label="Tasks in working order">{rows}</ol> }
}

fn line(task: &DrawnTask, waits: &[&str], (choose, chosen): (String, bool)) -> impl IntoView + use<> {
    let title = match &task.title {
        Some(title) => {
            view! { <a class="task-row-title" href=paths::task(&task.key)>{title.clone()}</a> }.into_any()
        }
        None => view! { <span class="task-row-title muted">"A task that you may not see"</span> }.into_any(),
    };
    let after = (!waits.is_empty()).then(|| format!("after {}", waits.join(", ")));
    let label = format!("Links of {}", task.key);
    view! {
        <li class="task-row" data-category=task.category.as_str() aria-current=chosen.then_some("true")>
            <CategoryIcon category=task.category/>
            <span class="task-key">{task.key.clone()}</span>
            {title}
            {task.blocked.then(|| view! { <Badge tone=Tone::Danger icon=Icon::Ban>"Blocked"</Badge> })}
            {task.critical.then(|| view! { <Badge tone=Tone::Warning>"Critical"</Badge> })}
            <span class="task-row-meta">
                <span class="muted">{after}</span>
                <a class="button" data-variant="quiet" data-size="small" href=choose aria-label=label>"Links"</a>
            </span>
        </li>
    }
}
