//! An engine over a lake of the tests.

use beacon_lake::Clock;
use beacon_lake_fixture::{LakeFixture, NOW_MS};
use beacon_query::engine::Engine;

use crate::lake_source::LakeSource;

pub(crate) fn source_over(fixture: &LakeFixture) -> LakeSource {
    let lake = fixture.lake();
    LakeSource {
        spool_folder: lake.default_spool(),
        lake,
        schema: fixture.schema().clone(),
        clock: Clock::from_fn(|| NOW_MS),
    }
}

pub(crate) async fn engine_over(fixture: &LakeFixture) -> Engine {
    source_over(fixture).engine().await.unwrap()
}
