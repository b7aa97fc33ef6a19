//! `pseudonym`: credentials that hide whose they are, and what opens them.

mod act;
mod codecs;
pub(super) mod links;

use super::Family;

pub(super) use act::{link_key, open_link, seal_link};

pub(in crate::vectors) fn family() -> Family {
    let mut cases = links::keys();
    cases.extend(links::sealed());
    cases.extend(links::opened());
    cases.extend(links::refused());
    cases.extend(codecs::structures());
    Family {
        family: "pseudonym".to_owned(),
        about: "Pseudonymous credentials and their identity links (PSEUD, \"Pseudonymity through \
                credential encryption\"; PROTO, \"Credential encryption\")"
            .to_owned(),
        cases,
    }
}
