//! The calls to Athena that the engine needs.

use std::time::Duration;

use aws_sdk_athena::Client;
use aws_sdk_athena::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_athena::operation::get_query_results::GetQueryResultsOutput;
use aws_sdk_athena::types::{
    QueryExecution, QueryExecutionContext, ResultReuseByAgeConfiguration, ResultReuseConfiguration,
};
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use beacon_aws::Connection;
use beacon_dashboard::engine::EngineError;

use crate::failure::{self, Unreadable};
use crate::results::PAGE_ROWS;

/// How long one attempt of a call may take. Athena answers each within a second; a page of results is 1,000 rows.
pub(crate) const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(5);

/// How long a call may take with all its attempts.
const CALL_TIMEOUT: Duration = Duration::from_secs(12);

/// Attempts at a call that was throttled or got no response.
const ATTEMPTS: u32 = 3;

/// The name that the Glue Data Catalog has in Athena.
const CATALOG: &str = "AwsDataCatalog";

/// Athena's code for a query that it does not know, and for rows that are no longer there.
const INVALID_REQUEST: &str = "InvalidRequestException";

/// A client that runs queries in one work group and one database. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct AthenaClient {
    client: Client,
    work_group: String,
    context: QueryExecutionContext,
}

impl AthenaClient {
    /// Builds the client. Nothing is called yet.
    pub(crate) fn new(connection: Connection, work_group: String, database: String) -> Self {
        let timeouts = TimeoutConfig::builder()
            .operation_timeout(CALL_TIMEOUT)
            .operation_attempt_timeout(ATTEMPT_TIMEOUT)
            .build();
        let config = aws_sdk_athena::config::Builder::from(&connection.sdk_config())
            .retry_config(RetryConfig::standard().with_max_attempts(ATTEMPTS))
            .timeout_config(timeouts);
        AthenaClient {
            client: Client::from_conf(config.build()),
            work_group,
            context: QueryExecutionContext::builder()
                .catalog(CATALOG)
                .database(database)
                .build(),
        }
    }

    pub(crate) fn work_group(&self) -> &str {
        &self.work_group
    }

    pub(crate) fn database(&self) -> &str {
        self.context.database().unwrap_or_default()
    }

    /// Starts a query and returns its id. `parameters` are SQL literals, and a result up to `reuse_minutes` old may be
    /// returned again. SQL of the owner's has no parameters, and its writer is told why Athena refuses it.
    pub(crate) async fn start(
        &self,
        sql: String,
        parameters: Option<Vec<String>>,
        reuse_minutes: i32,
    ) -> Result<String, EngineError> {
        let by_age = ResultReuseByAgeConfiguration::builder()
            .enabled(true)
            .max_age_in_minutes(reuse_minutes)
            .build();
        let reuse = ResultReuseConfiguration::builder()
            .result_reuse_by_age_configuration(by_age)
            .build();
        let is_of_owner = parameters.is_none();
        // The SDK makes a token for the request and keeps it for all attempts: a query that was sent twice runs once.
        let started = self
            .client
            .start_query_execution()
            .query_string(sql)
            .set_execution_parameters(parameters)
            .query_execution_context(self.context.clone())
            .work_group(&self.work_group)
            .result_reuse_configuration(reuse)
            .send()
            .await
            .map_err(|error| match error.message() {
                Some(message) if is_of_owner && error.code() == Some(INVALID_REQUEST) => {
                    let reason = message.to_owned();
                    EngineError::Refused { reason }
                }
                _ => failure::from_sdk_error("StartQueryExecution", error),
            })?;
        started.query_execution_id.ok_or_else(|| {
            let error = Unreadable::Missing {
                operation: "StartQueryExecution",
                part: "QueryExecutionId",
            };
            error.into()
        })
    }

    /// Returns the state of a query, or `None` if Athena does not know it.
    pub(crate) async fn execution(&self, id: &str) -> Result<Option<QueryExecution>, EngineError> {
        let call = self.client.get_query_execution().query_execution_id(id);
        let found = unless_unknown("GetQueryExecution", call.send().await)?;
        Ok(found.and_then(|output| output.query_execution))
    }

    /// Returns one page of rows, or `None` if they are gone: the bucket forgets them after some days, Athena does not.
    pub(crate) async fn page(
        &self,
        id: &str,
        token: Option<String>,
    ) -> Result<Option<GetQueryResultsOutput>, EngineError> {
        let call = self
            .client
            .get_query_results()
            .query_execution_id(id)
            .max_results(PAGE_ROWS)
            .set_next_token(token);
        unless_unknown("GetQueryResults", call.send().await)
    }

    /// Stops a query. Returns false if Athena does not know it.
    pub(crate) async fn stop(&self, id: &str) -> Result<bool, EngineError> {
        let call = self.client.stop_query_execution().query_execution_id(id);
        let stopped = unless_unknown("StopQueryExecution", call.send().await)?;
        Ok(stopped.is_some())
    }
}

/// Returns `None` for Athena's refusal of an id that it does not know.
fn unless_unknown<T, E>(
    operation: &'static str,
    result: Result<T, SdkError<E>>,
) -> Result<Option<T>, EngineError>
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
{
    match result {
        Ok(output) => Ok(Some(output)),
        Err(error) if error.code() == Some(INVALID_REQUEST) => Ok(None),
        Err(error) => Err(failure::from_sdk_error(operation, error)),
    }
}
