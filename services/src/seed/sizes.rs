//! How large a made-up installation is.

/// A size.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Tier {
    /// A team: 50 people, 5,000 tasks.
    S,
    /// A company: 500 people, 100,000 tasks.
    M,
    /// A large one: 1,500 people, 400,000 tasks.
    L,
}

/// Rows of each kind.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    /// People.
    pub users: usize,
    /// Teams.
    pub teams: usize,
    /// Projects.
    pub projects: usize,
    /// Places of people in projects, about.
    pub memberships: usize,
    /// Tasks, of which 30 % are open.
    pub tasks: usize,
    /// Comments.
    pub comments: usize,
    /// Rows of the history.
    pub activity: usize,
    /// Labels on tasks.
    pub task_labels: usize,
    /// People watching tasks.
    pub watchers: usize,
    /// Notifications of the administrator, at most one for each task.
    pub notifications: usize,
    /// Rows of the audit log.
    pub audit: usize,
    /// Tasks of the largest project.
    pub largest_project: usize,
    /// Comments on the busiest task.
    pub busiest_task: usize,
}

impl Tier {
    /// Its rows.
    pub const fn sizes(self) -> Sizes {
        match self {
            Self::S => Sizes {
                users: 50,
                teams: 8,
                projects: 20,
                memberships: 400,
                tasks: 5_000,
                comments: 20_000,
                activity: 80_000,
                task_labels: 8_000,
                watchers: 10_000,
                notifications: 2_000,
                audit: 20_000,
                largest_project: 1_500,
                busiest_task: 500,
            },
            Self::M => Sizes {
                users: 500,
                teams: 40,
                projects: 200,
                memberships: 6_000,
                tasks: 100_000,
                comments: 500_000,
                activity: 1_800_000,
                task_labels: 200_000,
                watchers: 250_000,
                notifications: 100_000,
                audit: 1_000_000,
                largest_project: 20_000,
                busiest_task: 2_000,
            },
            Self::L => Sizes {
                users: 1_500,
                teams: 120,
                projects: 500,
                memberships: 25_000,
                tasks: 400_000,
                comments: 2_400_000,
                activity: 7_000_000,
                task_labels: 800_000,
                watchers: 1_000_000,
                notifications: 400_000,
                audit: 5_000_000,
                largest_project: 50_000,
                busiest_task: 5_000,
            },
        }
    }
}
