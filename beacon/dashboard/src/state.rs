//! Holds what all requests share: settings, the document, the engine, and the counts of failed logins.

use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use beacon_catalog::CustomColumn;
use beacon_core::Settings;
use http::HeaderMap;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::access::{Access, Permissions};
use crate::document::Document;
use crate::document_problem::for_owner;
use crate::engine::Engine;
use crate::live_document::LiveDocument;
use crate::page::Assets;
use crate::problem::Problem;
use crate::rate_limit::RateLimit;
use crate::token::Key;

/// Passwords that are checked at once.
const MAX_HASHING: usize = 2;

/// The longest that the owner's page waits for the document, of which it needs goals and saved filters only.
const PAGE_WAIT: Duration = Duration::from_secs(2);

/// The configuration of a dashboard.
pub struct Config {
    /// The pixel's settings: privacy, custom columns, and which proxies are trusted to name a client's address.
    pub settings: Settings,
    /// The pixel's public base URL for the snippet, without a slash at its end.
    pub endpoint: Option<String>,
    /// The people who may see the dashboard without a share link.
    pub access: Access,
    /// The key that signs sessions and the ids of queries, and signed the share links of 0.1.0.
    pub key: Key,
    /// Returns the Unix time in milliseconds.
    pub clock: Box<dyn Fn() -> u64 + Send + Sync>,
}

impl fmt::Debug for Config {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Config")
            .field("settings", &self.settings)
            .field("access", &self.access.name())
            .finish_non_exhaustive()
    }
}

impl Config {
    pub(crate) fn now_ms(&self) -> u64 {
        (self.clock)()
    }
}

/// The state of the service.
pub(crate) struct Dashboard {
    pub(crate) config: Config,
    pub(crate) document: LiveDocument,
    pub(crate) engine: Arc<dyn Engine>,
    pub(crate) rate_limit: Mutex<RateLimit>,
    pub(crate) hashing: Arc<Semaphore>,
    pub(crate) custom_columns: Vec<CustomColumn>,
    pub(crate) assets: Assets,
}

impl Dashboard {
    pub(crate) fn new(
        config: Config,
        document: LiveDocument,
        engine: Arc<dyn Engine>,
    ) -> Dashboard {
        Dashboard {
            custom_columns: CustomColumn::all(&config.settings.schema()),
            config,
            document,
            engine,
            rate_limit: Mutex::default(),
            hashing: Arc::new(Semaphore::new(MAX_HASHING)),
            assets: Assets::new(),
        }
    }

    pub(crate) async fn permit(&self, headers: &HeaderMap) -> Result<Permissions, Problem> {
        let Config { access, key, .. } = &self.config;
        access
            .permit(headers, key, &self.document, self.config.now_ms())
            .await
    }

    /// Refuses everybody but the owner, who may change something.
    pub(crate) async fn permit_owner(&self, headers: &HeaderMap) -> Result<(), Problem> {
        match self.permit(headers).await?.is_owner() {
            true => Ok(()),
            false => Err(Problem::forbidden(
                "only the owner can do this, on the dashboard itself: a share link or a key can't",
            )),
        }
    }

    /// Returns the document for the owner's page, which shows its numbers also without it, or the reason why there is
    /// none.
    pub(crate) async fn document_in_time(&self) -> Result<Arc<Document>, String> {
        let read = self.document.read(self.config.now_ms());
        match timeout(PAGE_WAIT, read).await {
            Ok(read) => read.map_err(|error| error.to_string()),
            Err(_) => {
                let reason = format!(
                    "the dashboard's document {} could not be read within {} s",
                    self.document.place(),
                    PAGE_WAIT.as_secs()
                );
                tracing::error!("{reason}");
                Err(reason)
            }
        }
    }

    /// Returns the document for the owner, who may see where it is and what is wrong with it.
    pub(crate) async fn owners_document(&self) -> Result<Arc<Document>, Problem> {
        let document = self.document.read(self.config.now_ms()).await;
        document.map_err(|error| for_owner(&error))
    }
}
