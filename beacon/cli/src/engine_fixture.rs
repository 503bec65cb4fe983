//! An engine over a lake of the tests.

use beacon_lake::Clock;
use beacon_lake_fixture::{LakeFixture, NOW_MS};
use beacon_query::engine::Engine;

pub(crate) async fn engine_over(fixture: &LakeFixture) -> Engine {
    let lake = fixture.lake();
    let spool_folder = lake.default_spool();
    let clock = Clock::from_fn(|| NOW_MS);
    Engine::new(lake, Some(spool_folder), fixture.schema(), clock)
        .await
        .unwrap()
}
