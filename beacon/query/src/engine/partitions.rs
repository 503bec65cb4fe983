//! Which filters are about partitions alone, and what they leave of a list of hours: such a filter is answered
//! from the path of a file, before the file is opened.

use std::ops::RangeInclusive;
use std::sync::Arc;

use arrow::array::{AsArray, BooleanArray, Int32Array, RecordBatch};
use arrow::datatypes::{DataType, Field, FieldRef, Schema, SchemaRef};
use beacon_core::schema::PARTITIONS;
use beacon_core::time::{HOUR_MS, Hour};
use datafusion::catalog::Session;
use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::common::{DFSchema, Result, ScalarValue};
use datafusion::logical_expr::expr_rewriter::unnormalize_col;
use datafusion::logical_expr::utils::conjunction;
use datafusion::logical_expr::{Expr, LogicalPlan};
use datafusion::physical_plan::PhysicalExpr;

use super::year_bounds;

/// The partition columns, as the table has them behind the columns of its files.
pub(crate) fn partition_fields() -> Vec<FieldRef> {
    PARTITIONS
        .iter()
        .map(|name| Arc::new(Field::new(*name, DataType::Int32, false)))
        .collect()
}

/// The values of one hour's partition columns.
pub(crate) fn partition_values(hour: Hour) -> [i32; 4] {
    [
        i32::from(hour.year()),
        i32::from(hour.month()),
        i32::from(hour.day()),
        i32::from(hour.hour()),
    ]
}

/// The same, as the engine wants them beside a file.
pub(crate) fn partition_scalars(hour: Hour) -> Vec<ScalarValue> {
    partition_values(hour)
        .map(|value| ScalarValue::Int32(Some(value)))
        .to_vec()
}

/// Whether the partition of a row alone says if the row passes.
pub(crate) fn is_about_partitions(filter: &Expr) -> bool {
    let columns = filter.column_refs();
    !columns.is_empty()
        && columns
            .iter()
            .all(|column| PARTITIONS.contains(&column.name.as_str()))
        && !filter.is_volatile()
        && !asks_elsewhere(filter)
}

/// A subquery, or a value from outside of one, is not known when files are chosen.
fn asks_elsewhere(filter: &Expr) -> bool {
    let mut found = false;
    filter
        .apply(|expression| {
            found |= matches!(
                expression,
                Expr::ScalarSubquery(_)
                    | Expr::InSubquery(_)
                    | Expr::Exists(_)
                    | Expr::SetComparison(_)
                    | Expr::OuterReferenceColumn(_, _)
                    | Expr::Placeholder(_)
            );
            Ok(if found {
                TreeNodeRecursion::Stop
            } else {
                TreeNodeRecursion::Continue
            })
        })
        .is_err()
        || found
}

/// The filters of a scan that are about partitions, ready to be asked about hours.
pub(crate) struct PartitionFilter {
    schema: SchemaRef,
    /// `None`: every hour passes.
    predicate: Option<Arc<dyn PhysicalExpr>>,
}

impl PartitionFilter {
    /// Takes those of `filters` that are about partitions, and leaves the others to the scan.
    pub(crate) fn new(session: &dyn Session, filters: &[Expr]) -> Result<PartitionFilter> {
        let schema = Arc::new(Schema::new(partition_fields()));
        let filters = filters.iter().filter(|filter| is_about_partitions(filter));
        let predicate = match conjunction(filters.cloned().map(unnormalize_col)) {
            Some(filter) => Some(
                session.create_physical_expr(filter, &DFSchema::try_from(Arc::clone(&schema))?)?,
            ),
            None => None,
        };
        Ok(PartitionFilter { schema, predicate })
    }

    /// For each hour, whether its rows can pass.
    pub(crate) fn passes(&self, hours: &[Hour]) -> Result<BooleanArray> {
        let Some(predicate) = &self.predicate else {
            return Ok(vec![true; hours.len()].into());
        };
        let values: Vec<[i32; 4]> = hours.iter().map(|hour| partition_values(*hour)).collect();
        let columns = (0..PARTITIONS.len())
            .map(|column| {
                Arc::new(Int32Array::from_iter_values(
                    values.iter().map(|hour| hour[column]),
                )) as _
            })
            .collect();
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), columns)?;
        let passes = predicate.evaluate(&batch)?.into_array(hours.len())?;
        // SQL's NULL does not pass.
        Ok(passes
            .as_boolean()
            .iter()
            .map(|pass| Some(pass == Some(true)))
            .collect())
    }

    /// Those of `files` whose hour passes.
    pub(crate) fn keep<File>(
        &self,
        files: impl IntoIterator<Item = File>,
        hour: impl Fn(&File) -> Hour,
    ) -> Result<Vec<File>> {
        let files: Vec<File> = files.into_iter().collect();
        let hours: Vec<Hour> = files.iter().map(hour).collect();
        let passes = self.passes(&hours)?;
        Ok(files
            .into_iter()
            .enumerate()
            .filter(|(index, _)| passes.value(*index))
            .map(|(_, file)| file)
            .collect())
    }
}

/// The first and the last hour that the scans of table `table` in an optimised plan can need, so that a question
/// about a day lists a day's folders and not the whole lake. `None` means all.
pub(crate) fn hours_of_plan(
    session: &dyn Session,
    plan: &LogicalPlan,
    table: &str,
) -> Result<Option<RangeInclusive<Hour>>> {
    let mut scans = Vec::new();
    plan.apply_with_subqueries(|node| {
        if let LogicalPlan::TableScan(scan) = node
            && scan.table_name.table() == table
        {
            scans.push(scan.filters.clone());
        }
        Ok(TreeNodeRecursion::Continue)
    })?;

    let mut span: Option<RangeInclusive<Hour>> = None;
    for filters in scans {
        let Some(hours) = hours_of_scan(session, &filters)? else {
            return Ok(None);
        };
        span = Some(match span {
            Some(span) => *span.start().min(hours.start())..=*span.end().max(hours.end()),
            None => hours,
        });
    }
    // Where nothing is scanned, a listing of one hour is the least.
    Ok(Some(
        span.unwrap_or_else(|| Hour::from_ms(0)..=Hour::from_ms(0)),
    ))
}

/// Years beyond which every hour is not asked about: the whole lake is listed.
const MAX_YEARS: i64 = 10;

/// The years are bounded first, by what the filters say of numbers; then each of their hours is asked about.
fn hours_of_scan(session: &dyn Session, filters: &[Expr]) -> Result<Option<RangeInclusive<Hour>>> {
    let Some(years) = year_bounds::bounds(filters) else {
        return Ok(None);
    };
    let january = |year| Some(Hour::new(u16::try_from(year).ok()?, 1, 1, 0)?.start_ms());
    let (Some(from_ms), Some(to_ms)) = (january(*years.start()), january(years.end() + 1)) else {
        return Ok(None);
    };
    if years.end() - years.start() >= MAX_YEARS {
        return Ok(None);
    }
    let hours: Vec<Hour> = (from_ms..to_ms)
        .step_by(HOUR_MS as usize)
        .map(Hour::from_ms)
        .collect();
    let passing = PartitionFilter::new(session, filters)?.keep(hours, |hour| *hour)?;
    Ok(match (passing.first(), passing.last()) {
        (Some(first), Some(last)) => Some(*first..=*last),
        _ => None,
    })
}
