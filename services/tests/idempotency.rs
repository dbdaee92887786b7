//! Writes that are sent again because their answer was lost.

use domain::Error;
use services::{
    Actor,
    idempotency::{Answer, Begin, begin, finish, release},
};
use testkit::{Workspace, both};

const ONE: [u8; 32] = [1; 32];
const OTHER: [u8; 32] = [2; 32];

fn answer() -> Answer {
    Answer { status: 201, headers: "{\"etag\":\"1\"}".into(), body: "{\"id\":\"ä\"}".into() }
}

fn code(result: Result<Begin, Error>) -> String {
    match result {
        Err(Error::Refused { code, .. }) => code,
        other => panic!("a rule was to refuse, not {other:?}"),
    }
}

#[test]
fn a_request_that_ran_is_answered_alike_and_not_run_again() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        assert_eq!(begin(&w.services, &w.admin, "k", ONE).await, Ok(Begin::Fresh));
        finish(&w.services, &w.admin, "k", answer()).await.unwrap();
        let Answer { status, headers, body } = answer();
        let replay = Ok(Begin::Replay { status, headers, body });
        assert_eq!(begin(&w.services, &w.admin, "k", ONE).await, replay);
        assert_eq!(begin(&w.services, &w.admin, "k", ONE).await, replay);
    });
}

#[test]
fn a_key_belongs_to_one_request_of_one_person() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let grace = w.user("grace", "Member").await;
        assert_eq!(begin(&w.services, &w.admin, "k", ONE).await, Ok(Begin::Fresh));
        finish(&w.services, &w.admin, "k", answer()).await.unwrap();
        assert_eq!(code(begin(&w.services, &w.admin, "k", OTHER).await), "idempotency_key_reused");
        assert_eq!(begin(&w.services, &grace, "k", OTHER).await, Ok(Begin::Fresh), "hers is another");
        assert_eq!(begin(&w.services, &w.admin, "K", ONE).await, Ok(Begin::Fresh), "case counts");
        assert_eq!(begin(&w.services, &Actor::system(), "k", ONE).await, Err(Error::Unauthenticated));
        for key in [String::new(), "k".repeat(191)] {
            let refused = begin(&w.services, &w.admin, &key, ONE).await;
            assert!(matches!(refused, Err(Error::Invalid { .. })), "{refused:?}");
        }
    });
}

#[test]
fn of_two_at_once_one_runs_and_the_other_waits() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let (one, two) =
            tokio::join!(begin(&w.services, &w.admin, "k", ONE), begin(&w.services, &w.admin, "k", ONE),);
        let (fresh, other) = if one.is_ok() { (one, two) } else { (two, one) };
        assert_eq!(fresh, Ok(Begin::Fresh));
        assert_eq!(code(other), "in_progress");
    });
}

#[test]
fn a_request_that_was_cut_off_can_be_sent_again_after_a_minute() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        assert_eq!(begin(&w.services, &w.admin, "k", ONE).await, Ok(Begin::Fresh));
        w.clock.advance_seconds(59);
        assert_eq!(code(begin(&w.services, &w.admin, "k", ONE).await), "in_progress");
        w.clock.advance_seconds(1);
        let (one, two) =
            tokio::join!(begin(&w.services, &w.admin, "k", ONE), begin(&w.services, &w.admin, "k", ONE),);
        let (fresh, other) = if one.is_ok() { (one, two) } else { (two, one) };
        assert_eq!(fresh, Ok(Begin::Fresh), "one takes it over");
        assert_eq!(code(other), "in_progress");
    });
}

#[test]
fn of_two_after_one_that_came_to_nothing_one_runs() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        for _ in 0..20 {
            let (one, two) =
                tokio::join!(begin(&w.services, &w.admin, "k", ONE), begin(&w.services, &w.admin, "k", ONE));
            let (fresh, other) = if one.is_ok() { (one, two) } else { (two, one) };
            assert_eq!(fresh, Ok(Begin::Fresh));
            assert_eq!(code(other), "in_progress");
            release(&w.services, &w.admin, "k").await.unwrap();
        }
    });
}

#[test]
fn a_request_that_came_to_nothing_can_be_sent_again_at_once() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        assert_eq!(begin(&w.services, &w.admin, "k", ONE).await, Ok(Begin::Fresh));
        release(&w.services, &w.admin, "k").await.unwrap();
        assert_eq!(begin(&w.services, &w.admin, "k", ONE).await, Ok(Begin::Fresh));
        finish(&w.services, &w.admin, "k", answer()).await.unwrap();
        release(&w.services, &w.admin, "k").await.unwrap();
        let kept = begin(&w.services, &w.admin, "k", ONE).await;
        assert!(matches!(kept, Ok(Begin::Replay { .. })), "an answer is not forgotten: {kept:?}");
    });
}

#[test]
fn an_answer_is_kept_for_a_day() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        begin(&w.services, &w.admin, "k", ONE).await.unwrap();
        finish(&w.services, &w.admin, "k", answer()).await.unwrap();
        w.clock.advance_seconds(24 * 60 * 60 - 1);
        assert!(matches!(begin(&w.services, &w.admin, "k", ONE).await, Ok(Begin::Replay { .. })));
        w.clock.advance_seconds(1);
        assert_eq!(begin(&w.services, &w.admin, "k", OTHER).await, Ok(Begin::Fresh));
        w.clock.advance_seconds(24 * 60 * 60 + 1);
        assert_eq!(services::sessions::sweep(&w.services).await, Ok(1));
    });
}
