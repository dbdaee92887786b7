//! What an operator can turn off.

/// The parts of PMS that can be turned off. Their data stays.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Features {
    /// Dependencies between tasks: links, blocking, the graph.
    pub dependencies: bool,
    /// Alerts of urgent projects. Without them, urgent is only a label.
    pub urgent: bool,
}

impl Default for Features {
    /// Everything.
    fn default() -> Self {
        Self { dependencies: true, urgent: true }
    }
}
