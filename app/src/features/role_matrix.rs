//! Roles × permissions, to read or to tick.

use super::form_outcome::{FormOutcome, on_success};
use crate::{
    AppError,
    api::role::{SetRolePermissions, list_roles},
    components::{Button, ButtonSize, ButtonVariant, FormErrors, Icon, VisuallyHidden, use_toaster},
    paths,
};
use domain::{
    Error,
    permission::{Permission, PermissionSet},
    role::Role,
};
use leptos::{form::ActionForm, prelude::*, server::ServerAction};

/// A role's column while it is edited.
#[derive(Clone, Copy)]
struct Column {
    saved: RwSignal<Role>,
    ticked: RwSignal<PermissionSet>,
    action: ServerAction<SetRolePermissions>,
    outcome: FormOutcome,
}

impl Column {
    fn of(role: Role) -> Self {
        let action = ServerAction::<SetRolePermissions>::new();
        let ticked = RwSignal::new(role.permissions);
        let saved = RwSignal::new(role);
        let toaster = use_toaster();
        let column = Self { saved, ticked, action, outcome: FormOutcome::of(action, "") };
        on_success(action, move |role: Role| {
            toaster.success(format!("“{}” is saved. It counts from everyone’s next click.", role.name));
            column.take(role);
        });
        column
    }

    /// Shows the role as it is now, without what was ticked and not saved.
    fn take(self, role: Role) {
        self.ticked.set(role.permissions);
        self.saved.set(role);
    }

    fn name(self) -> String {
        self.saved.with(|role| role.name.clone())
    }

    /// How many ticks differ from what is saved.
    fn changes(self) -> usize {
        let (saved, ticked) = (self.saved.with(|role| role.permissions), self.ticked.get());
        Permission::ALL.iter().filter(|&&p| saved.contains(p) != ticked.contains(p)).count()
    }

    fn save(self, version: i64) {
        let permissions = self.ticked.get_untracked().iter().map(|p| p.as_str().to_owned()).collect();
        let id = self.saved.with_untracked(|role| role.id);
        self.action.dispatch(SetRolePermissions { id, version, permissions });
    }

    fn form_id(self) -> String {
        format!("role-{}", self.saved.with_untracked(|role| role.id))
    }
}

/// The matrix. With `editable`, each column is a form of its own, so it also works without script.
#[component]
pub fn RoleMatrix(roles: Vec<Role>, editable: bool) -> impl IntoView {
    let columns = StoredValue::new(roles.into_iter().map(Column::of).collect::<Vec<_>>());
    let heads = columns.get_value().into_iter().map(|column| view! { <Head column editable/> });
    view! {
        {editable.then(|| view! { <Problems columns/> })}
        <div class="matrix-frame" role="region" tabindex="0" aria-label="Roles and permissions">
            <table class="matrix">
                <thead>
                    <tr>
                        <th class="matrix-corner" scope="col">"Permission"</th>
                        {heads.collect_view()}
                    </tr>
                </thead>
                <tbody>{rows(&columns.get_value(), editable)}</tbody>
            </table>
        </div>
        {editable.then(|| view! { <SaveBar columns/> })}
    }
}

#[component]
fn Head(column: Column, editable: bool) -> impl IntoView {
    let (id, form_id) = (column.saved.with_untracked(|role| role.id), column.form_id());
    // Not a view: with script, browsers take what is in a `noscript` for text, and hydration would look for elements.
    let save = format!(
        "<button class=\"button\" data-size=\"small\" data-variant=\"secondary\" type=\"submit\" form=\"{form_id}\">Save</button>"
    );
    let form = move || {
        view! {
            <ActionForm action=column.action attr:id=form_id>
                <input type="hidden" name="id" value=id.to_string()/>
                <input type="hidden" name="version" value=move || column.saved.with(|role| role.version)/>
                <noscript inner_html=save></noscript>
            </ActionForm>
        }
    };
    let name = move || column.name();
    let description = column.saved.with_untracked(|role| role.description.clone());
    view! {
        <th class="matrix-role" scope="col" title=description>
            {if editable {
                view! { <a href=paths::role(id)>{name}</a> {form()} }.into_any()
            } else {
                view! { {name} }.into_any()
            }}
        </th>
    }
}

fn rows(columns: &[Column], editable: bool) -> impl IntoView + use<> {
    let mut area = "";
    Permission::ALL
        .iter()
        .map(|&permission| {
            let heading = (permission.area() != area).then(|| {
                area = permission.area();
                let span = (columns.len() + 1).to_string();
                view! { <tr class="matrix-area"><th colspan=span scope="colgroup">{area_name(area)}</th></tr> }
            });
            let cells = columns
                .iter()
                .map(|&column| {
                    if editable {
                        view! { <Tick column permission/> }.into_any()
                    } else {
                        view! { <Answer yes=column.ticked.with_untracked(|set| set.contains(permission))/> }.into_any()
                    }
                })
                .collect_view();
            view! {
                {heading}
                <tr>
                    <th class="matrix-permission" scope="row">
                        <span class="matrix-name">{permission.label()}</span>
                        <span class="matrix-code">{permission.as_str()}</span>
                    </th>
                    {cells}
                </tr>
            }
        })
        .collect_view()
}

/// What people call the part of PMS that an area's permissions are about.
pub fn area_name(area: &str) -> String {
    match area {
        "user" => "People".into(),
        "audit" => "Audit log".into(),
        "urgent" => "Urgent projects".into(),
        other => {
            let plural = if other == "workspace" { other.to_owned() } else { format!("{other}s") };
            let mut letters = plural.chars();
            letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
        }
    }
}

#[component]
fn Tick(column: Column, permission: Permission) -> impl IntoView {
    let ticked = move || column.ticked.with(|set| set.contains(permission));
    let changed = move || ticked() != column.saved.with(|role| role.permissions.contains(permission));
    let on_change = move |event| {
        let yes = event_target_checked(&event);
        column.ticked.update(|set| if yes { set.insert(permission) } else { set.remove(permission) });
    };
    view! {
        <td class="matrix-cell" data-changed=move || changed().then_some("true")>
            <input
                class="checkbox-box"
                type="checkbox"
                form=column.form_id()
                name="permissions[]"
                value=permission.as_str()
                aria-label=move || format!("{}: {}", column.name(), permission.label())
                checked=column.ticked.with_untracked(|set| set.contains(permission))
                prop:checked=ticked
                on:change=on_change
            />
        </td>
    }
}

#[component]
fn Answer(yes: bool) -> impl IntoView {
    let answer = if yes {
        view! { <span class="matrix-yes"><Icon icon=Icon::Check/><VisuallyHidden>"Allowed"</VisuallyHidden></span> }.into_any()
    } else {
        view! { <span class="matrix-no"><span aria-hidden="true">"–"</span><VisuallyHidden>"Not allowed"</VisuallyHidden></span> }.into_any()
    };
    view! { <td class="matrix-cell">{answer}</td> }
}

/// What went wrong with which role. A conflict gets two ways out; the other columns keep what was ticked.
#[component]
fn Problems(columns: StoredValue<Vec<Column>>) -> impl IntoView {
    // Without script the refusal comes back in the address and every column has it: one tells it.
    let plain = columns.with_value(|columns| columns.first().map(|first| first.outcome.message()));
    let sent = move || columns.with_value(|columns| columns.iter().any(|c| c.action.version().get() > 0));
    let message = Signal::derive(move || if sent() { None } else { plain?.get() });
    let problem = |column: Column| {
        let wrong = Signal::derive(move || {
            let error = (column.action.version().get() > 0).then(|| column.outcome.error.get())??;
            Some(format!("{}: {error}", column.name()))
        });
        view! {
            <FormErrors message=wrong/>
            <Show when=move || wrong.with(Option::is_some) && column.outcome.is_conflict()>
                <Conflict column/>
            </Show>
        }
    };
    view! {
        <FormErrors message/>
        {columns.get_value().into_iter().map(problem).collect_view()}
    }
}

#[component]
fn Conflict(column: Column) -> impl IntoView {
    let load = Action::new(|(): &()| list_roles());
    Effect::new(move |_| {
        if let Some(Ok(roles)) = load.value().get() {
            let id = column.saved.with_untracked(|role| role.id);
            if let Some(role) = roles.into_iter().find(|role| role.id == id) {
                column.take(role);
                column.action.clear();
            }
        }
    });
    let overwrite = move |_| {
        if let Some(version) = column.outcome.error.with_untracked(|error| current(error.as_ref())) {
            column.save(version);
        }
    };
    view! {
        <div class="form-actions">
            <Button size=ButtonSize::Small on:click=move |_| { load.dispatch(()); }>"Show the current one"</Button>
            <Button size=ButtonSize::Small on:click=overwrite>"Save mine over it"</Button>
        </div>
    }
}

fn current(error: Option<&AppError>) -> Option<i64> {
    let Some(AppError::Service(Error::Conflict { current, .. })) = error else { return None };
    serde_json::from_str::<Role>(current).ok().map(|role| role.version)
}

/// At the lower edge, so that nothing moves under the pointer when the first box is ticked.
#[component]
fn SaveBar(columns: StoredValue<Vec<Column>>) -> impl IntoView {
    let changes = move || columns.with_value(|columns| columns.iter().map(|c| c.changes()).sum::<usize>());
    let busy =
        Signal::derive(move || columns.with_value(|columns| columns.iter().any(|c| c.outcome.busy.get())));
    let save = move |_| {
        for column in columns.get_value() {
            if untrack(|| column.changes()) > 0 {
                column.save(column.saved.with_untracked(|role| role.version));
            }
        }
    };
    let discard = move |_| {
        for column in columns.get_value() {
            column.ticked.set(column.saved.with_untracked(|role| role.permissions));
        }
    };
    let words = move || match changes() {
        1 => "1 change is not saved".to_owned(),
        many => format!("{many} changes are not saved"),
    };
    view! {
        <Show when=move || { changes() > 0 }>
            <div class="bulk-bar" role="status">
                <span>{words}</span>
                <Button variant=ButtonVariant::Primary size=ButtonSize::Small busy on:click=save>"Save"</Button>
                <Button size=ButtonSize::Small on:click=discard>"Discard"</Button>
            </div>
        </Show>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_area_has_a_name_for_people() {
        assert_eq!(area_name("user"), "People");
        assert_eq!(area_name("workspace"), "Workspace");
        assert_eq!(area_name("task"), "Tasks");
        assert!(Permission::ALL.iter().all(|p| area_name(p.area()).starts_with(char::is_uppercase)));
    }
}
