//! The document of API keys and share links, for the commands that change it.

use beacon_dashboard::live_document::LiveDocument;

use super::lake::{LakeArgs, check_has_lake};
use crate::clock;
use crate::dashboard::DocumentPlace;

/// The document as given, or that of the dashboard over a lake.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Dashboard")]
pub(crate) struct DocumentArgs {
    /// File of the document, or s3://BUCKET for the dashboard of a stack on AWS
    /// [default: beside the key of the dashboard over --lake]
    #[arg(long, env = "BEACON_DASHBOARD_DOCUMENT", value_name = "FILE|URL")]
    document: Option<DocumentPlace>,

    #[command(flatten)]
    lake: LakeArgs,
}

impl DocumentArgs {
    /// Returns the document. Nothing is read yet.
    ///
    /// # Errors
    /// Returns an error if there is no lake, or no region or credentials for an object.
    pub(crate) async fn open(self) -> anyhow::Result<LiveDocument> {
        let place = match self.document {
            Some(place) => place,
            None => {
                let lake = self.lake.open()?;
                let spool_folder = self.lake.spool_folder(&lake);
                check_has_lake(&lake, &spool_folder)?;
                DocumentPlace::default_of(&lake, &spool_folder)
            }
        };
        place.open(clock::system()).await
    }
}
