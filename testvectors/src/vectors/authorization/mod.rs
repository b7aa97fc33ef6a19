//! `authorization`: what a room's policy says to what people try.
//!
//! A case is a room, what is attempted in it, and what the judge knows; the
//! answer is the room afterwards or the first rule that is broken. The cases
//! are tables: one for each preset in `presets`, one for each kind of rule in
//! the modules below `rules`.

mod judge;
mod presets;
mod rules;
mod story;

use super::Family;

pub(super) use judge::{begin, judge};

pub(super) fn family() -> Family {
    let mut cases = presets::cases();
    cases.extend(rules::cases());
    Family {
        family: "authorization".to_owned(),
        about: "Who may do what in which room (POLICY, \"Role Capabilities\" and all that it \
                refers to; PROTO, \"Update Room State\")"
            .to_owned(),
        cases,
    }
}
