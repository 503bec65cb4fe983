use super::*;

#[tokio::test]
async fn a_query_whose_task_dies_has_failed() {
    let (progress, begun) = (
        Arc::new(watch::Sender::new(Progress {
            state: State::Running,
            statistics: Statistics::default(),
        })),
        Instant::now(),
    );
    let guard = CompletionGuard {
        progress: Arc::clone(&progress),
        begun,
    };
    let task = tokio::spawn(async move {
        let _guard = guard;
        panic!("as an engine may");
    });
    task.await.unwrap_err();
    let state = progress.borrow().state.clone();
    assert!(
        matches!(&state, State::Failed(why) if why == BROKE_OFF),
        "{state:?}"
    );
}
