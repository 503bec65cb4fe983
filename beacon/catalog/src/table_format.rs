//! The formats of the lake's files, in the words of Hive.

/// The format of a table's files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableFormat {
    /// Parquet, columns by name.
    Parquet,
    /// ORC, columns by name.
    Orc,
    /// One JSON object a line, GZIP or not.
    Json,
}

impl TableFormat {
    /// All formats, the default first.
    pub const ALL: [TableFormat; 3] = [TableFormat::Parquet, TableFormat::Orc, TableFormat::Json];

    /// Returns the format's name in Glue's `classification` and in the templates' `Format`.
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
            // By default Athena reads the columns of ORC by their place, and a file from before a column was
            // added would answer with its neighbour.
            TableFormat::Orc => &[
                ("orc.column.index.access", "FALSE"),
                ("serialization.format", "1"),
            ],
            // By default OpenX makes every key lower-case, those of `params` too, and fails where two become one.
            // A broken line would stop each query that meets it; ignored, it is a row of NULLs without `hit_id`.
            TableFormat::Json => &[
                ("case.insensitive", "FALSE"),
                ("ignore.malformed.json", "TRUE"),
                ("serialization.format", "1"),
            ],
        }
    }
}
