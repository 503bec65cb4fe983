//! The formats of the lake's files, in the words of Hive.

/// The format of a table's files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Parquet, columns by name.
    Parquet,
    /// ORC, columns by name.
    Orc,
    /// One JSON object a line, GZIP or not.
    Json,
}

impl Format {
    /// All formats, the default first.
    pub const ALL: [Format; 3] = [Format::Parquet, Format::Orc, Format::Json];

    /// As Glue's `classification` and the templates' `Format` say it.
    pub fn name(self) -> &'static str {
        match self {
            Format::Parquet => "parquet",
            Format::Orc => "orc",
            Format::Json => "json",
        }
    }

    pub(super) fn input_format(self) -> &'static str {
        match self {
            Format::Parquet => "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
            Format::Orc => "org.apache.hadoop.hive.ql.io.orc.OrcInputFormat",
            Format::Json => "org.apache.hadoop.mapred.TextInputFormat",
        }
    }

    pub(super) fn output_format(self) -> &'static str {
        match self {
            Format::Parquet => "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
            Format::Orc => "org.apache.hadoop.hive.ql.io.orc.OrcOutputFormat",
            Format::Json => "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
        }
    }

    pub(super) fn serde(self) -> &'static str {
        match self {
            Format::Parquet => "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
            Format::Orc => "org.apache.hadoop.hive.ql.io.orc.OrcSerde",
            Format::Json => "org.openx.data.jsonserde.JsonSerDe",
        }
    }

    pub(super) fn serde_parameters(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Format::Parquet => &[("serialization.format", "1")],
            // By default Athena reads the columns of ORC by their place, and a file from before a column was
            // added would answer with its neighbour.
            Format::Orc => &[
                ("orc.column.index.access", "FALSE"),
                ("serialization.format", "1"),
            ],
            // By default OpenX makes every key lower-case, those of `params` too, and fails where two become one.
            // A broken line would stop each query that meets it; ignored, it is a row of NULLs without `hit_id`.
            Format::Json => &[
                ("case.insensitive", "FALSE"),
                ("ignore.malformed.json", "TRUE"),
                ("serialization.format", "1"),
            ],
        }
    }
}
