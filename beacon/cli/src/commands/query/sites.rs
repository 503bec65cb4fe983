//! Distinguishes a site that no hit names, most often a mistyped one, from one without hits in the range.

use anyhow::bail;
use arrow::array::AsArray;
use beacon_catalog::{ALL, site_spellings};
use beacon_query::engine::{Engine, QueryError, nearest};

/// Sites that are listed at most.
const MAX_LISTED: usize = 20;

const ONE_OF_SITE: &str = "SELECT site FROM hits WHERE site IN (?, ?) LIMIT 1";

const ALL_SITES: &str = "SELECT site FROM hits WHERE site IS NOT NULL GROUP BY site \
     ORDER BY count(*) DESC NULLS LAST, site NULLS LAST";

/// Refuses a site that no hit of the whole lake names, and says which there are.
///
/// # Errors
/// No such site, or a lake that can't be read.
pub(super) async fn check(engine: &Engine, site: &str) -> anyhow::Result<()> {
    if site == ALL {
        return Ok(());
    }
    let spellings = site_spellings(site);
    if !texts(engine, ONE_OF_SITE, &spellings).await?.is_empty() {
        return Ok(());
    }
    let sites = texts(engine, ALL_SITES, &[]).await?;
    let names: Vec<&str> = sites.iter().map(String::as_str).collect();
    let unknown = format!("no hit in the lake names the site {site:?}");
    if names.is_empty() {
        bail!("{unknown}, nor any other site");
    }
    if let Some(near) = nearest(site, &names) {
        bail!("{unknown}; did you mean {near}?");
    }
    let listed = names[..names.len().min(MAX_LISTED)].join(", ");
    match names.len().saturating_sub(MAX_LISTED) {
        0 => bail!("{unknown}; the sites are {listed}"),
        more => bail!("{unknown}; the sites are {listed} and {more} more"),
    }
}

/// Returns the first column of a result.
async fn texts(
    engine: &Engine,
    sql: &str,
    parameters: &[String],
) -> Result<Vec<String>, QueryError> {
    let mut texts = Vec::new();
    for batch in engine.query(sql, parameters).await?.collect().await? {
        let column = batch.column(0).as_string::<i32>();
        texts.extend(column.iter().flatten().map(str::to_owned));
    }
    Ok(texts)
}

#[cfg(test)]
mod tests {
    use beacon_lake_fixture::{LakeFixture, three_sources};

    use super::*;
    use crate::engine_fixture::engine_over;

    async fn checked(lake: &LakeFixture, site: &str) -> String {
        match check(&engine_over(lake).await, site).await {
            Ok(()) => "known".to_owned(),
            Err(error) => error.to_string(),
        }
    }

    #[tokio::test]
    async fn an_unknown_site_is_told_from_a_quiet_one() {
        let lake = three_sources();
        for known in ["a.example", "A.example", "https://b.example/x", "*"] {
            assert_eq!(checked(&lake, known).await, "known", "{known}");
        }
        assert_eq!(
            checked(&lake, "a.exmple").await,
            r#"no hit in the lake names the site "a.exmple"; did you mean a.example?"#
        );
        assert_eq!(
            checked(&lake, "shop.invalid").await,
            r#"no hit in the lake names the site "shop.invalid"; the sites are a.example, b.example"#
        );
        assert_eq!(
            checked(&LakeFixture::new(), "a.example").await,
            r#"no hit in the lake names the site "a.example", nor any other site"#
        );
    }

    #[tokio::test]
    async fn a_long_list_of_sites_is_cut() {
        let mut lake = LakeFixture::new();
        let rows: Vec<String> = (10..35)
            .map(|number| format!(r#"{{"hit_id":"{number}","site":"s{number}.example"}}"#))
            .collect();
        lake.parquet("2026-11-21-05", &rows.join("\n"));
        let shown = checked(&lake, "blog.invalid").await;
        assert!(
            shown.contains("the sites are s10.example, s11.example,"),
            "{shown}"
        );
        assert!(shown.ends_with("s29.example and 5 more"), "{shown}");
    }
}
