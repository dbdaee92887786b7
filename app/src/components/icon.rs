//! Icons: one stroke path each on a 24 × 24 grid, coloured by the text around them.

use leptos::prelude::*;

macro_rules! icons {
    ($($name:ident = $path:literal),+ $(,)?) => {
        /// What an icon shows. The meaning is always also in words beside it or in a label.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum Icon { $($name),+ }

        impl Icon {
            #[cfg(test)]
            const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The outline, as the `d` of an SVG path. One path an icon keeps a table of a hundred rows small.
            pub const fn path(self) -> &'static str {
                match self { $(Self::$name => $path),+ }
            }
        }
    };
}

icons! {
    // Places
    Home = "M4 10.5 12 4l8 6.5V19a1 1 0 0 1-1 1h-4.5v-5.5h-5V20H5a1 1 0 0 1-1-1z",
    Projects = "M3 7a2 2 0 0 1 2-2h4l2 2.5h8a2 2 0 0 1 2 2V17a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2z",
    Board = "M4.5 4h5a1 1 0 0 1 1 1v14a1 1 0 0 1-1 1h-5a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1zM14.5 4h5a1 1 0 0 1 1 1v8a1 1 0 0 1-1 1h-5a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1z",
    List = "M9 6h11M9 12h11M9 18h11M4.5 6h.01M4.5 12h.01M4.5 18h.01",
    Graph = "M5 9.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5zM19 3.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5zM19 15.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5zM7.3 11l9.4-4M7.3 13l9.4 4",
    Activity = "M3 12h4l3-7 4 14 3-7h4",
    // Acts
    Search = "M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM16.2 16.2 20.5 20.5",
    Plus = "M12 5v14M5 12h14",
    Minus = "M5 12h14",
    Check = "M5 12.5l4.5 4.5L19 7.5",
    Close = "M6 6l12 12M18 6 6 18",
    More = "M5.5 11.5a.5.5 0 1 0 0 1 .5.5 0 0 0 0-1zM12 11.5a.5.5 0 1 0 0 1 .5.5 0 0 0 0-1zM18.5 11.5a.5.5 0 1 0 0 1 .5.5 0 0 0 0-1z",
    Edit = "M4 20l1-4.5L16.3 4.2a1.8 1.8 0 0 1 2.6 0l.9.9a1.8 1.8 0 0 1 0 2.6L8.5 19zM14.2 6.3l3.5 3.5",
    Trash = "M4 7h16M9.5 7V4.5h5V7M6 7l.9 12a1 1 0 0 0 1 .9h8.2a1 1 0 0 0 1-.9L18 7M10 11v5M14 11v5",
    Archive = "M3.5 5h17v4h-17zM5 9v9.5a1 1 0 0 0 1 1h12a1 1 0 0 0 1-1V9M10 13h4",
    Restore = "M4 12a8 8 0 1 0 2.5-5.8L4 8.5M4 4v4.5h4.5",
    Copy = "M10 9h9a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1h-9a1 1 0 0 1-1-1v-9a1 1 0 0 1 1-1zM5.5 15H5a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1h9a1 1 0 0 1 1 1v.5",
    Import = "M12 4v11M7.5 11l4.5 4.5 4.5-4.5M4.5 19.5h15",
    Filter = "M4 6h16M7 12h10M10 18h4",
    Sort = "M8 5v14M4.5 15.5 8 19l3.5-3.5M16 19V5M12.5 8.5 16 5l3.5 3.5",
    Logout = "M10 4H6a1 1 0 0 0-1 1v14a1 1 0 0 0 1 1h4M15 8l4 4-4 4M19 12H10",
    // Directions
    ChevronDown = "M6 9l6 6 6-6",
    ChevronLeft = "M15 6l-6 6 6 6",
    ChevronRight = "M9 6l6 6-6 6",
    ArrowUp = "M12 19V5M6 11l6-6 6 6",
    ArrowDown = "M12 5v14M6 13l6 6 6-6",
    ArrowLeft = "M19 12H5M11 6l-6 6 6 6",
    ArrowRight = "M5 12h14M13 6l6 6-6 6",
    // People and what they may do
    User = "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4.5 20.5a7.5 7.5 0 0 1 15 0",
    Users = "M9 5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM2.5 20a6.5 6.5 0 0 1 13 0M16 5.3a3.5 3.5 0 0 1 0 6.4M18 14.2a6.5 6.5 0 0 1 3.5 5.8",
    Shield = "M12 3l7.5 2.5V11c0 4.8-3 8.3-7.5 10-4.5-1.7-7.5-5.2-7.5-10V5.5z",
    Key = "M8 11a4.2 4.2 0 1 0 0 8.4A4.2 4.2 0 0 0 8 11zM11 12.2l8.5-8.2M15.5 7.8l3 3",
    Lock = "M6 11h12a1 1 0 0 1 1 1v7a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1v-7a1 1 0 0 1 1-1zM8 11V8a4 4 0 0 1 8 0v3",
    // Work
    Calendar = "M5 5.5h14a1 1 0 0 1 1 1V19a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V6.5a1 1 0 0 1 1-1zM4 10h16M8 3.5v4M16 3.5v4",
    Flag = "M5.5 21V4M5.5 5h12.5l-2.5 4 2.5 4H5.5",
    Tag = "M4 5a1 1 0 0 1 1-1h6.5l8.2 8.2a1 1 0 0 1 0 1.4l-6.1 6.1a1 1 0 0 1-1.4 0L4 11.5zM8 8h.01",
    Clock = "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM12 7.5V12l3 2",
    Comment = "M5 5h14a1 1 0 0 1 1 1v9.5a1 1 0 0 1-1 1h-7L7.5 20v-3.5H5a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1z",
    History = "M4 12a8 8 0 1 0 2.5-5.8L4 8.5M4 4v4.5h4.5M12 8v4.5l3 1.5",
    Link = "M10 13.5a4 4 0 0 0 5.8.3l3-3a4 4 0 0 0-5.7-5.7L11.8 6.4M14 10.5a4 4 0 0 0-5.8-.3l-3 3a4 4 0 0 0 5.7 5.7l1.3-1.3",
    Subtask = "M6 4v11a2 2 0 0 0 2 2h5M6 9h7M13 7h7v4h-7zM13 15h7v4h-7z",
    Attachment = "M19.5 11.5l-7.8 7.8a5 5 0 0 1-7-7l8-8a3.3 3.3 0 0 1 4.7 4.7l-8 7.9a1.7 1.7 0 0 1-2.4-2.4l7.3-7.2",
    Todo = "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16z",
    Doing = "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12.6 8.7a3.3 3.3 0 0 1 0 6.6zM14 10.6v2.8",
    Done = "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM8.5 12.2l2.5 2.5 4.5-5",
    // States
    Alert = "M12 4 2.8 19.5h18.4zM12 10v4.5M12 17h.01",
    Info = "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM12 11v5.5M12 7.8h.01",
    Ban = "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM6 6l12 12",
    Bell = "M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15zM10 20.5h4",
    Urgent = "M13 3 5 13.5h6L10.5 21 19 10h-6z",
    // The tool itself
    Settings = "M4 7h9M17 7h3M15 5a2 2 0 1 0 0 4 2 2 0 0 0 0-4zM4 17h3M11 17h9M9 15a2 2 0 1 0 0 4 2 2 0 0 0 0-4z",
    Sun = "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4",
    Moon = "M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5z",
    Monitor = "M4 5h16a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1zM8.5 20h7M12 16v4",
    Menu = "M4 6.5h16M4 12h16M4 17.5h16",
    Panel = "M4 5h16a1 1 0 0 1 1 1v12a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1zM15 5v14",
    Eye = "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6z",
    Keyboard = "M4 6h16a1 1 0 0 1 1 1v10a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V7a1 1 0 0 1 1-1zM7 10h.01M10.3 10h.01M13.7 10h.01M17 10h.01M8 14.3h8",
}

/// An icon. Decoration only: readers skip it, so the words go beside it.
#[component]
pub fn Icon(
    /// What it shows.
    icon: Icon,
) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <path d=icon.path()></path>
        </svg>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_icon_has_its_own_outline() {
        for (index, icon) in Icon::ALL.iter().enumerate() {
            assert!(icon.path().starts_with('M'), "{icon:?} does not start with a move");
            let twin = Icon::ALL[..index].iter().find(|other| other.path() == icon.path());
            assert_eq!(twin, None, "{icon:?} looks like another icon");
        }
    }
}
