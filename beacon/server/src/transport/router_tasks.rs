//! Answers requests with an axum router, each in a task of the process's runtime.

use axum::Router;
use axum::body::Body;
use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::BodyExt;
use tokio::runtime::Handle;
use tower::ServiceExt;

/// An axum router and the runtime of its requests. The thread of a connection only waits for the response.
#[derive(Clone, Debug)]
pub(crate) struct RouterTasks {
    app: Router,
    runtime: Handle,
}

impl RouterTasks {
    pub(crate) fn new(app: Router, runtime: Handle) -> RouterTasks {
        RouterTasks { app, runtime }
    }

    /// Returns the response with all of its body. `held` is dropped when the router has read the request's body.
    ///
    /// The request is a task of its own: its panic costs one response, and it goes on when its connection has gone.
    pub(crate) async fn answer(
        &self,
        request: Request<Body>,
        held: impl Send + 'static,
    ) -> Response<Bytes> {
        let app = self.app.clone();
        let answered = self.runtime.spawn(async move {
            let Ok(response) = app.oneshot(request).await;
            let (head, body) = response.into_parts();
            drop(held);
            let body = body.collect().await.map(|body| body.to_bytes());
            body.map(|body| Response::from_parts(head, body))
        });
        match answered.await {
            Ok(Ok(response)) => response,
            Ok(Err(error)) => {
                tracing::error!(%error, "an answer could not be completed");
                internal_error()
            }
            Err(error) => {
                tracing::error!(%error, "an answer panicked");
                internal_error()
            }
        }
    }
}

fn internal_error() -> Response<Bytes> {
    let mut response = Response::default();
    *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
    response
}
