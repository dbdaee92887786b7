//! Made-up projects: who belongs to them, their columns and labels, and how many tasks each gets.

use super::{
    BOARD_PROJECT, Cell, LARGEST_PROJECT, Seeder, Table,
    people::People,
    text,
    words::{LABELS, THINGS, VERBS},
};
use domain::{board::STARTING_COLUMNS, palette::Colour, time::Timestamp};
use uuid::Uuid;

/// The cards on the board of [`BOARD_PROJECT`].
const BOARD_CARDS: usize = 1_000;
/// A project's day that is not set, as the store writes it.
pub const NO_DAY: &str = "9999-12-31";

/// A project before its tasks are written.
pub struct Place {
    /// Its id.
    pub id: Uuid,
    /// Its key.
    pub key: String,
    /// Its name.
    pub name: String,
    /// When it began.
    pub at: Timestamp,
    /// Who belongs to it.
    pub members: Vec<Uuid>,
    /// Its columns in starting order.
    pub columns: [Uuid; 4],
    /// Its labels.
    pub labels: Vec<Uuid>,
    /// How many tasks it gets.
    pub tasks: usize,
}

impl Seeder<'_> {
    /// Draws all projects; their rows are written with their tasks, when the counts are known.
    pub(super) fn projects(&mut self, people: &People) -> Vec<Place> {
        let count = self.sizes.projects;
        let mut left = self.sizes.tasks - self.sizes.largest_project - BOARD_CARDS;
        let mut places = Vec::with_capacity(count);
        for number in 0..count {
            let tasks = match number {
                0 => self.sizes.largest_project,
                1 => BOARD_CARDS,
                _ if number + 1 == count => left,
                // About half of what is left for each of the first ones, an even share for the many small ones.
                _ => (left / 12).max(left / (count - number)).min(left),
            };
            if number > 1 {
                left -= tasks;
            }
            places.push(self.place(number, tasks, people));
        }
        places
    }

    fn place(&mut self, number: usize, tasks: usize, people: &People) -> Place {
        let at = self.moment(number * 400_000 / self.sizes.projects);
        let share = self.sizes.memberships / self.sizes.projects;
        // The largest and the board's project have everyone they can; the rest about the average.
        let wanted = if number < 2 { share * 4 } else { share };
        let wanted = wanted.clamp(3, people.users.len());
        let first = self.dice.below(people.users.len());
        let mut members: Vec<Uuid> =
            (0..wanted).map(|step| people.users[(first + step) % people.users.len()]).collect();
        if !members.contains(&people.users[0]) {
            members[0] = people.users[0];
        }
        let (key, name) = match number {
            0 => (LARGEST_PROJECT.to_owned(), "Everything at once".to_owned()),
            1 => (BOARD_PROJECT.to_owned(), "A full board".to_owned()),
            _ => (
                format!("P{number}"),
                format!("{} {} {number}", VERBS[number % VERBS.len()], THINGS[number % THINGS.len()]),
            ),
        };
        let columns = std::array::from_fn(|_| self.dice.id(at));
        let labels = LABELS.iter().map(|_| self.dice.id(at)).collect();
        Place { id: self.dice.id(at), key, name, at, members, columns, labels, tasks }
    }

    /// A project's own rows.
    pub(super) fn project_rows(
        &mut self,
        place: &Place,
        people: &People,
        counts: [i64; 4],
    ) -> Vec<(Table, Vec<Vec<Cell>>)> {
        let at = place.at.micros();
        let number = |count: usize| Cell::Int(i64::try_from(count).unwrap_or(i64::MAX));
        let project = vec![
            Cell::Id(place.id),
            text(&place.key),
            text(&place.name),
            text(format!("{} {}", place.key.to_lowercase(), place.name.to_lowercase())),
            text(format!("What **{}** is about, and how we know that it is done.", place.name)),
            Cell::Word("active"),
            Cell::Small(0),
            Cell::Word(self.dice.pick(Colour::ALL).as_str()),
            Cell::Id(place.members[0]),
            Cell::Word("2026-01-05"),
            Cell::Word(if self.dice.percent(60) { "2026-12-18" } else { NO_DAY }),
            number(place.tasks + 1),
            Cell::Int(counts[0] + counts[1] + counts[2]),
            Cell::Int(counts[3]),
            number(place.members.len()),
            Cell::NoInt,
            Cell::Int(at),
            Cell::Int(self.moment(1_000_000).micros()),
            Cell::Int(1),
        ];
        let members = place.members.iter().enumerate().map(|(place_number, user)| {
            let role = if place_number == 0 { 1 } else { 2 };
            vec![
                Cell::Id(place.id),
                Cell::Id(*user),
                Cell::Id(Uuid::nil()),
                Cell::Id(people.roles[role]),
                Cell::Int(at),
            ]
        });
        let columns = STARTING_COLUMNS.iter().enumerate().map(|(position, (name, category))| {
            vec![
                Cell::Id(place.columns[position]),
                Cell::Id(place.id),
                Cell::Word(name),
                text(name.to_lowercase()),
                Cell::Word(category.as_str()),
                number(position),
                Cell::Int(counts[position]),
                Cell::Int(1),
            ]
        });
        let labels = LABELS.iter().zip(&place.labels).map(|((name, colour), id)| {
            vec![
                Cell::Id(*id),
                Cell::Id(place.id),
                Cell::Word(name),
                Cell::Word(name),
                Cell::Word(colour),
                Cell::Int(1),
            ]
        });
        vec![
            (Table::Project, vec![project]),
            (Table::ProjectMember, members.collect()),
            (Table::Column, columns.collect()),
            (Table::Label, labels.collect()),
        ]
    }
}
