//! One machine: what a server with these options uses.

use beacon_core::settings::Settings;

use super::finding::Findings;
use super::lake::NewestHit;
use super::{access, clock, document, files, lake, ranges, salts, server, spool};
use crate::args::stream;
use crate::clock as machine_clock;
use crate::commands::serve::{ServeCommand, Target};
use crate::failure;

/// Looks at everything that a server with these options uses, and at the server itself if it runs.
pub(super) async fn check(
    serve: &ServeCommand,
    settings: Option<&Settings>,
    findings: &mut Findings,
) {
    let setup = match serve.setup() {
        Ok(setup) => setup,
        Err(error) => return findings.problem("options", failure::text(&error)),
    };
    let now_ms = machine_clock::now_ms();
    let mut newest = NewestHit::default();
    match &setup.target {
        Target::Lake { lake, .. } => {
            newest = lake::check(lake, settings, findings).await;
        }
        Target::Stream(name) => check_stream(name, findings).await,
    }
    let spool = spool::check(&setup, findings);
    if let Some(spool) = &spool {
        newest.add(spool.newest_hits_ms);
    }
    salts::check(&setup, settings, now_ms, findings);
    ranges::check(&setup, findings);
    clock::check(now_ms, newest, findings);
    let holder = spool.and_then(|spool| spool.holder);
    files::check(holder.as_deref(), findings);
    server::check(holder.as_deref(), &setup, findings).await;
    access::check(serve.dashboard_listen(), &setup, findings);
    if serve.dashboard_listen().is_some() {
        document::check(serve.dashboard_document(), &setup, findings).await;
    }
}

async fn check_stream(name: &str, findings: &mut Findings) {
    const SUBJECT: &str = "stream";
    let connected = match stream::connect(name).await {
        Ok(stream) => server::check_stream(&stream).await,
        Err(error) => Err(error),
    };
    match connected {
        Ok(status) if status == "ACTIVE" => {
            findings.ok(SUBJECT, format!("Firehose stream {name} is {status}"));
        }
        Ok(status) => findings.warning(
            SUBJECT,
            format!(
                "Firehose stream {name} is {status} and takes no hits now: they wait in the spool"
            ),
        ),
        Err(error) => findings.problem(SUBJECT, failure::text(&error)),
    }
}
