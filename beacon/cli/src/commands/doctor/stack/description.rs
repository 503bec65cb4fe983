//! A stack as CloudFormation describes it: its status, its parameters and its outputs.

use beacon_aws::service_call::{CallError, ServiceCaller};
use beacon_core::schema::{Schema, TABLE};
use beacon_core::settings::{Settings, SettingsError};
use serde::Deserialize;
use url::form_urlencoded;

use super::super::finding::Findings;

/// The subject of findings about the stack itself.
pub(super) const SUBJECT: &str = "stack";

/// The outputs that every stack of beacon has.
const OUTPUTS: [&str; 6] = [
    "PixelUrl",
    "StreamName",
    "BucketName",
    "DatabaseName",
    "TableName",
    "WorkGroupName",
];

/// The parameters that decide about columns, with their variables.
const COLUMN_SETTINGS: [(&str, &str); 3] = [
    ("BEACON_COLUMNS", "Columns"),
    ("BEACON_KEEP_HEADERS", "KeepHeaders"),
    ("BEACON_PRIVACY", "Privacy"),
];

/// A stack as `DescribeStacks` shows it.
#[derive(Debug, Deserialize)]
pub(super) struct Description {
    #[serde(rename = "StackStatus")]
    status: String,
    #[serde(rename = "StackStatusReason")]
    reason: Option<String>,
    #[serde(rename = "Parameters", default)]
    parameters: Members<StackParameter>,
    #[serde(rename = "Outputs", default)]
    outputs: Members<StackOutput>,
}

/// A list of the query protocol.
#[derive(Debug, Deserialize)]
struct Members<T> {
    #[serde(rename = "member", default = "Vec::new")]
    list: Vec<T>,
}

impl<T> Default for Members<T> {
    fn default() -> Members<T> {
        Members { list: Vec::new() }
    }
}

#[derive(Debug, Deserialize)]
struct StackParameter {
    #[serde(rename = "ParameterKey")]
    key: String,
    #[serde(rename = "ParameterValue", default)]
    value: String,
}

#[derive(Debug, Deserialize)]
struct StackOutput {
    #[serde(rename = "OutputKey")]
    key: String,
    #[serde(rename = "OutputValue", default)]
    value: String,
}

#[derive(Deserialize)]
struct DescribeStacksResponse {
    #[serde(rename = "DescribeStacksResult")]
    result: DescribeStacksResult,
}

#[derive(Deserialize)]
struct DescribeStacksResult {
    #[serde(rename = "Stacks")]
    stacks: Members<Description>,
}

impl Description {
    /// Describes the stack `name`.
    ///
    /// # Errors
    /// Returns the error of the call. There is none where CloudFormation knows no such stack: it refuses the name.
    pub(super) async fn of(
        caller: &ServiceCaller,
        name: &str,
        now_ms: u64,
    ) -> Result<Description, CallError> {
        const OPERATION: &str = "DescribeStacks";
        let form = form_urlencoded::Serializer::new(String::new())
            .append_pair("Action", OPERATION)
            .append_pair("Version", "2010-05-15")
            .append_pair("StackName", name)
            .finish();
        let response: DescribeStacksResponse = caller
            .query("cloudformation", OPERATION, form, now_ms)
            .await?;
        let first = response.result.stacks.list.into_iter().next();
        first.ok_or_else(|| CallError::Unreadable {
            operation: OPERATION.to_owned(),
            reason: "it has no stack".to_owned(),
        })
    }

    /// Adds the stack's status, and each output that it should have.
    pub(super) fn check(&self, region: &str, findings: &mut Findings) {
        let status = &self.status;
        let reason = self.reason.as_deref().unwrap_or("no reason given");
        if status.ends_with("_IN_PROGRESS") {
            findings.warning(
                SUBJECT,
                format!("{status} in {region}: wait until it has ended, and check again"),
            );
        } else if status.contains("ROLLBACK") || status.ends_with("_FAILED") {
            findings.problem(
                SUBJECT,
                format!(
                    "{status} in {region} ({reason}): the last deploy failed; `aws cloudformation describe-stack-events` \
                     shows where"
                ),
            );
        } else {
            findings.ok(SUBJECT, format!("{status} in {region}"));
        }
        for key in OUTPUTS {
            match self.output(key) {
                Some(value) => findings.ok(key, value),
                None => findings.problem(
                    key,
                    "the stack has no such output: give --stack of a stack of infra/template.yaml, or deploy again",
                ),
            }
        }
    }

    /// Returns the value of an output.
    pub(super) fn output(&self, key: &str) -> Option<&str> {
        let mut outputs = self.outputs.list.iter();
        let output = outputs.find(|output| output.key == key)?;
        Some(&output.value)
    }

    /// Returns the value of a parameter that is not empty.
    pub(super) fn parameter(&self, key: &str) -> Option<&str> {
        let mut parameters = self.parameters.list.iter();
        let parameter = parameters.find(|parameter| parameter.key == key)?;
        Some(parameter.value.as_str()).filter(|value| !value.is_empty())
    }

    /// Returns the columns that the stack's function writes, custom ones among them.
    ///
    /// # Errors
    /// Returns the setting of the stack that this version refuses.
    pub(super) fn schema(&self) -> Result<Schema, SettingsError> {
        let lookup = |variable: &str| {
            let (_, parameter) = COLUMN_SETTINGS.iter().find(|(name, _)| *name == variable)?;
            self.parameter(parameter).map(str::to_owned)
        };
        Ok(Settings::from_lookup(lookup)?.schema())
    }

    /// Returns the stack's name of a table or view of the SQL files, such as `tp_unique_hits`.
    pub(super) fn table_name(&self, name: &str) -> String {
        let prefix = self.parameter("TablePrefix").unwrap_or_default();
        let table = self.parameter("Table").unwrap_or(TABLE);
        format!("{prefix}{}", name.replace(TABLE, table))
    }
}
