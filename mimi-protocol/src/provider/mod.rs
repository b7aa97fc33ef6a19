//! What every provider keeps whatever its role: its users' KeyPackages, and who
//! may have them (PROTO, "Fetch Key Material", "Convey explicit consent").
//!
//! [`KeyMaterial`] is one engine for both, since each needs the other: a claim
//! asks whether the target consents, and a grant of consent may carry
//! KeyPackages. Every input concerns the users of one domain, and all but
//! [`Input::Welcomed`] and [`Input::Tick`] a single local user, so a host with
//! many users keeps an engine for each, or for each share of them.
//!
//! # Claims
//!
//! A KeyPackage is handed out once. Only one that its client marked as last
//! resort (component 0x0004) is kept for more, and is used when nothing else
//! fits. The octets of a request have no nonce, so the retry of a request whose
//! answer was lost and a new claim look the same; an identical request from the
//! same peer gets the first answer again for [`ANSWER_MEMORY_MILLIS`], unless a
//! Welcome has used one of its KeyPackages, and consent is asked for again.
//!
//! # Consent
//!
//! See [`Consent`]. A user needs none for the user's own clients.

mod change;
mod claim;
mod consent;
mod engine;
mod error;
mod exchange;
mod io;
mod package;
mod state;
mod stock;

pub use crate::labels::key_package_ref;
pub use change::Change;
pub use claim::Disclosure;
pub use consent::{Allowance, Consent, MAX_ASKED, MAX_SCOPES};
pub use engine::{Entry, KeyMaterial, Snapshot};
pub use error::{PackageFault, Rejection};
pub use io::{Input, Local, Notice, Outcome};
pub use state::{ANSWER_MEMORY_MILLIS, MAX_ANSWERS, PURGE_MILLIS, State};
pub use stock::{MAX_CLIENTS, MAX_PACKAGES};
