//! Credentials that sign requests.

use aws_credential_types::provider::SharedCredentialsProvider;

/// The source of the credentials that sign requests.
#[derive(Debug, Clone)]
pub enum Credentials {
    /// Credentials that never change while the process runs, as in a Lambda function's environment. Nothing is
    /// cached, and no expiry is watched.
    Fixed(aws_credential_types::Credentials),
    /// Asked again when they expire, as `aws-config`'s default chain wants it.
    Chain(SharedCredentialsProvider),
}

impl Credentials {
    /// Returns fixed credentials from the three values that Lambda sets.
    pub fn fixed(
        access_key_id: impl Into<String>,
        secret_access_key: impl Into<String>,
        session_token: Option<String>,
    ) -> Credentials {
        Credentials::Fixed(aws_credential_types::Credentials::new(
            access_key_id,
            secret_access_key,
            session_token,
            None,
            "Environment",
        ))
    }
}
