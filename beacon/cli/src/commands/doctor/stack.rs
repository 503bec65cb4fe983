//! A stack on AWS: its outputs, its stream, its table and queries, and a hit through its endpoint.
//!
//! Suggested reading order: this file → `description` → `stream` → `catalog` → `test_hit`.

mod catalog;
mod description;
mod stream;
mod test_hit;

use std::time::Duration;

use anyhow::Context;
use beacon_aws::service_call::ServiceCaller;
use beacon_aws::{TrustStore, default_chain};

use self::description::{Description, SUBJECT};
use super::finding::Findings;
use crate::clock;
use crate::environment;
use crate::failure;

/// The longest time for one call.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(15);

/// The stack to look at.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "AWS")]
pub(super) struct StackArgs {
    /// Check this CloudFormation stack instead, with the credentials that the AWS CLI would use
    #[arg(long, value_name = "NAME")]
    pub(super) stack: Option<String>,

    /// Region of the stack [default: that of the AWS CLI]
    #[arg(long, value_name = "REGION", requires = "stack")]
    region: Option<String>,

    /// Also send a hit to the stack's endpoint, or to this URL of its pixel, and print the query that finds it
    #[arg(long, value_name = "URL", requires = "stack", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    send_hit: Option<String>,
}

impl StackArgs {
    /// Looks at the stack `name`.
    pub(super) async fn check(&self, name: &str, findings: &mut Findings) {
        if let Err(error) = self.check_all(name, findings).await {
            findings.problem(SUBJECT, failure::text(&error));
        }
    }

    async fn check_all(&self, name: &str, findings: &mut Findings) -> anyhow::Result<()> {
        let caller = self.caller().await?;
        let now_ms = clock::now_ms();
        let stack = Description::of(&caller, name, now_ms)
            .await
            .with_context(|| {
                format!(
                    "the stack {name} in {} can't be described; check --stack, --region and the credentials",
                    caller.region()
                )
            })?;
        stack.check(caller.region(), findings);
        let interval = stream::check(&caller, &stack, now_ms, findings).await;
        catalog::check(&caller, &stack, now_ms, findings).await;
        if let Some(url) = &self.send_hit {
            let url = Some(url.as_str()).filter(|url| !url.is_empty());
            test_hit::send(&caller, &stack, url, now_ms, interval, findings).await;
        }
        Ok(())
    }

    async fn caller(&self) -> anyhow::Result<ServiceCaller> {
        let trust_store = match environment::ca_file() {
            Some(path) => TrustStore::from_file(&path).context("BEACON_CA_FILE can't be used")?,
            None => TrustStore::amazon(),
        };
        let mut connection =
            default_chain::connection(self.region.clone(), trust_store, ATTEMPT_TIMEOUT).await?;
        connection.endpoint_url = environment::aws_endpoint();
        Ok(ServiceCaller::new(connection))
    }
}
