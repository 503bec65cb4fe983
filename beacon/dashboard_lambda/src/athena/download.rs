//! Reads the pages of a result, to be kept as one answer or to be passed on page by page.

use aws_sdk_athena::operation::get_query_results::GetQueryResultsOutput;
use aws_sdk_athena::types::ResultSet;
use beacon_dashboard::engine::{Answer, EngineError, Rows, Value};
use futures::stream;

use crate::athena::client::AthenaClient;
use crate::failure::Unreadable;
use crate::results::Pages;

/// Reads a result up to the most rows that an answer has. Returns `None` if the rows are gone.
pub(crate) async fn answer(client: &AthenaClient, id: &str) -> Result<Option<Answer>, EngineError> {
    let mut pages = Pages::default();
    let mut token = None;
    loop {
        let Some(page) = client.page(id, token).await? else {
            return Ok(None);
        };
        pages.push(rows_of(&page)?)?;
        token = page.next_token().map(str::to_owned);
        if token.is_none() || pages.is_full() {
            return Ok(Some(pages.into_answer()));
        }
    }
}

/// Returns all rows of a result, page by page. No page is kept.
pub(crate) fn rows(client: AthenaClient, id: String) -> Rows {
    let download = Download {
        client,
        id,
        pages: Pages::default(),
        token: None,
        is_done: false,
    };
    Box::pin(stream::try_unfold(download, Download::next))
}

struct Download {
    client: AthenaClient,
    id: String,
    pages: Pages,
    token: Option<String>,
    is_done: bool,
}

impl Download {
    async fn next(mut self) -> Result<Option<(Vec<Vec<Value>>, Download)>, EngineError> {
        if self.is_done {
            return Ok(None);
        }
        let Some(page) = self.client.page(&self.id, self.token.take()).await? else {
            return Err(missing_rows().into());
        };
        self.pages.push(rows_of(&page)?)?;
        self.token = page.next_token().map(str::to_owned);
        self.is_done = self.token.is_none();
        Ok(Some((self.pages.take_rows(), self)))
    }
}

fn rows_of(page: &GetQueryResultsOutput) -> Result<&ResultSet, Unreadable> {
    page.result_set().ok_or(missing_rows())
}

fn missing_rows() -> Unreadable {
    Unreadable::Missing {
        operation: "GetQueryResults",
        part: "ResultSet",
    }
}
