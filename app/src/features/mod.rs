//! Composed parts with state of their own: built from components, fed by `api`, used by pages.
