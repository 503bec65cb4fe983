//! Arguments that several commands share, and the forms in which people write values.

pub(crate) mod amounts;
pub(crate) mod column_filter;
pub(crate) mod document;
pub(crate) mod lake;
pub(crate) mod listen_address;
pub(crate) mod password;
pub(crate) mod renamed;
pub(crate) mod salts;
pub(crate) mod stream;
pub(crate) mod text_table;
