//! Does nothing, which is the floor of every measurement: `lambda_runtime`, an event that nobody reads, an empty response.

use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use serde::de::IgnoredAny;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    run(service_fn(async |_event: LambdaEvent<IgnoredAny>| {
        Ok::<_, Error>(())
    }))
    .await
}
