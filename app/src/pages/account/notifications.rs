//! What one is told of, by which way and when.

use crate::{
    api::{
        preference::{SetPreferences, SetRhythm, load_preferences},
        search::project_choices,
    },
    components::{
        AsyncPanel, Badge, Button, ButtonSize, ButtonVariant, Checkbox, Choice, Crumb, FormErrors, Icon,
        InputKind, Notice, PageHeader, Select, SkeletonLines, SkeletonRows, Table, TextInput, Tone,
        use_toaster,
    },
    features::{
        alive::use_alive,
        form_outcome::{FormOutcome, on_success},
        form_problems::FormProblems,
        query::address,
        settings_section::SettingsSection,
        use_query::use_query,
    },
    paths,
};
use domain::{
    preference::{Cell, Preferences},
    project::ProjectRef,
    rhythm::{Digest, Rhythm},
    wish::Channel,
};
use leptos::{form::ActionForm, html, prelude::*, server::ServerAction, web_sys::js_sys};
use leptos_meta::Title;

/// The matrix for all projects or for one, and quiet hours and digests.
#[component]
pub fn NotificationsPage() -> impl IntoView {
    let query = use_query();
    let project = Memo::new(move |_| query.with(|query| query.get("project").unwrap_or_default()));
    let found = Resource::new(move || project.get(), load_preferences);
    view! {
        <Title text="Notifications"/>
        <PageHeader title="Notifications" crumbs=vec![Crumb::new("Your account", paths::ACCOUNT)]/>
        <div class="page">
            <AsyncPanel resource=found loading=|| view! { <SkeletonLines count=12/> } let:found>
                <Content found/>
            </AsyncPanel>
        </div>
    }
}

/// Whatever is saved, the other forms stay as they are, and so does what was refused.
#[component]
fn Content(found: Preferences) -> impl IntoView {
    let (set, rhythm) = (ServerAction::<SetPreferences>::new(), ServerAction::<SetRhythm>::new());
    let outcome = FormOutcome::of(set, "");
    let toaster = use_toaster();
    let matrix = RwSignal::new(found.cells.clone());
    let Preferences { project, projects, rhythm: now, has_email, .. } = found;
    let of_all = project.is_none();
    let (title, text) = match &project {
        Some(project) => (
            format!("In {}", project.name),
            "What differs from your choice for all projects is kept for this one.".to_owned(),
        ),
        None => (
            "What you are told of".to_owned(),
            "Your own acts are never told. Several reasons for one thing come as one notification."
                .to_owned(),
        ),
    };
    let key = project.map(|project| project.key).unwrap_or_default();
    let projects = RwSignal::new(projects);
    let this = key.clone();
    let own = Memo::new(move |_| projects.with(|all| all.iter().any(|project| project.key == this)));
    on_success(set, move |after: Preferences| {
        matrix.set(after.cells);
        projects.set(after.projects);
        toaster.success("Saved.");
    });
    let link = |project: ProjectRef| {
        let href = address(paths::NOTIFICATIONS, &[("project", &project.key)]);
        view! { <li><a href=href>{project.name}</a></li> }
    };
    view! {
        <div class="settings">
            <SettingsSection id="events" title text>
                {(!has_email).then(|| view! {
                    <Notice tone=Tone::Info><p>"E-mail is not set up here yet, so nothing is sent by it, whatever is ticked."</p></Notice>
                })}
                <FormErrors message=outcome.message()/>
                <Matrix matrix key=key.clone() own set/>
            </SettingsSection>
            <SettingsSection id="projects" title="Single projects" text="A project may be louder or quieter than the others.">
                {(!of_all).then(|| view! { <p><a href=paths::NOTIFICATIONS>"All projects"</a></p> })}
                <ul><For each=move || projects.get() key=|project| project.id children=link/></ul>
                <PickProject/>
            </SettingsSection>
            {of_all.then(|| view! {
                <SettingsSection id="rhythm" title="When e-mail comes" text="Quiet hours and digests do not hold up what is urgent.">
                    <RhythmForm now action=rhythm/>
                </SettingsSection>
            })}
        </div>
    }
}

#[component]
fn Matrix(
    matrix: RwSignal<Vec<Cell>>,
    key: String,
    own: Memo<bool>,
    set: ServerAction<SetPreferences>,
) -> impl IntoView {
    let in_project = !key.is_empty();
    let busy = set.pending();
    let rows = matrix
        .with_untracked(|cells| cells.chunks(Channel::ALL.len()).map(<[Cell]>::to_vec).collect::<Vec<_>>());
    view! {
        <ActionForm action=set attr:class="form">
            <input type="hidden" name="project" value=key/>
            <Table label="What you are told of, and how">
                <thead>
                    <tr>
                        <th scope="col">"What happens"</th>
                        {Channel::ALL.map(|channel| view! { <th scope="col" class="cell-min">{channel.label()}</th> })
                            .into_iter().collect_view()}
                    </tr>
                </thead>
                <tbody>
                    {rows.into_iter().map(|cells| event_row(cells, matrix)).collect_view()}
                    <Urgent/>
                </tbody>
            </Table>
            <div class="form-actions">
                <Button variant=ButtonVariant::Primary kind="submit" busy>"Save"</Button>
                <Show when=move || in_project && own.get()>
                    <Button kind="submit" size=ButtonSize::Small busy attr:name="as_elsewhere" attr:value="true">
                        "As in all projects"
                    </Button>
                </Show>
            </div>
        </ActionForm>
    }
}

fn event_row(cells: Vec<Cell>, matrix: RwSignal<Vec<Cell>>) -> impl IntoView {
    let label = cells.first().map(|cell| cell.event.label()).unwrap_or_default();
    let why = cells.iter().find_map(|cell| cell.locked.clone());
    view! {
        <tr>
            <th scope="row" class="cell-main">
                {label}
                {why.map(|why| view! { <p class="field-hint">{why}</p> })}
            </th>
            {cells.into_iter().map(|it| cell(it, matrix)).collect_view()}
        </tr>
    }
}

fn cell(cell: Cell, matrix: RwSignal<Vec<Cell>>) -> impl IntoView {
    let which = (cell.event, cell.channel);
    let checked = Signal::derive(move || {
        matrix.with(|cells| cells.iter().any(|cell| (cell.event, cell.channel) == which && cell.wanted))
    });
    let value = format!("{}.{}", cell.event.as_str(), cell.channel.as_str());
    let label = format!("{}: {}", cell.event.label(), cell.channel.label());
    let locked = cell.locked.is_some();
    view! {
        <td class="cell-min" data-label=cell.channel.label()>
            <Checkbox
                id=format!("cell-{value}") name="wanted[]" value=value label hide_label=true checked
                disabled=locked
            />
        </td>
    }
}

/// What nobody can turn off: the control is there, and says why.
#[component]
fn Urgent() -> impl IntoView {
    let cells = Channel::ALL.map(|channel| {
        let label = format!("A project is urgent: {}", channel.label());
        view! {
            <td class="cell-min" data-label=channel.label()>
                <Checkbox id=format!("cell-urgent.{}", channel.as_str()) name="urgent" label hide_label=true checked=true disabled=true/>
            </td>
        }
    });
    view! {
        <tr>
            <th scope="row" class="cell-main">
                "A project is urgent " <Badge icon=Icon::Lock>"Always"</Badge>
                <p class="field-hint">
                    "It rings by every way until you acknowledge it. Nobody can mute that, here or elsewhere: an emergency that somebody sleeps through is none."
                </p>
            </th>
            {cells.into_iter().collect_view()}
        </tr>
    }
}

/// Leads to the matrix of a project.
#[component]
fn PickProject() -> impl IntoView {
    let projects = Resource::new(|| (), |()| project_choices());
    view! {
        <AsyncPanel
            resource=projects
            loading=|| view! { <SkeletonRows count=1/> }
            is_empty=Vec::is_empty
            empty=|| view! { <p class="muted">"You belong to no project yet."</p> }
            let:projects
        >
            {pick(projects)}
        </AsyncPanel>
    }
}

fn pick(projects: Vec<ProjectRef>) -> impl IntoView {
    let choices: Vec<_> = projects
        .into_iter()
        .map(|it| Choice::new(it.key.clone(), format!("{} {}", it.key, it.name)))
        .collect();
    view! {
        <form method="get" action=paths::NOTIFICATIONS class="form">
            <div class="form-row"><Select id="project" label="Project" choices/></div>
            <div class="form-actions"><Button kind="submit" size=ButtonSize::Small>"Choose for this project"</Button></div>
        </form>
    }
}

#[component]
fn RhythmForm(now: Rhythm, action: ServerAction<SetRhythm>) -> impl IntoView {
    let outcome = FormOutcome::of(action, "rhythm-");
    let version = RwSignal::new(now.version);
    let form = NodeRef::<html::Form>::new();
    let toaster = use_toaster();
    on_success(action, move |saved: Rhythm| {
        version.set(saved.version);
        toaster.success("Saved.");
    });
    let time = |minute: Option<i16>| {
        minute.map(|minute| format!("{:02}:{:02}", minute / 60, minute % 60)).unwrap_or_default()
    };
    let hours: Vec<_> = (0..24).map(|hour| Choice::new(hour.to_string(), format!("{hour:02}:00"))).collect();
    let days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
    let days: Vec<_> = (1..).zip(days).map(|(number, day)| Choice::new(number.to_string(), day)).collect();
    let digests: Vec<_> = Digest::ALL.map(|digest| Choice::new(digest.as_str(), digest.label())).into();
    view! {
        <FormProblems outcome prefix="rhythm-" version form/>
        <ActionForm action node_ref=form attr:class="form">
            <input type="hidden" name="version" value=move || version.get()/>
            <TextInput
                id="rhythm-time_zone" name="time_zone" label="Time zone" value=now.time_zone.clone() required=true
                hint="As in Europe/Berlin." error=outcome.field("time_zone")
            />
            <ZoneHint chosen=now.time_zone/>
            <div class="form-row">
                <TextInput
                    id="rhythm-quiet_from" name="quiet_from" label="Quiet from" kind=InputKind::Time
                    value=time(now.quiet.map(|quiet| quiet.from)) error=outcome.field("quiet_from")
                />
                <TextInput
                    id="rhythm-quiet_until" name="quiet_until" label="until" kind=InputKind::Time
                    value=time(now.quiet.map(|quiet| quiet.until)) hint="Both empty: no quiet hours."
                    error=outcome.field("quiet_until")
                />
            </div>
            <div class="form-row">
                <Select id="rhythm-digest" name="digest" label="E-mails" choices=digests value=now.digest.as_str().to_owned()/>
                <Select
                    id="rhythm-digest_hour" name="digest_hour" label="At" choices=hours value=now.digest_hour.to_string()
                    error=outcome.field("digest_hour")
                />
                <Select
                    id="rhythm-digest_weekday" name="digest_weekday" label="Weekly on" choices=days
                    value=now.digest_weekday.to_string() error=outcome.field("digest_weekday")
                />
            </div>
            <div class="form-actions">
                <Button variant=ButtonVariant::Primary kind="submit" busy=outcome.busy>"Save"</Button>
            </div>
        </ActionForm>
    }
}

/// Says so where the browser is in another time zone than the one that is set.
#[component]
fn ZoneHint(chosen: String) -> impl IntoView {
    let alive = use_alive();
    let here = move || {
        let here = alive.get().then(browser_zone).flatten()?;
        (here != chosen)
            .then(|| view! { <p class="field-hint">"This browser is in " <strong>{here}</strong> "."</p> })
    };
    view! { {here} }
}

fn browser_zone() -> Option<String> {
    let format = js_sys::Intl::DateTimeFormat::new(&js_sys::Array::new(), &js_sys::Object::new());
    js_sys::Reflect::get(&format.resolved_options(), &"timeZone".into()).ok()?.as_string()
}
