//! `reportAbuse` and the hub's stamp (PROTO, "Report abuse" and "Message
//! Franking"): the structs of `mimi-franking`, under the names of the wire.

pub use mimi_franking::{AbuseReport, AbuseType, AbusiveMessage, Frank};
