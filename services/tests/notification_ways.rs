//! By which way people are told, when, and what they can choose.

mod task_stories;

use domain::{
    Error,
    announcement::NewAnnouncement,
    comment::NewComment,
    ids::{ProjectId, UserId},
    notification::{Event, Mark, MarkMany, Shelf},
    page::Page,
    preference::{Choice, EditPreferences},
    rhythm::{Digest, Quiet, Rhythm},
    task::{NewTask, Task},
    wish::{Channel, locked},
};
use services::{
    Actor, announcements, comments, deliveries, notifications,
    ports::{answer::Script, mailer::Mail},
    project_members, projects, tasks,
};
use std::sync::Arc;
use store::notifications::Position;
use task_stories::{Stage, code, fields, id, is_hidden};
use testkit::both;

const HOUR: i64 = 60 * 60;

struct Story {
    stage: Stage,
    post: Arc<Script<Mail>>,
}

impl Story {
    async fn new(db: store::Db) -> Self {
        let mut stage = Stage::new(db).await;
        let post = Arc::new(Script::<Mail>::default());
        stage.w.services.outlets.mailer = Some(Arc::clone(&post) as _);
        let story = Self { stage, post };
        story.run().await;
        for actor in [&story.stage.bob, &story.stage.eve] {
            let rows = story.rows(actor).await.into_iter().map(|row| row.id).collect();
            let change = MarkMany { ids: rows, mark: Mark::Archive };
            notifications::mark(&story.stage.w.services, actor, change).await.expect("archived");
        }
        story
    }

    /// What the server does by itself, until there is nothing left to do.
    async fn run(&self) {
        let s = &self.stage.w.services;
        while notifications::tell(s).await.expect("a round") > 0 {}
        notifications::digests(s).await.expect("digests");
        while deliveries::dispatch(s).await.expect("a round") > 0 {}
    }

    async fn rows(&self, actor: &Actor) -> Vec<domain::notification::Notification> {
        let s = &self.stage.w.services;
        notifications::list(s, actor, Shelf::Inbox, Page::default()).await.expect("a list").items
    }

    /// To whom something was sent, and its subject.
    fn sent(&self) -> Vec<(String, String)> {
        self.post.sent().into_iter().map(|mail| (mail.address, mail.subject)).collect()
    }

    async fn give(&self, title: &str, to: UserId) -> Task {
        let s = &self.stage.w.services;
        let new = NewTask { title: title.into(), assignees: vec![to], ..NewTask::default() };
        tasks::create(s, &self.stage.mia, self.stage.project.id, new).await.expect("a task")
    }

    async fn say(&self, task: &Task, body: &str) {
        let new = NewComment { id: None, body: body.into() };
        comments::create(&self.stage.w.services, &self.stage.mia, task.summary.id, new).await.expect("said");
    }

    async fn choose(
        &self,
        project: Option<ProjectId>,
        (event, channel): (Event, Channel),
        wanted: Option<bool>,
    ) -> domain::Result<domain::preference::Preferences> {
        let edit = EditPreferences { choices: vec![Choice { event, channel, wanted }] };
        notifications::choose(&self.stage.w.services, &self.stage.bob, project, edit).await
    }

    async fn rhythm(&self, rhythm: Rhythm) {
        notifications::set_rhythm(&self.stage.w.services, &self.stage.bob, rhythm).await.expect("set");
    }
}

#[test]
fn what_is_usual_goes_by_email_once_and_says_why() {
    both(|db| async move {
        let story = Story::new(db).await;
        let bob = id(&story.stage.bob);
        let task = story.give("Write it", bob).await;
        story.say(&task, "One more thing").await;
        story.say(&task, "Look, @bob").await;
        story.run().await;
        let to = "bob@example.org".to_owned();
        let of = |subject: &str| (to.clone(), subject.to_owned());
        let mut sent = story.sent();
        sent.sort();
        assert_eq!(sent, [of("WEB-1 Write it: mia assigned you"), of("WEB-1 Write it: mia mentioned you")]);
        let mention = story.post.sent().into_iter().find(|mail| mail.subject.contains("mentioned"));
        let mention = mention.expect("it was sent");
        assert!(mention.text.contains("> Look, @bob"), "{}", mention.text);
        assert!(mention.text.contains("because you are mentioned, you are assigned and you watch the task"));
        assert!(mention.text.contains("/tasks/WEB-1"), "{}", mention.text);
        assert!(mention.unsubscribe.is_some());
        // The same rows of the history again.
        let mut tx = story.stage.w.services.db.write().await.expect("a transaction");
        let from = store::notifications::position(&mut tx).await.expect("a position");
        store::notifications::move_on(&mut tx, from, Position::default()).await.expect("set");
        tx.commit().await.expect("a commit");
        story.run().await;
        assert_eq!(story.sent().len(), 2);
    });
}

#[test]
fn whoever_lost_access_before_it_was_sent_gets_nothing() {
    both(|db| async move {
        let story = Story::new(db).await;
        let s = &story.stage.w.services;
        story.give("Secret", id(&story.stage.bob)).await;
        while notifications::tell(s).await.expect("a round") > 0 {}
        project_members::remove_user(s, &story.stage.mia, story.stage.project.id, id(&story.stage.bob))
            .await
            .expect("removed");
        story.run().await;
        assert_eq!(story.sent(), []);
    });
}

#[test]
fn in_quiet_hours_it_waits_and_what_was_read_meanwhile_is_not_sent() {
    both(|db| async move {
        let story = Story::new(db).await;
        let bob = id(&story.stage.bob);
        // It is noon in UTC, and one in the afternoon there.
        let quiet = Some(Quiet { from: 12 * 60, until: 15 * 60 });
        story.rhythm(Rhythm { time_zone: "Europe/Berlin".into(), quiet, ..Rhythm::default() }).await;
        story.give("Read", bob).await;
        story.give("Not read", bob).await;
        story.run().await;
        assert_eq!(story.sent(), []);
        let rows = story.rows(&story.stage.bob).await;
        let read = rows.iter().find(|row| row.subject == "Read").expect("told").id;
        let change = || MarkMany { ids: vec![read], mark: Mark::Read };
        let s = &story.stage.w.services;
        notifications::mark(s, &story.stage.eve, change()).await.expect("nothing of hers");
        story.stage.w.clock.advance_seconds(HOUR);
        story.run().await;
        assert_eq!(story.sent(), [], "an hour is left");
        notifications::mark(s, &story.stage.bob, change()).await.expect("read");
        story.stage.w.clock.advance_seconds(HOUR);
        story.run().await;
        let subjects: Vec<_> = story.sent().into_iter().map(|(_, subject)| subject).collect();
        assert_eq!(subjects, ["WEB-2 Not read: mia assigned you"]);
    });
}

#[test]
fn a_digest_brings_together_what_was_not_read_once_at_its_hour() {
    both(|db| async move {
        let story = Story::new(db).await;
        let bob = id(&story.stage.bob);
        story.rhythm(Rhythm { digest: Digest::Daily, digest_hour: 14, ..Rhythm::default() }).await;
        for title in ["One", "Two", "Three"] {
            story.give(title, bob).await;
        }
        story.run().await;
        assert_eq!(story.sent(), [], "not before its hour");
        let rows = story.rows(&story.stage.bob).await;
        let change = MarkMany { ids: vec![rows[0].id], mark: Mark::Read };
        notifications::mark(&story.stage.w.services, &story.stage.bob, change).await.expect("read");
        story.stage.w.clock.advance_seconds(2 * HOUR);
        let s = &story.stage.w.services;
        let (one, other) = tokio::join!(notifications::digests(s), notifications::digests(s));
        one.and(other).expect("digests");
        story.run().await;
        assert_eq!(story.sent(), [("bob@example.org".to_owned(), "2 unread notifications".to_owned())]);
        let text = story.post.sent()[0].text.clone();
        assert!(text.contains("WEB-1 One: mia assigned you") && text.contains("WEB-2 Two"), "{text}");
        assert!(!text.contains("Three"), "{text}");
        // A server that was down for days sends one, and without anything new there is none.
        story.stage.w.clock.advance_seconds(72 * HOUR);
        story.run().await;
        assert_eq!(story.sent().len(), 1);
        story.give("Four", bob).await;
        story.run().await;
        story.stage.w.clock.advance_seconds(72 * HOUR);
        story.run().await;
        assert_eq!(story.sent().len(), 2);
    });
}

#[test]
fn a_project_goes_before_all_and_what_is_locked_stays_on() {
    both(|db| async move {
        let story = Story::new(db).await;
        let project = Some(story.stage.project.id);
        let bob = id(&story.stage.bob);
        story.choose(None, (Event::Assigned, Channel::Email), Some(false)).await.expect("chosen");
        story.give("Silent", bob).await;
        story.run().await;
        assert_eq!(story.sent(), []);
        story.choose(project, (Event::Assigned, Channel::Email), Some(true)).await.expect("chosen");
        let after =
            story.choose(project, (Event::Assigned, Channel::Inbox), Some(false)).await.expect("chosen");
        let keys: Vec<_> = after.projects.iter().map(|project| project.key.as_str()).collect();
        assert_eq!(keys, ["WEB"]);
        story.give("Only by e-mail", bob).await;
        story.run().await;
        assert_eq!(story.sent().len(), 1);
        let subjects: Vec<_> =
            story.rows(&story.stage.bob).await.into_iter().map(|row| row.subject).collect();
        assert_eq!(subjects, ["Silent"]);
        let after =
            story.choose(project, (Event::Assigned, Channel::Inbox), None).await.expect("as elsewhere");
        let cell =
            after.cells.iter().find(|cell| (cell.event, cell.channel) == (Event::Assigned, Channel::Inbox));
        assert_eq!(cell.map(|cell| (cell.wanted, cell.chosen)), Some((true, None)));
        for event in Event::ALL {
            for channel in Channel::ALL {
                let refused = story.choose(None, (event, channel), Some(false)).await;
                match locked(event, channel) {
                    Some(_) => assert_eq!(code(&refused.expect_err("it is locked")), "locked"),
                    None => assert!(refused.is_ok()),
                }
            }
        }
        let task = story.give("Nothing but this", bob).await;
        story.say(&task, "@bob").await;
        story.run().await;
        assert_eq!(story.rows(&story.stage.bob).await[0].event, Event::Mentioned);
    });
}

#[test]
fn choices_are_ones_own_and_checked() {
    both(|db| async move {
        let story = Story::new(db).await;
        let s = &story.stage.w.services;
        let foreign = story.stage.w.project(&story.stage.w.admin, "OPS").await.id;
        assert!(is_hidden(story.choose(Some(foreign), (Event::Progress, Channel::Inbox), Some(false)).await));
        assert!(is_hidden(notifications::preferences(s, &story.stage.bob, Some(foreign)).await));
        let choice = Choice { event: Event::Progress, channel: Channel::Inbox, wanted: Some(false) };
        let twice = EditPreferences { choices: vec![choice, choice] };
        let refusal = notifications::choose(s, &story.stage.bob, None, twice).await.expect_err("twice");
        assert_eq!(fields(&refusal), [("choices", "repeated")]);
        let reader = Actor { read_only: true, ..story.stage.bob.clone() };
        let once = EditPreferences { choices: vec![choice] };
        let refusal = notifications::choose(s, &reader, None, once).await.expect_err("it only reads");
        assert_eq!(code(&refusal), "read_only_token");
        story.choose(None, (Event::Progress, Channel::Inbox), Some(false)).await.expect("chosen");
        let hers = notifications::preferences(s, &story.stage.eve, None).await.expect("hers");
        assert!(hers.cells.iter().all(|cell| cell.chosen.is_none()));

        let wrong = Rhythm {
            time_zone: "Mars/Base".into(),
            quiet: Some(Quiet { from: 60, until: 60 }),
            digest_hour: 24,
            digest_weekday: 0,
            ..Rhythm::default()
        };
        let refusal = notifications::set_rhythm(s, &story.stage.bob, wrong).await.expect_err("all wrong");
        let names: Vec<_> = fields(&refusal).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["time_zone", "quiet", "digest_hour", "digest_weekday"]);
        let first = notifications::set_rhythm(s, &story.stage.bob, Rhythm::default()).await.expect("set");
        assert_eq!(first.version, 1);
        let stale = notifications::set_rhythm(s, &story.stage.bob, Rhythm::default()).await;
        assert!(matches!(stale, Err(Error::Conflict { .. })), "{stale:?}");
        let after = notifications::set_rhythm(s, &story.stage.bob, first).await.expect("set");
        assert_eq!(notifications::preferences(s, &story.stage.bob, None).await.expect("his").rhythm, after);
    });
}

#[test]
fn one_click_ends_emails_of_a_kind_in_all_projects() {
    both(|db| async move {
        let story = Story::new(db).await;
        let s = &story.stage.w.services;
        let bob = id(&story.stage.bob);
        story
            .choose(Some(story.stage.project.id), (Event::Assigned, Channel::Email), Some(true))
            .await
            .expect("loud");
        story.give("One", bob).await;
        story.run().await;
        let link = story.post.sent()[0].unsubscribe.clone().expect("a link");
        let token = link.split_once("token=").expect("a token").1.to_owned();
        let what = notifications::unsubscribes_from(s, &token);
        assert_eq!(what, Some(notifications::Unsubscribed::From(Event::Assigned)));
        for _ in 0..2 {
            assert_eq!(notifications::unsubscribe(s, &token).await.expect("ended"), what);
        }
        story.give("Two", bob).await;
        story.run().await;
        assert_eq!(story.sent().len(), 1);
        assert_eq!(story.rows(&story.stage.bob).await.len(), 2, "the inbox has both");
        let other = token.replace(token.split('.').next().expect("a subject"), "bWVudGlvbmVk");
        assert_eq!(
            notifications::unsubscribe(s, &other).await.expect("an answer"),
            None,
            "nobody signed that"
        );
        assert!(projects::find(s, &story.stage.bob, story.stage.project.id).await.is_ok());
    });
}

#[test]
fn what_waits_is_not_sent_once_it_is_over_or_not_wanted() {
    both(|db| async move {
        let story = Story::new(db).await;
        let s = &story.stage.w.services;
        let bob = id(&story.stage.bob);
        let quiet = Some(Quiet { from: 11 * 60, until: 15 * 60 });
        story.rhythm(Rhythm { quiet, ..Rhythm::default() }).await;
        let deleted = story.give("Deleted", bob).await;
        let stays = story.give("Stays", bob).await;
        story.say(&stays, "@bob").await;
        let new = |title: &str| NewAnnouncement {
            title: title.into(),
            body: "Read it.".into(),
            acknowledge: true,
            ..NewAnnouncement::default()
        };
        let author = story.stage.w.user("author", "Administrator").await;
        let withdrawn = announcements::publish(s, &author, new("Withdrawn")).await.expect("published");
        let read = announcements::publish(s, &author, new("Read")).await.expect("published");
        story.run().await;
        assert_eq!(story.sent().iter().filter(|(to, _)| to == "bob@example.org").count(), 0);

        tasks::delete(s, &story.stage.mia, deleted.summary.id, deleted.summary.version)
            .await
            .expect("deleted");
        announcements::withdraw(s, &author, withdrawn.announcement.id, 1).await.expect("withdrawn");
        announcements::acknowledge(s, &story.stage.bob, read.announcement.id).await.expect("acknowledged");
        // As by the link of an earlier e-mail.
        story.choose(None, (Event::Assigned, Channel::Email), Some(false)).await.expect("chosen");
        story.stage.w.clock.advance_seconds(4 * HOUR);
        story.run().await;
        let to_bob = |sent: Vec<(String, String)>| {
            sent.into_iter()
                .filter(|(to, _)| to == "bob@example.org")
                .map(|(_, subject)| subject)
                .collect::<Vec<_>>()
        };
        assert_eq!(to_bob(story.sent()), ["WEB-2 Stays: mia mentioned you"]);
    });
}

#[test]
fn the_link_ends_that_for_which_the_email_came() {
    both(|db| async move {
        let story = Story::new(db).await;
        let s = &story.stage.w.services;
        let task = story.give("Write it", id(&story.stage.bob)).await;
        story.choose(None, (Event::Mentioned, Channel::Email), Some(false)).await.expect("chosen");
        story.choose(None, (Event::Commented, Channel::Email), Some(true)).await.expect("chosen");
        story.run().await;
        story.say(&task, "Look, @bob").await;
        story.run().await;
        let mail =
            story.post.sent().into_iter().find(|mail| mail.subject.contains("mentioned")).expect("sent");
        let link = mail.unsubscribe.expect("a link");
        let token = link.split_once("token=").expect("a token").1;
        let what = notifications::unsubscribe(s, token).await.expect("ended");
        assert_eq!(what, Some(notifications::Unsubscribed::From(Event::Commented)));
        story.say(&task, "Again, @bob").await;
        story.run().await;
        assert_eq!(
            story.post.sent().into_iter().filter(|mail| mail.subject.contains("mentioned")).count(),
            1
        );
    });
}

#[test]
fn whoever_ends_digests_gets_a_last_one() {
    both(|db| async move {
        let story = Story::new(db).await;
        let s = &story.stage.w.services;
        let daily = Rhythm { digest: Digest::Daily, digest_hour: 14, ..Rhythm::default() };
        let kept = notifications::set_rhythm(s, &story.stage.bob, daily).await.expect("set");
        story.give("One", id(&story.stage.bob)).await;
        story.run().await;
        assert_eq!(story.sent(), []);
        story.rhythm(Rhythm { digest: Digest::Never, ..kept }).await;
        story.run().await;
        assert_eq!(story.sent(), [("bob@example.org".to_owned(), "1 unread notification".to_owned())]);
        story.stage.w.clock.advance_seconds(100 * HOUR);
        story.run().await;
        assert_eq!(story.sent().len(), 1);
    });
}
