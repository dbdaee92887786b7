//! What was found a moment ago, for whoever asks next.

use std::time::Duration;
use tokio::{sync::Mutex, time::Instant};

/// How old may be what is told again: what looks at health looks each second at the most.
const YOUNG: Duration = Duration::from_millis(500);

/// What one look has found, for all who ask at about the same time.
#[derive(Debug)]
pub struct Recent<T>(Mutex<Option<(Instant, T)>>);

impl<T: Clone> Recent<T> {
    /// What was found, if it is young, else what `look` finds. Whoever asks meanwhile waits for that; when the one who looks
    /// goes away, the next one does.
    pub async fn or<L>(&self, look: impl FnOnce() -> L) -> T
    where
        L: Future<Output = T>,
    {
        let mut found = self.0.lock().await;
        if let Some((at, found)) = &*found
            && at.elapsed() < YOUNG
        {
            return found.clone();
        }
        // Apart, because most who ask don't look.
        let now = Box::pin(look()).await;
        // From its end on: a look that takes long must not be followed by one for each who waited for it.
        *found = Some((Instant::now(), now.clone()));
        now
    }
}

impl<T> Default for Recent<T> {
    fn default() -> Self {
        Self(Mutex::new(None))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::future::join_all;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use tokio::time::{advance, sleep, timeout};

    const SLOW: Duration = Duration::from_secs(2);
    const MOMENT: Duration = Duration::from_millis(1);

    /// What is found by a look that takes its time: how many there were.
    async fn slowly(looks: &AtomicUsize) -> usize {
        let found = looks.fetch_add(1, Ordering::Relaxed) + 1;
        sleep(SLOW).await;
        found
    }

    #[tokio::test(start_paused = true)]
    async fn of_many_who_ask_at_once_one_looks_and_the_next_one_when_that_is_old() {
        let (recent, looks) = (Recent::default(), AtomicUsize::new(0));
        let begin = Instant::now();
        let told = join_all((0..100).map(|_| recent.or(|| slowly(&looks)))).await;
        assert_eq!((told, begin.elapsed()), (vec![1; 100], SLOW));
        advance(YOUNG.saturating_sub(MOMENT)).await;
        assert_eq!(recent.or(|| slowly(&looks)).await, 1);
        advance(MOMENT).await;
        assert_eq!(recent.or(|| slowly(&looks)).await, 2);
    }

    #[tokio::test(start_paused = true)]
    async fn when_who_looks_goes_away_another_one_does() {
        let (recent, looks) = (Recent::default(), AtomicUsize::new(0));
        let impatient = timeout(SLOW / 2, recent.or(|| slowly(&looks)));
        let (gone, told) = tokio::join!(impatient, recent.or(|| slowly(&looks)));
        assert!(gone.is_err());
        assert_eq!(told, 2);
    }
}
