//! Names the formats of the lake's files as Hive does: input format, output format and SerDe.

/// The format of a table's files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableFormat {
    /// Parquet. Columns are read by name.
    Parquet,
    /// ORC. Columns are read by name.
    Orc,
    /// One JSON object per line, with or without GZIP.
    Json,
}

impl TableFormat {
    /// All formats, the default first.
    pub const ALL: [TableFormat; 3] = [TableFormat::Parquet, TableFormat::Orc, TableFormat::Json];

    /// Returns the name of the format in Glue's `classification` and in the templates' parameter `Format`.
    pub fn name(self) -> &'static str {
        match self {
            TableFormat::Parquet => "parquet",
            TableFormat::Orc => "orc",
            TableFormat::Json => "json",
        }
    }

    pub(crate) fn input_format(self) -> &'static str {
        match self {
            TableFormat::Parquet => "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
            TableFormat::Orc => "org.apache.hadoop.hive.ql.io.orc.OrcInputFormat",
            TableFormat::Json => "org.apache.hadoop.mapred.TextInputFormat",
        }
    }

    pub(crate) fn output_format(self) -> &'static str {
        match self {
            TableFormat::Parquet => {
                "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat"
            }
            TableFormat::Orc => "org.apache.hadoop.hive.ql.io.orc.OrcOutputFormat",
            TableFormat::Json => "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
        }
    }

    pub(crate) fn serde(self) -> &'static str {
        match self {
            TableFormat::Parquet => "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
            TableFormat::Orc => "org.apache.hadoop.hive.ql.io.orc.OrcSerde",
            TableFormat::Json => "org.openx.data.jsonserde.JsonSerDe",
        }
    }

    pub(crate) fn serde_parameters(self) -> &'static [(&'static str, &'static str)] {
        match self {
            TableFormat::Parquet => &[("serialization.format", "1")],
            // By default Athena reads the columns of ORC by position, and would return the neighbour of a column
            // that an older file doesn't have.
            TableFormat::Orc => &[
                ("orc.column.index.access", "FALSE"),
                ("serialization.format", "1"),
            ],
            // By default OpenX turns every key into lower case, those of `params` too, and fails if two become equal.
            // A malformed line would fail each query that reads it; ignored, it is a row of NULLs without `hit_id`.
            TableFormat::Json => &[
                ("case.insensitive", "FALSE"),
                ("ignore.malformed.json", "TRUE"),
                ("serialization.format", "1"),
            ],
        }
    }
}
