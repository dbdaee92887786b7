//! A field that someone else changed at the same time: theirs, one's own, and the choice.

use super::{
    saver::Saver,
    value::{current, in_words, label, sent, wanted, word},
};
use crate::{
    api::{task_choices::TaskChoices, task_page::SaveTaskField},
    components::{Button, ButtonSize, LinkButton, Notice, Tone},
    features::alive::use_alive,
    paths,
};
use leptos::{form::ActionForm, prelude::*};

/// Nothing until it happens.
#[component]
pub fn Clash(saver: Saver, choices: Signal<Option<TaskChoices>>) -> impl IntoView {
    move || saver.clash.get().map(|mine| view! { <Question saver choices mine/> })
}

#[component]
fn Question(saver: Saver, choices: Signal<Option<TaskChoices>>, mine: SaveTaskField) -> impl IntoView {
    let field = mine.field;
    let words = move |value: &str| choices.with(|choices| in_words(field, value, choices.as_ref()));
    let theirs = move || words(&current(field, saver.task));
    let own = wanted(field, &mine.task);
    let alive = use_alive();
    let keep = move || {
        if alive.get() {
            let keep = move |_| saver.clash.set(None);
            view! { <Button size=ButtonSize::Small on:click=keep>"Keep theirs"</Button> }.into_any()
        } else {
            let page = paths::task(&saver.task.key());
            view! { <LinkButton href=page size=ButtonSize::Small>"Keep theirs"</LinkButton> }.into_any()
        }
    };
    let hidden = sent(field, &mine.task)
        .into_iter()
        .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
        .collect_view();
    view! {
        <Notice tone=Tone::Warning title="Someone else changed this at the same time" alert=true>
            <dl class="clash">
                <dt>{format!("{}, theirs", label(field))}</dt>
                <dd>{theirs}</dd>
                <dt>"Yours"</dt>
                <dd>{move || words(&own)}</dd>
            </dl>
            <div class="form-actions">
                {keep}
                <ActionForm action=saver.action>
                    <input type="hidden" name="id" value=mine.id.to_string()/>
                    <input type="hidden" name="version" value=move || saver.task.version()/>
                    <input type="hidden" name="field" value=word(field)/>
                    {hidden}
                    <Button kind="submit" size=ButtonSize::Small busy=saver.outcome.busy>"Save mine over it"</Button>
                </ActionForm>
            </div>
        </Notice>
    }
}
