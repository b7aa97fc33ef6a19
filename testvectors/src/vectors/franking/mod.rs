//! `franking` and `abuse_report`: tags, stamps, what receivers and hubs check.

mod act;
mod altered;
mod codecs;
mod faults;
mod judge;
pub(crate) mod keys;
mod receiving;
mod reports;
mod sending;
mod signatures;
mod story;
mod weights;

use super::Family;
use story::{Plan, Story};

pub(super) use act::{commit, dispute_tag, frank, tag, verify_frank};
pub(super) use judge::{judge, weigh_accounts};

fn stories() -> (Story, Story) {
    let text = "We have a *release*!";
    (
        Story::new(&Plan::new(text)),
        Story::new(&Plan::framed(text)),
    )
}

pub(in crate::vectors) fn family() -> Family {
    let (bare, framed) = stories();
    let mut cases = sending::tags(&bare);
    cases.extend(sending::commits(&bare, &framed));
    cases.extend(sending::stamps(&bare, &framed));
    cases.extend(receiving::accepted(&bare, &framed));
    cases.extend(faults::refused(&bare, &framed));
    cases.extend(receiving::disputes(&bare, &framed));
    cases.extend(codecs::stamps(&bare, &framed));
    Family {
        family: "franking".to_owned(),
        about: "Message franking (PROTO, \"Message Franking\")".to_owned(),
        cases,
    }
}

pub(in crate::vectors) fn reports() -> Family {
    let (bare, framed) = stories();
    let mut cases = reports::reports(&bare, &framed);
    cases.extend(weights::weights());
    cases.extend(codecs::reports(&bare));
    Family {
        family: "abuse_report".to_owned(),
        about: "Reports of abuse and what a hub makes of them (PROTO, \"Report abuse\")".to_owned(),
        cases,
    }
}
