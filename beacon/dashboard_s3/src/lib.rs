//! Keeps the dashboard's document in an object of S3, or of a store that does what S3 does with `If-Match`.

use std::time::Duration;

use beacon_aws::Connection;
use beacon_aws::service_call::{CallError, RestRequest, RestResponse, ServiceCaller};
use beacon_dashboard::document_store::{DocumentStore, StoreFailure, Stored, Version};
use futures::future::BoxFuture;

/// The key of the object where a location names only the bucket. A prefix of its own can be granted on its own.
pub const DEFAULT_KEY: &str = "dashboard/document.json";

/// The time after which one attempt of a call ends.
pub const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(5);

/// Attempts at a call that got no response, or for which S3 has no room.
const ATTEMPTS: u32 = 3;

/// The pause after the first failed attempt, doubled after the next.
const FIRST_PAUSE: Duration = Duration::from_millis(100);

/// The text that makes an object whose absence can't be seen.
const EMPTY: &[u8] = b"";

/// The place of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectLocation {
    bucket: String,
    key: String,
}

/// A location that is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{text:?} is no place of an object: write s3://BUCKET for {DEFAULT_KEY} in it, or s3://BUCKET/KEY, \
     with a key of letters, digits, `.`, `_`, `-` and `/`"
)]
pub struct InvalidLocation {
    text: String,
}

impl ObjectLocation {
    /// Reads `s3://bucket` or `s3://bucket/key`.
    ///
    /// # Errors
    /// Returns an error if bucket or key is one that S3 doesn't allow, or that would have to be encoded in a URL.
    pub fn parse(text: &str) -> Result<ObjectLocation, InvalidLocation> {
        let invalid = || InvalidLocation {
            text: text.to_owned(),
        };
        let rest = text.strip_prefix("s3://").ok_or_else(invalid)?;
        let (bucket, key) = rest.split_once('/').unwrap_or((rest, ""));
        let key = match key {
            "" => DEFAULT_KEY,
            key => key,
        };
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-_".contains(&byte);
        let is_bucket = bucket.len() >= 3 && bucket.bytes().all(is_plain);
        let is_key = key.split('/').all(|part| {
            !part.is_empty() && part != "." && part != ".." && part.bytes().all(is_plain)
        });
        match is_bucket && is_key {
            true => Ok(ObjectLocation {
                bucket: bucket.to_owned(),
                key: key.to_owned(),
            }),
            false => Err(invalid()),
        }
    }
}

/// An object of a bucket.
pub struct DocumentObject {
    connection: Connection,
    location: ObjectLocation,
    now_ms: Box<dyn Fn() -> u64 + Send + Sync>,
}

/// The reason why S3 did not do what it was asked.
#[derive(Debug, thiserror::Error)]
enum ObjectError {
    /// There is no response that could be used.
    #[error(transparent)]
    Call(#[from] CallError),
    /// S3 refuses the call.
    #[error("S3 refuses {operation}: {code}{advice}")]
    Refused {
        operation: &'static str,
        code: String,
        advice: &'static str,
    },
    /// The object has no version to compare with.
    #[error("S3 answered GetObject without an ETag")]
    NoTag,
}

impl DocumentObject {
    /// Returns the store in an object. Nothing is called yet. `now_ms` returns the Unix time in milliseconds.
    pub fn new(
        connection: Connection,
        location: ObjectLocation,
        now_ms: Box<dyn Fn() -> u64 + Send + Sync>,
    ) -> DocumentObject {
        DocumentObject {
            connection,
            location,
            now_ms,
        }
    }

    async fn get(&self) -> Result<Stored, ObjectError> {
        const OPERATION: &str = "GetObject";
        let caller = self.caller();
        let found = self.call(&caller, OPERATION, "GET", &[], &[]).await?;
        match found.status {
            200 => stored(found),
            404 if code(&found) != "NoSuchBucket" => Ok(Stored {
                text: None,
                version: Version::Absent,
            }),
            403 => {
                // Without the right to list the bucket, which nothing else here needs, S3 says the same of an object
                // that isn't there as of one that may not be read. Making it, if there is none, tells them apart.
                if !self.put(EMPTY, &Version::Absent).await? {
                    return Err(refused(OPERATION, &found));
                }
                let made = self.call(&caller, OPERATION, "GET", &[], &[]).await?;
                match made.status {
                    200 => stored(made),
                    _ => Err(refused(OPERATION, &made)),
                }
            }
            _ => Err(refused(OPERATION, &found)),
        }
    }

    /// Returns whether the object had this version.
    async fn put(&self, text: &[u8], version: &Version) -> Result<bool, ObjectError> {
        const OPERATION: &str = "PutObject";
        let condition = match version {
            Version::Absent => ("if-none-match", "*"),
            Version::Tag(tag) => ("if-match", tag.as_str()),
        };
        let headers = [("content-type", "application/json"), condition];
        let put = self
            .call(&self.caller(), OPERATION, "PUT", &headers, text)
            .await?;
        match put.status {
            200 => Ok(true),
            // Another text, none any more, or somebody who writes at this moment.
            412 | 409 => Ok(false),
            404 if code(&put) != "NoSuchBucket" => Ok(false),
            _ => Err(refused(OPERATION, &put)),
        }
    }

    /// A new one each time: in a function, a connection of the last minute may have died unnoticed.
    fn caller(&self) -> ServiceCaller {
        ServiceCaller::new(self.connection.clone())
    }

    /// Calls S3, and again where it didn't answer: a change that was made twice is still made once.
    async fn call(
        &self,
        caller: &ServiceCaller,
        operation: &'static str,
        method: &'static str,
        headers: &[(&'static str, &str)],
        body: &[u8],
    ) -> Result<RestResponse, ObjectError> {
        let path = format!("{}/{}", self.location.bucket, self.location.key);
        let mut pause = FIRST_PAUSE;
        let mut attempt = 1;
        loop {
            let request = RestRequest {
                operation,
                method,
                path: &path,
                headers,
                body,
            };
            let response = caller.rest("s3", request, (self.now_ms)()).await;
            let is_final = match &response {
                Ok(response) => response.status < 500 && response.status != 429,
                Err(CallError::NoResponse { .. }) => false,
                Err(_) => true,
            };
            if is_final || attempt == ATTEMPTS {
                return Ok(response?);
            }
            attempt += 1;
            tokio::time::sleep(pause).await;
            pause *= 2;
        }
    }
}

impl DocumentStore for DocumentObject {
    fn place(&self) -> String {
        format!("s3://{}/{}", self.location.bucket, self.location.key)
    }

    fn read(&self) -> BoxFuture<'_, Result<Stored, StoreFailure>> {
        Box::pin(async move { Ok(self.get().await?) })
    }

    fn replace<'a>(
        &'a self,
        text: Vec<u8>,
        version: &'a Version,
    ) -> BoxFuture<'a, Result<bool, StoreFailure>> {
        Box::pin(async move { Ok(self.put(&text, version).await?) })
    }
}

/// Returns the text of an object. An empty one was made to see whether there is an object.
fn stored(found: RestResponse) -> Result<Stored, ObjectError> {
    Ok(Stored {
        text: Some(found.body).filter(|text| text != EMPTY),
        version: Version::Tag(found.etag.ok_or(ObjectError::NoTag)?),
    })
}

fn refused(operation: &'static str, response: &RestResponse) -> ObjectError {
    let advice = match response.status {
        301 | 307 => ": the bucket is in another region, so set AWS_REGION to that one",
        403 => ": the caller needs s3:GetObject and s3:PutObject on this object",
        _ => "",
    };
    ObjectError::Refused {
        operation,
        code: match code(response) {
            "" => format!("status {}", response.status),
            code => code.to_owned(),
        },
        advice,
    }
}

/// Returns the code of an error, such as `AccessDenied`, or an empty text.
fn code(response: &RestResponse) -> &str {
    let text = std::str::from_utf8(&response.body).unwrap_or_default();
    let code = text
        .split_once("<Code>")
        .and_then(|(_, rest)| rest.split_once("</Code>"));
    code.map_or("", |(code, _)| code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<(&str, &str)>) {
        let location = ObjectLocation::parse(text).ok();
        let parts = location
            .as_ref()
            .map(|location| (location.bucket.as_str(), location.key.as_str()));
        assert_eq!(parts, expected, "{text}");
    }

    #[test]
    fn a_location_is_a_bucket_and_perhaps_a_key() {
        check("s3://my-bucket", Some(("my-bucket", DEFAULT_KEY)));
        check("s3://my-bucket/", Some(("my-bucket", DEFAULT_KEY)));
        check("s3://my.bucket/a/b.json", Some(("my.bucket", "a/b.json")));
        for wrong in [
            "",
            "my-bucket",
            "s3://",
            "s3://ab",
            "s3:///key",
            "s3://my-bucket/a//b",
            "s3://my-bucket/../b",
            "s3://my-bucket/a b",
            "s3://my-bucket/a?b",
        ] {
            check(wrong, None);
        }
    }
}
