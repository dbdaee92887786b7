//! Rows of a list that goes on: the first come with the page, those after them on demand. Without script, by a link to
//! the page with the next ones.

use crate::{
    AppError,
    components::{Button, ButtonSize, ButtonVariant, Icon, LinkButton},
    features::alive::use_alive,
};
use domain::page::Paged;
use leptos::prelude::*;

/// The rows so far, and how to get the next. Copy it into closures.
pub struct MoreRows<T: Send + Sync + 'static> {
    rows: RwSignal<Vec<T>>,
    next: RwSignal<Option<String>>,
    load: Action<String, Result<Paged<T>, AppError>>,
}

impl<T: Send + Sync + 'static> Copy for MoreRows<T> {}

impl<T: Send + Sync + 'static> Clone for MoreRows<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Clone + Send + Sync + 'static> MoreRows<T> {
    /// Begins with `first`; `load` gets the rows after a cursor.
    pub fn new<F>(first: Paged<T>, load: impl Fn(String) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<Paged<T>, AppError>> + Send + 'static,
    {
        let rows = Self {
            rows: RwSignal::new(first.items),
            next: RwSignal::new(first.next),
            load: Action::new(move |cursor: &String| load(cursor.clone())),
        };
        Effect::new(move |_| {
            if let Some(Ok(page)) = rows.load.value().get() {
                rows.next.set(page.next);
                rows.rows.update(|rows| rows.extend(page.items));
            }
        });
        rows
    }

    /// The rows so far.
    pub fn get(self) -> Vec<T> {
        self.rows.get()
    }

    /// One of them.
    pub fn find(self, is_it: impl Fn(&T) -> bool) -> Option<T> {
        self.rows.with_untracked(|rows| rows.iter().find(|row| is_it(row)).cloned())
    }

    /// Changes them.
    pub fn update(self, change: impl FnOnce(&mut Vec<T>)) {
        self.rows.try_update(change);
    }

    /// Takes over the first rows as they are now, and leaves those after them. Begins anew if so much is new that there
    /// would be a gap.
    pub fn meet(self, first: Paged<T>, is_same: impl Fn(&T, &T) -> bool) {
        let after = first
            .items
            .last()
            .and_then(|last| self.rows.with_untracked(|rows| rows.iter().position(|row| is_same(row, last))));
        match after {
            Some(at) if first.next.is_some() => self.update(|rows| {
                let older = rows.split_off(at + 1);
                *rows = first.items;
                rows.extend(older);
            }),
            _ => self.restart(first),
        }
    }

    /// Begins anew.
    pub fn restart(self, first: Paged<T>) {
        self.next.set(first.next);
        self.rows.set(first.items);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(items: &[i32], next: Option<&str>) -> Paged<i32> {
        Paged { items: items.to_vec(), next: next.map(str::to_owned) }
    }

    #[test]
    fn new_rows_come_before_those_that_are_there() {
        let owner = Owner::new();
        owner.with(|| {
            let rows = MoreRows::new(page(&[7, 6], Some("6")), |_| async { Ok(page(&[], None)) });
            rows.update(|rows| rows.extend([5, 4]));
            rows.meet(page(&[9, 8, 7, 6], Some("6")), |a, b| a == b);
            assert_eq!(rows.rows.get_untracked(), [9, 8, 7, 6, 5, 4]);
            rows.meet(page(&[9, 7], Some("7")), |a, b| a == b);
            assert_eq!(rows.rows.get_untracked(), [9, 7, 6, 5, 4], "8 was deleted");
            rows.meet(page(&[20, 19], Some("19")), |a, b| a == b);
            assert_eq!(rows.rows.get_untracked(), [20, 19], "there would be a gap");
            rows.meet(page(&[1], None), |a, b| a == b);
            assert_eq!(rows.rows.get_untracked(), [1]);
        });
    }
}

/// Gets the next rows; nothing when there are none.
#[component]
pub fn MoreButton<T>(
    rows: MoreRows<T>,
    /// The address of the page with the rows after a cursor.
    #[prop(into)]
    href: Callback<String, String>,
    /// "Show older comments".
    label: &'static str,
) -> impl IntoView
where
    T: Clone + Send + Sync + 'static,
{
    let alive = use_alive();
    let error = move || {
        let failed = rows.load.value().with(|value| value.as_ref()?.as_ref().err().map(ToString::to_string));
        failed.map(|text| view! { <p class="field-error" role="alert">{text}</p> })
    };
    let button = move |cursor: String| {
        if alive.get() {
            let busy = rows.load.pending();
            let more = move |_| {
                rows.load.dispatch(cursor.clone());
            };
            return view! {
                <Button variant=ButtonVariant::Quiet size=ButtonSize::Small icon=Icon::History busy on:click=more>{label}</Button>
            }
            .into_any();
        }
        view! {
            <LinkButton href=href.run(cursor) variant=ButtonVariant::Quiet size=ButtonSize::Small icon=Icon::History>{label}</LinkButton>
        }
        .into_any()
    };
    view! {
        {move || rows.next.get().map(button)}
        {error}
    }
}
