//! The spool and its delivery on the model of a disk that drops what was not synced: whatever happens, every
//! answered hit is seen once, and none twice.

mod failed_writes;
mod full_disk;
mod limits;
mod machine;
mod random;
mod removed;
mod stops;
