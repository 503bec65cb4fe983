//! `bootstrap` of the dashboard's function.

use std::process::ExitCode;

use beacon_dashboard_lambda::config::Config;
use beacon_dashboard_lambda::handler::Handler;
use beacon_lambda::log;
use lambda_runtime::{LambdaEvent, Runtime, service_fn};

fn main() -> ExitCode {
    let config = match Config::from_environment() {
        Ok(config) => config,
        Err(error) => {
            log::start(tracing::Level::ERROR);
            tracing::error!("cannot start: {error}");
            return ExitCode::FAILURE;
        }
    };
    log::start(config.log_level);
    match run(config) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("stopped: {error}");
            ExitCode::FAILURE
        }
    }
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
