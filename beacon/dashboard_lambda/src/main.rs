//! Starts `dashboard-bootstrap`, which Lambda runs as `bootstrap`.

use std::process::ExitCode;

use beacon_dashboard_lambda::config::Config;
use beacon_dashboard_lambda::handler::Handler;
use beacon_lambda_http::start::start;
use lambda_runtime::{LambdaEvent, Runtime, service_fn};

fn main() -> ExitCode {
    start(Config::from_environment(), |config| config.log_level, run)
}

#[tokio::main(flavor = "current_thread")]
async fn run(config: Config) -> Result<(), lambda_runtime::Error> {
    let handler = &Handler::new(config);
    Runtime::new(service_fn(move |event: LambdaEvent<_>| {
        handler.handle(event)
    }))
    .run()
    .await
}
