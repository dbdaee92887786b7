//! `pms user …`

use super::Outcome;
use crate::{
    boot,
    config::{Config, Trouble},
};
use clap::{Args, Subcommand};
use domain::{
    page::Page,
    role,
    user::{EditUser, NewUser, UserFilter, UserStatus},
};
use services::{Actor, Services};
use std::io::{BufRead as _, Write as _};

/// Create and list people, let them in again, or shut them out.
#[derive(Subcommand)]
pub enum UserCommand {
    /// Create a person who can sign in at once
    Create(Create),
    /// List people, one a line: user name, e-mail address, role, status
    List,
    /// Give a person a new password: who forgot it, or failed too often. They are signed out
    /// everywhere, and their API tokens end
    Reset(Reset),
    /// Shut a person out: they are signed out everywhere, and what they did stays
    Disable(Whom),
    /// Let a person in again
    Enable(Whom),
}

#[derive(Args)]
pub struct Whom {
    /// Their user name or e-mail address
    login: String,
}

#[derive(Args)]
pub struct Reset {
    #[command(flatten)]
    whom: Whom,
    /// Read the password from standard input, up to the end of the first line
    #[arg(long, required = true)]
    password_stdin: bool,
}

#[derive(Args)]
pub struct Create {
    /// What they sign in with
    #[arg(long)]
    username: String,
    /// Their e-mail address
    #[arg(long)]
    email: String,
    /// The name that others see [default: the user name]
    #[arg(long, default_value = "", hide_default_value = true)]
    name: String,
    /// Their role in the workspace
    #[arg(long, default_value = role::FIRST_USER_ROLE)]
    role: String,
    /// Read the password from standard input, up to the end of the first line. There is no option to write it on the
    /// command line, where everyone on the machine could read it
    #[arg(long, required = true)]
    password_stdin: bool,
}

pub async fn run(config: Config, command: UserCommand) -> Outcome {
    let services = boot::services(&config).await?;
    match command {
        UserCommand::Create(create) => add(&services, create).await,
        UserCommand::List => list(&services).await,
        UserCommand::Reset(Reset { whom, .. }) => reset(&services, &whom).await,
        UserCommand::Disable(whom) => set_status(&services, &whom, UserStatus::Disabled).await,
        UserCommand::Enable(whom) => set_status(&services, &whom, UserStatus::Active).await,
    }
}

async fn reset(services: &Services, Whom { login }: &Whom) -> Outcome {
    let actor = Actor::system();
    // Asked before the password is read: a wrong name should not cost typing one.
    let user = services::users::by_login(services, &actor, login).await?;
    services::users::set_password(services, &actor, user.id, read_password()?).await?;
    println_quietly(&format!(
        "{} has a new password, is signed out everywhere, and has no API tokens any more.",
        user.username
    ));
    if user.status == UserStatus::Disabled {
        println_quietly(&format!(
            "They are still disabled. Let them in with: pms user enable {}",
            user.username
        ));
    }
    Ok(())
}

async fn set_status(services: &Services, Whom { login }: &Whom, status: UserStatus) -> Outcome {
    let actor = Actor::system();
    let user = services::users::by_login(services, &actor, login).await?;
    let edit = EditUser { version: user.version, status: Some(status), ..EditUser::default() };
    services::users::update(services, &actor, user.id, edit).await?;
    println_quietly(&format!("{} is {}.", user.username, status.as_str()));
    Ok(())
}

async fn add(services: &Services, create: Create) -> Outcome {
    let actor = Actor::system();
    let roles = services::roles::list(services, &actor).await?;
    let role = roles.iter().find(|role| role.name.to_lowercase() == create.role.to_lowercase()).ok_or_else(
        || {
            let names: Vec<_> = roles.iter().map(|role| role.name.as_str()).collect();
            Trouble::new(format!("There is no role “{}”. Roles: {}.", create.role, names.join(", ")))
        },
    )?;
    let new = NewUser {
        id: None,
        username: create.username,
        email: create.email,
        display_name: create.name,
        password: read_password()?,
        role_id: role.id,
    };
    let user = services::users::create(services, &actor, new).await?;
    println_quietly(&format!("Created {} ({}) as {}.", user.username, user.email, user.role_name));
    Ok(())
}

async fn list(services: &Services) -> Outcome {
    let actor = Actor::system();
    let mut page = Page::new(Some(200), None);
    loop {
        let users = services::users::list(services, &actor, UserFilter::default(), page.clone()).await?;
        for user in users.items {
            println_quietly(&format!(
                "{}\t{}\t{}\t{}",
                user.username,
                user.email,
                user.role_name,
                user.status.as_str()
            ));
        }
        match users.next {
            Some(next) => page.cursor = Some(next),
            None => return Ok(()),
        }
    }
}

fn read_password() -> Result<String, Trouble> {
    let mut line = String::new();
    std::io::stdin()
        .lock()
        .read_line(&mut line)
        .map_err(|error| Trouble::new(format!("The password could not be read: {error}.")))?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

/// Writes a line for whoever reads; a closed pipe is no failure of the command.
pub fn println_quietly(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}
