//! How many statements raising and ringing cost. One story alone in its program, because the count is of the whole
//! program.

mod project_stories;
mod urgent_stories;

use domain::urgent::EpisodeState;
use services::urgent;
use testkit::both;
use urgent_stories::{Stage, because};

#[test]
fn what_a_raise_and_a_tick_cost_does_not_grow_with_people_but_for_inserts() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let few = costs(&stage, 0).await;
        let many = costs(&stage, 60).await;
        assert_eq!(few.0, many.0);
        // Sixty more by two ways each are two more inserts of fifty rows.
        assert_eq!(few.1 + 2, many.1);
        assert!(few.0 <= 30 && few.1 <= 25, "{few:?}");
    });
}

/// Statements of a raise and of the tick after it, with `count` more members.
async fn costs(stage: &Stage, count: usize) -> (u64, u64) {
    for number in 0..count {
        let person = stage.w.user(&format!("p{number}"), "Member").await;
        stage.join(&person, "Member").await;
    }
    let before = store::db::statements_run();
    let it = urgent::raise(stage.s(), &stage.bob, stage.project.id, because("Down.")).await.expect("raised");
    let raised = store::db::statements_run();
    urgent::tick(stage.s()).await.expect("a tick");
    let ticked = store::db::statements_run();
    urgent::resolve(stage.s(), &stage.bob, it.id, "").await.expect("over");
    assert_eq!(stage.episode(it.id).await.state, EpisodeState::Resolved);
    (raised - before, ticked - raised)
}
