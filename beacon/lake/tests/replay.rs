//! Replaying lines into their own partitions, once, however often it is run.

#![expect(clippy::unwrap_used, reason = "what fails in a helper fails its test")]

use std::path::Path;

use beacon_core::schema::Schema;
use beacon_lake::{
    ConvertedRecord, FileFormat, Lake, ReplayWriter, Replayed, convert_record, snapshot,
};
use tempfile::TempDir;

fn lake_in(dir: &Path) -> Lake {
    let lake = Lake::open(dir.to_str().unwrap(), std::iter::empty()).unwrap();
    lake.create().unwrap();
    lake
}

fn line(id: usize, received_at: &str) -> ConvertedRecord {
    let document = format!("{{\"hit_id\":\"{id}\",\"received_at\":\"{received_at}\"}}");
    convert_record(&Schema::builtin(), document.as_bytes()).unwrap()
}

async fn replay(lake: &Lake, format: FileFormat, lines: &[ConvertedRecord]) -> Replayed {
    let mut writer = ReplayWriter::new(lake.clone(), format, &Schema::builtin());
    for line in lines {
        writer.push(line).await.unwrap();
    }
    writer.finish().await.unwrap()
}

async fn files(lake: &Lake) -> Vec<(String, u64)> {
    let snapshot = snapshot(lake, None, None).await.unwrap();
    snapshot
        .data
        .iter()
        .map(|file| (file.hour.to_string(), file.meta.size))
        .collect()
}

#[tokio::test]
async fn each_line_lands_in_the_partition_of_its_arrival_and_once() {
    let dir = TempDir::new().unwrap();
    let lake = lake_in(dir.path());
    let lines = [
        line(1, "2026-11-21 05:59:59.999"),
        line(2, "2026-11-21 06:00:00.000"),
        line(3, "2026-11-21 05:00:00.000"),
        line(1, "2026-11-21 05:59:59.999"),
    ];
    let first = replay(&lake, FileFormat::Parquet, &lines).await;
    assert_eq!(
        first,
        Replayed {
            hits: 3,
            known: 0,
            repeated: 1,
            objects: 2
        }
    );
    let written = files(&lake).await;
    let hours: Vec<_> = written.iter().map(|(hour, _)| hour.as_str()).collect();
    assert_eq!(hours, ["2026-11-21-05", "2026-11-21-06"]);

    // Again, in another order, and in another format: the same lines are the same object.
    let mut turned = lines.to_vec();
    turned.reverse();
    for format in [FileFormat::Parquet, FileFormat::Json] {
        let again = replay(&lake, format, &turned).await;
        assert_eq!(
            again,
            Replayed {
                hits: 0,
                known: 3,
                repeated: 1,
                objects: 0
            }
        );
        assert_eq!(files(&lake).await, written);
    }

    // An input that has grown writes the hours that changed.
    let mut longer = lines.to_vec();
    longer.push(line(4, "2026-11-21 07:00:00.000"));
    let more = replay(&lake, FileFormat::Parquet, &longer).await;
    assert_eq!(
        more,
        Replayed {
            hits: 1,
            known: 3,
            repeated: 1,
            objects: 1
        }
    );
}
