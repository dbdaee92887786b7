//! The colours a project or label may have: names, which the style sheet turns into colours for light and dark.

use serde::{Deserialize, Serialize};

macro_rules! colours {
    ($($name:ident = $text:literal),+ $(,)?) => {
        /// A colour by name.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Colour { $(#[doc = $text] $name),+ }

        impl Colour {
            /// All of them, in the order in which pickers show them.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The name, as stored and as in the style sheet.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text),+ }
            }

            /// The colour of that name.
            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|colour| colour.as_str() == text)
            }
        }
    };
}

colours! {
    Grey = "grey", Red = "red", Orange = "orange", Amber = "amber", Lime = "lime", Green = "green",
    Teal = "teal", Sky = "sky", Blue = "blue", Indigo = "indigo", Violet = "violet", Pink = "pink",
}

// Not derived: the macro can't mark one of its variants.
#[expect(clippy::derivable_impls, reason = "see above")]
impl Default for Colour {
    fn default() -> Self {
        Self::Blue
    }
}
