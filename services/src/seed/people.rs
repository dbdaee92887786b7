//! Made-up people and teams.

use super::{
    ADMIN, Cell, Seeder, Table, text,
    words::{FAMILY, GIVEN},
};
use domain::Result;
use uuid::Uuid;

/// Who there is.
pub struct People {
    /// Everyone, the administrator first.
    pub users: Vec<Uuid>,
    /// Role ids in starting order: administrator, project manager, member, commenter, viewer.
    pub roles: Vec<Uuid>,
}

impl Seeder<'_> {
    pub(super) async fn people(&mut self, password: String) -> Result<People> {
        let roles: Vec<Uuid> = self.roles().await?.into_iter().map(Into::into).collect();
        // One hash for all: hashing is slow on purpose, and these accounts are made up.
        let hash = self.services.passwords.hash(password).await?;
        let mut people = People { users: Vec::new(), roles };
        let mut rows = Vec::new();
        for number in 0..self.sizes.users {
            let at = self.start;
            let id = self.dice.id(at);
            people.users.push(id);
            let (username, name) = name_of(number);
            let role = match number {
                0 => 0,
                _ if number % 12 == 1 => 1,
                _ if number % 17 == 3 => 3,
                _ => 2,
            };
            let email = format!("{username}@example.org");
            rows.push(vec![
                Cell::Id(id),
                text(&username),
                text(&username),
                text(&email),
                text(&email),
                text(&name),
                text(format!("{username} {} {email}", name.to_lowercase())),
                text(&hash),
                Cell::Id(people.roles[role]),
                Cell::Word("active"),
                Cell::Int(at.micros()),
                Cell::Int(at.micros()),
                Cell::Int(1),
            ]);
        }
        let (teams, members) = self.teams(&people);
        self.write("people", vec![(Table::Person, rows), (Table::Team, teams), (Table::TeamMember, members)])
            .await?;
        Ok(people)
    }

    fn teams(&mut self, people: &People) -> (Vec<Vec<Cell>>, Vec<Vec<Cell>>) {
        let mut teams = Vec::new();
        let mut members = Vec::new();
        let size = self.sizes.users / self.sizes.teams;
        for (number, crew) in people.users.chunks(size).take(self.sizes.teams).enumerate() {
            let id = self.dice.id(self.start);
            let name = format!("Team {}", number + 1);
            let at = self.start.micros();
            teams.push(vec![
                Cell::Id(id),
                text(&name),
                text(name.to_lowercase()),
                Cell::Word("Works together."),
                Cell::Id(crew[0]),
                Cell::Int(at),
                Cell::Int(at),
                Cell::Int(1),
            ]);
            members.extend(crew.iter().map(|user| vec![Cell::Id(id), Cell::Id(*user), Cell::Int(at)]));
        }
        (teams, members)
    }
}

fn name_of(number: usize) -> (String, String) {
    if number == 0 {
        return (ADMIN.into(), "Administrator".into());
    }
    let given = GIVEN[number % GIVEN.len()];
    let family = FAMILY[number / GIVEN.len() % FAMILY.len()];
    (format!("{}.{}{number}", given.to_lowercase(), family.to_lowercase()), format!("{given} {family}"))
}
