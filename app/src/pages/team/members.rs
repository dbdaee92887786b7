//! The people of a team.

use crate::{
    api::team::{AddTeamMember, RemoveTeamMember},
    components::{Badge, Button, ButtonSize, FormErrors, Icon, Person, Tone, use_toaster},
    features::{
        form_outcome::{FormOutcome, on_success},
        person_picker::PersonPicker,
    },
    paths,
};
use domain::{
    ids::{TeamId, UserId},
    user::UserRef,
};
use leptos::{form::ActionForm, prelude::*, server::ServerAction};

/// The list, each with a way out, and a way in.
#[component]
pub fn Members(
    id: TeamId,
    members: Vec<UserRef>,
    lead: Option<UserId>,
    reload: Callback<()>,
) -> impl IntoView {
    let add = ServerAction::<AddTeamMember>::new();
    let remove = ServerAction::<RemoveTeamMember>::new();
    let (added, removed) = (FormOutcome::of(add, "member-"), FormOutcome::of(remove, ""));
    let toaster = use_toaster();
    on_success(add, move |()| {
        toaster.success("Added to the team.");
        reload.run(());
    });
    on_success(remove, move |()| {
        toaster.success("Taken out of the team.");
        reload.run(());
    });
    let nobody = members.is_empty();
    let row = move |user: UserRef| view! { <Row id user lead remove/> };
    view! {
        <FormErrors message=removed.message()/>
        {if nobody {
            view! { <p class="muted">"Nobody is in this team yet."</p> }.into_any()
        } else {
            view! { <ul class="device-rows">{members.into_iter().map(row).collect_view()}</ul> }.into_any()
        }}
        <FormErrors message=added.message() fields=added.fields() prefix="member-"/>
        <ActionForm action=add attr:class="people-add">
            <input type="hidden" name="id" value=id.to_string()/>
            <PersonPicker
                id="member-username" name="username" label="Add a person" hint="Type a name and choose one."
                required=true error=added.field("username")
            />
            <Button kind="submit" icon=Icon::Plus busy=added.busy>"Add"</Button>
        </ActionForm>
    }
}

#[component]
fn Row(
    id: TeamId,
    user: UserRef,
    lead: Option<UserId>,
    remove: ServerAction<RemoveTeamMember>,
) -> impl IntoView {
    let what = format!("Remove {} from the team", user.display_name);
    view! {
        <li class="device-row">
            <div class="device-text">
                <a class="link-plain" href=paths::person(user.id)><Person name=user.display_name/></a>
            </div>
            {(lead == Some(user.id)).then(|| view! { <Badge tone=Tone::Info>"Lead"</Badge> })}
            <ActionForm action=remove>
                <input type="hidden" name="id" value=id.to_string()/>
                <input type="hidden" name="user_id" value=user.id.to_string()/>
                <Button kind="submit" size=ButtonSize::Small attr:aria-label=what>"Remove"</Button>
            </ActionForm>
        </li>
    }
}
