//! Identifiers of hits.

use uuid::{Builder, Uuid};

/// The namespace of names that are hashed into UUIDs: the identifiers of POST items, and the client script's ETag.
pub(crate) const NAMESPACE: Uuid = Uuid::from_u128(0x0b3d_7c58_4f0e_4a9e_9c53_6a70_b1c5_d0e1);

/// Makes a UUIDv7: ordered by time, random for the rest.
pub(crate) fn from_time(at_ms: u64, random: u128) -> Uuid {
    let mut bytes = [0; 10];
    bytes.copy_from_slice(&random.to_be_bytes()[6..]);
    Builder::from_unix_timestamp_millis(at_ms, &bytes).into_uuid()
}

/// Makes a UUIDv5 of the site and the item's own `id`: the same item sent again has the same identifier, and an item
/// of another site has another.
pub(crate) fn from_item_id(site: Option<&str>, item_id: &str) -> Uuid {
    let name = format!("{}\0{item_id}", site.unwrap_or_default());
    Uuid::new_v5(&NAMESPACE, name.as_bytes())
}
