//! The table `hits`: the Parquet and JSON files of a lake and what its spool still holds, as one pinned list.
//!
//! **Invariant:** a scan never lists. It reads the list that was taken once for its statement, so that a table
//! named twice in a statement has the same rows, and no cache of the engine can hide a new file.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use beacon_core::time::Hour;
use beacon_lake::{DataFile, FileFormat, Snapshot, SpoolFile};
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::{Result, exec_datafusion_err};
use datafusion::datasource::TableType;
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::physical_plan::{FileGroup, FileScanConfigBuilder};
use datafusion::datasource::source::DataSourceExec;
use datafusion::datasource::table_schema::TableSchema;
use datafusion::execution::SessionState;
use datafusion::execution::object_store::ObjectStoreUrl;
use datafusion::logical_expr::{Expr, TableProviderFilterPushDown};
use datafusion::physical_plan::empty::EmptyExec;
use datafusion::physical_plan::streaming::{PartitionStream, StreamingTableExec};
use datafusion::physical_plan::union::UnionExec;
use datafusion::physical_plan::{ExecutionPlan, execute_stream};
use datafusion_datasource_parquet::CachedParquetFileReaderFactory;
use datafusion_datasource_parquet::source::ParquetSource;
use futures::StreamExt;
use futures::future::{self, BoxFuture};
use object_store::ObjectStore;

use super::faults::{Damaged, Fault};
use super::parquet_file::ForgivingReaders;
use super::partitions::{
    PartitionFilter, is_about_partitions, partition_fields, partition_scalars,
};
use super::pinned::PinnedSnapshot;
use super::rows::{Columns, RowPartition, RowSource};

#[derive(Debug)]
pub(crate) struct HitsTable {
    /// Columns of the files, then of the partition.
    schema: TableSchema,
    store: Arc<dyn ObjectStore>,
    /// Under which the engine has the same store.
    store_url: ObjectStoreUrl,
    damaged: Damaged,
}

impl HitsTable {
    /// `columns` are those of the files, as the lake's Arrow schema has them.
    pub(crate) fn new(
        columns: &Schema,
        store: Arc<dyn ObjectStore>,
        store_url: ObjectStoreUrl,
    ) -> HitsTable {
        let schema = TableSchema::builder(Arc::new(readable(columns)))
            .with_table_partition_cols(partition_fields())
            .build();
        HitsTable {
            schema,
            store,
            store_url,
            damaged: Damaged::default(),
        }
    }

    /// Looks through Parquet files for what keeps a statement from being answered, and remembers it. Whether any was
    /// found: then the same statement is answered without those.
    pub(crate) async fn find_damaged(
        &self,
        state: &SessionState,
        files: Vec<DataFile>,
    ) -> Result<bool> {
        let mut found = false;
        for file in files {
            let mut state = state.clone();
            let alone = PinnedSnapshot::new(Snapshot::default());
            state.config_mut().set_extension(Arc::new(alone));
            let meta = file.meta.clone();
            let plan = self.parquet(&state, vec![file], None, None)?;
            let mut rows = execute_stream(plan, state.task_ctx())?;
            while let Some(batch) = rows.next().await {
                if let Err(error) = batch {
                    self.damaged
                        .insert(&meta, Fault::damaged(error.find_root().message()));
                    found = true;
                    break;
                }
            }
        }
        Ok(found)
    }

    /// The plan that reads what is pinned, as far as `filters` leave it.
    fn plan(
        &self,
        session: &dyn Session,
        projection: Option<&Vec<usize>>,
        filters: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let pinned = pinned_of(session)?;
        let filter = PartitionFilter::new(session, filters)?;
        let data = filter.keep(pinned.snapshot().data.iter().cloned(), |file| file.hour)?;
        let spool = filter.keep(pinned.snapshot().spool.iter().cloned(), |file| {
            file.name().hour()
        })?;

        let data = data
            .into_iter()
            .filter(|file| match self.damaged.find(&file.meta) {
                Some(fault) => {
                    pinned.leave_out(&file.meta, fault);
                    false
                }
                None => true,
            });
        let (parquet, json): (Vec<_>, Vec<_>) =
            data.partition(|file| file.format == FileFormat::Parquet);
        let row_bytes = json.iter().map(|file| file.meta.size).sum::<u64>()
            + spool.iter().map(SpoolFile::len).sum::<u64>();
        pinned.add_row_bytes(row_bytes);
        let rows = self.row_sources(spool, json);

        // The filters about other columns stay above the scan (they are "inexact"), and the optimiser moves
        // them from there into the Parquet reader.
        let mut parts: Vec<Arc<dyn ExecutionPlan>> = Vec::new();
        if !parquet.is_empty() {
            parts.push(self.parquet(session, parquet, projection, limit)?);
        }
        if !rows.is_empty() {
            parts.push(self.rows(session, rows, projection, limit)?);
        }
        match parts.len() {
            0 => self.nothing(projection),
            1 => Ok(parts.remove(0)),
            _ => UnionExec::try_new(parts),
        }
    }

    fn nothing(&self, projection: Option<&Vec<usize>>) -> Result<Arc<dyn ExecutionPlan>> {
        let schema = match projection {
            Some(projection) => Arc::new(self.schema().project(projection)?),
            None => self.schema(),
        };
        Ok(Arc::new(EmptyExec::new(schema)))
    }

    /// What is read row by row, with the hours of its partitions.
    fn row_sources(&self, spool: Vec<SpoolFile>, json: Vec<DataFile>) -> Vec<(RowSource, Hour)> {
        let spool = spool.into_iter().map(|file| {
            let hour = file.name().hour();
            (RowSource::Spool(file), hour)
        });
        let json = json.into_iter().map(|file| {
            let source = RowSource::JsonLines(Arc::clone(&self.store), file.meta);
            (source, file.hour)
        });
        spool.chain(json).collect()
    }

    fn parquet(
        &self,
        session: &dyn Session,
        files: Vec<DataFile>,
        projection: Option<&Vec<usize>>,
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let files = files
            .into_iter()
            .map(|file| {
                PartitionedFile::new_from_meta(file.meta)
                    .with_partition_values(partition_scalars(file.hour))
            })
            .collect();
        let groups = FileGroup::new(files).split_files(session.config().target_partitions());
        // Footers are kept between statements, each as long as its file has the same size and time.
        let footers = session
            .runtime_env()
            .cache_manager
            .get_file_metadata_cache();
        let reader = ForgivingReaders {
            inner: CachedParquetFileReaderFactory::new(Arc::clone(&self.store), footers),
            store: Arc::clone(&self.store),
            columns: Arc::clone(self.schema.file_schema()),
            pinned: pinned_of(session)?,
        };
        let source = ParquetSource::new(self.schema.clone())
            .with_parquet_file_reader_factory(Arc::new(reader))
            .with_table_parquet_options(session.default_table_options().parquet);
        let scan = FileScanConfigBuilder::new(self.store_url.clone(), Arc::new(source))
            .with_file_groups(groups)
            .with_projection_indices(projection.cloned())?
            .with_limit(limit)
            .build();
        Ok(DataSourceExec::from_data_source(scan))
    }

    fn rows(
        &self,
        session: &dyn Session,
        sources: Vec<(RowSource, Hour)>,
        projection: Option<&Vec<usize>>,
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let columns = Columns::new(
            self.schema.table_schema(),
            self.schema.file_schema().fields().len(),
            projection,
        )?;
        let pinned = pinned_of(session)?;
        let count = session.config().target_partitions().clamp(1, sources.len());
        let mut partitions: Vec<Vec<_>> = vec![Vec::new(); count];
        for (index, source) in sources.into_iter().enumerate() {
            partitions[index % count].push(source);
        }
        let partitions: Vec<Arc<dyn PartitionStream>> = partitions
            .into_iter()
            .map(|sources| {
                Arc::new(RowPartition {
                    sources,
                    columns: columns.clone(),
                    pinned: Arc::clone(&pinned),
                }) as _
            })
            .collect();
        let schema = Arc::clone(partitions[0].schema());
        Ok(Arc::new(StreamingTableExec::try_new(
            schema, partitions, None, None, false, limit,
        )?))
    }
}

impl TableProvider for HitsTable {
    fn schema(&self) -> SchemaRef {
        Arc::clone(self.schema.table_schema())
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    fn supports_filters_pushdown(
        &self,
        filters: &[&Expr],
    ) -> Result<Vec<TableProviderFilterPushDown>> {
        Ok(filters
            .iter()
            .map(|filter| match is_about_partitions(filter) {
                true => TableProviderFilterPushDown::Exact,
                false => TableProviderFilterPushDown::Inexact,
            })
            .collect())
    }

    // Written out instead of `async_trait`'s macro: a future that kept `filters` would have the compiler walk all
    // types of an expression to know that it may be sent, for seconds.
    fn scan<'table, 'session, 'projection, 'filters, 'scan>(
        &'table self,
        session: &'session dyn Session,
        projection: Option<&'projection Vec<usize>>,
        filters: &'filters [Expr],
        limit: Option<usize>,
    ) -> BoxFuture<'scan, Result<Arc<dyn ExecutionPlan>>>
    where
        'table: 'scan,
        'session: 'scan,
        'projection: 'scan,
        'filters: 'scan,
        Self: 'scan,
    {
        Box::pin(future::ready(
            self.plan(session, projection, filters, limit),
        ))
    }
}

fn pinned_of(session: &dyn Session) -> Result<Arc<PinnedSnapshot>> {
    session
        .config()
        .get_extension::<PinnedSnapshot>()
        .ok_or_else(|| exec_datafusion_err!("the statement has no list of files"))
}

/// The columns as they are read: any can be NULL, since an older file may lack it, and text is a view, which
/// the engine groups and compares faster.
fn readable(columns: &Schema) -> Schema {
    let fields = columns.fields().iter().map(|field| {
        let data_type = match field.data_type() {
            DataType::Utf8 => DataType::Utf8View,
            other => other.clone(),
        };
        Field::new(field.name(), data_type, true)
    });
    Schema::new(fields.collect::<Vec<_>>())
}
