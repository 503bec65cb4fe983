//! The list of named questions.

use std::io::Write;

use beacon_catalog::Question;
use beacon_query::output::OutputError;

/// Writes the name of each question, what it answers, and the options that it takes.
///
/// # Errors
/// Returns an error if `out` can't be written.
pub(super) fn list(out: &mut impl Write) -> Result<(), OutputError> {
    let width = Question::all()
        .map(|question| question.name.len())
        .max()
        .unwrap_or(0);
    for question in Question::all() {
        writeln!(out, "{:width$}  {}", question.name, question.question)?;
        writeln!(out, "{:width$}  {}", "", question.options().join(" "))?;
    }
    out.flush()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_shows_what_questions_take() {
        let mut out = Vec::new();
        list(&mut out).unwrap();
        insta::assert_snapshot!(String::from_utf8(out).unwrap(), @"
        totals               How much was counted in all?
                             --from --to --site --page --where --filter --agent
        visit_totals         How many visits were there, and how long did they last?
                             --from --to --site --page --where --filter --agent
        views_per_quarter    How many views did each quarter of an hour have?
                             --from --to --site --page --where --filter --agent
        views_per_day        How many views did each day have?
                             --from --to --site --page --where --filter --agent
        views_per_hour       How many views did each hour have?
                             --from --to --site --page --where --filter --agent
        visits_per_quarter   How many visits began in each quarter of an hour?
                             --from --to --site --page --where --filter --agent
        opens_per_quarter    How many emails were opened in each quarter of an hour?
                             --from --to --site --page --where --filter --agent
        top_pages            Which pages were viewed most?
                             --from --to --site --page --where --filter --agent
        entry_pages          On which pages did visits begin?
                             --from --to --site --page --where --filter --agent
        exit_pages           On which pages did visits end?
                             --from --to --site --page --where --filter --agent
        top_pages_by_source  Where did the views of the most viewed pages come from?
                             --from --to --site --page --where --filter --agent
        sources              Where did the views come from?
                             --from --to --site --page --where --filter --agent
        channels             Through which channels did the views come?
                             --from --to --site --page --where --filter --agent
        referrers            Which other sites did the views come from?
                             --from --to --site --page --where --filter --agent
        campaigns            What did each campaign bring?
                             --from --to --site --page --where --filter --agent --by
        campaign_tags        What did each value of a campaign tag bring?
                             --from --to --site --page --where --filter --agent --by
        messages             Which messages were opened?
                             --from --to --site --page --where --filter --agent --by
        read_with            Which programs opened emails?
                             --from --to --site --page --where --filter --agent
        events               What happened besides views?
                             --from --to --site --page --where --filter --agent
        event_names          Which custom events happened?
                             --from --to --site --page --where --filter --agent
        property_names       Which properties do custom events have?
                             --from --to --site --page --where --filter --agent
        properties           Which values did a property have?
                             --from --to --site --page --where --filter --agent --by
        sites                Which sites have hits?
                             --from --to --site --page --where --filter --agent
        sites_per_day        How many views did each site have on each day?
                             --from --to --site --page --where --filter --agent
        browsers             Which browsers were used?
                             --from --to --site --page --where --filter --agent
        systems              Which operating systems were used?
                             --from --to --site --page --where --filter --agent
        devices              Which kinds of devices were used?
                             --from --to --site --page --where --filter --agent
        sizes                How wide were the windows of browsers?
                             --from --to --site --page --where --filter --agent
        countries            Which countries did the views come from?
                             --from --to --site --page --where --filter --agent
        languages            Which languages do the readers prefer?
                             --from --to --site --page --where --filter --agent
        agents               Who asked: people, bots or mail programs?
                             --from --to --site --page --where --filter
        ");
    }
}
