//! What the operational policy says of who comes in, and how (POLICY,
//! "Operational policy component").

use mimi_content::MimiUri;

use crate::candidate::{Actor, LeafFacts, Lifetime};
use crate::components::operational::{ExtendedCapabilities, OperationalParameters};
use crate::error::Reason;

/// Last of the extension types that every MLS client supports and none lists
/// (RFC 9420 §7.2).
const LAST_DEFAULT_EXTENSION: u16 = 5;
/// Last of the proposal types that every MLS client supports and none lists.
const LAST_DEFAULT_PROPOSAL: u16 = 7;

/// Whether an actor may send from outside of the group, by a commit of its own
/// if it `commits`.
pub(super) fn check_route(
    parameters: &OperationalParameters,
    actor: &Actor<'_>,
    commits: bool,
) -> Result<(), Reason> {
    let allowed = match actor {
        Actor::Participant { .. } => return Ok(()),
        Actor::Joiner { .. } if commits => parameters.external_commit_allowed,
        Actor::Joiner { .. } | Actor::External { .. } => parameters.external_proposal_allowed,
    };
    match (allowed, commits) {
        (true, _) => Ok(()),
        (false, true) => Err(Reason::ExternalCommit(actor.uri().clone())),
        (false, false) => Err(Reason::ExternalProposal(actor.uri().clone())),
    }
}

/// Whether a leaf may enter the group. What is mandatory or forbidden is so for
/// every leaf that comes, as required capabilities are in RFC 9420 §7.3: a member
/// cannot take back with its next leaf what it was let in for.
pub(super) fn check_leaf(
    parameters: &OperationalParameters,
    user: &MimiUri,
    leaf: &LeafFacts<'_>,
) -> Result<(), Reason> {
    let lifetimes = [
        ("KeyPackage", leaf.key_package, parameters.max_kp_lifetime),
        (
            "credential",
            leaf.credential,
            parameters.max_credential_lifetime,
        ),
    ];
    for (of, lifetime, max) in lifetimes {
        check_lifetime(user, of, lifetime, max)?;
    }
    let mandatory = &parameters.mandatory_capabilities;
    let forbidden = &parameters.forbidden_capabilities;
    let anything = ExtendedCapabilities::default();
    if *mandatory == anything && *forbidden == anything {
        return Ok(());
    }
    let user = || user.clone();
    let Some(supports) = leaf.supports else {
        return Err(Reason::LeafUnknown(user()));
    };
    if let Some(what) = first(mandatory, supports, Wanted::Missing) {
        let user = user();
        return Err(Reason::LeafLacks { user, what });
    }
    if let Some(what) = first(forbidden, supports, Wanted::Present) {
        let user = user();
        return Err(Reason::LeafSupports { user, what });
    }
    Ok(())
}

/// A maximum of 0 is none.
fn check_lifetime(
    user: &MimiUri,
    of: &'static str,
    lifetime: Option<Lifetime>,
    max: u64,
) -> Result<(), Reason> {
    let Some(lifetime) = lifetime.filter(|_| max > 0) else {
        return Ok(());
    };
    let seconds = lifetime.not_after.saturating_sub(lifetime.not_before);
    if seconds <= max {
        return Ok(());
    }
    Err(Reason::LeafLifetime {
        user: user.clone(),
        of,
        seconds,
        max,
    })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Missing,
    Present,
}

/// The first item of `list` that `supports` lacks, or has, in words.
fn first(
    list: &ExtendedCapabilities,
    supports: &ExtendedCapabilities,
    wanted: Wanted,
) -> Option<String> {
    fn find<'a, T: PartialEq>(
        list: &'a [T],
        supports: &[T],
        wanted: Wanted,
        always: impl Fn(&T) -> bool,
    ) -> Option<&'a T> {
        let is = |item: &T| always(item) || supports.contains(item);
        match wanted {
            Wanted::Missing => list.iter().find(|item| !is(item)),
            Wanted::Present => list.iter().find(|item| is(item) && !always(item)),
        }
    }
    fn number<T: Copy + std::fmt::LowerHex>(kind: &str) -> impl Fn(&T) -> String {
        move |value| format!("{kind} {value:#06x}")
    }

    let (l, s, w) = (list, supports, wanted);
    let never = |_: &u16| false;
    find(&l.versions, &s.versions, w, never)
        .map(number("protocol version"))
        .or_else(|| find(&l.cipher_suites, &s.cipher_suites, w, never).map(number("cipher suite")))
        .or_else(|| {
            let default = |one: &u16| *one <= LAST_DEFAULT_EXTENSION;
            find(&l.extensions, &s.extensions, w, default).map(number("extension"))
        })
        .or_else(|| {
            let default = |one: &u16| *one <= LAST_DEFAULT_PROPOSAL;
            find(&l.proposals, &s.proposals, w, default).map(number("proposal type"))
        })
        .or_else(|| find(&l.credentials, &s.credentials, w, never).map(number("credential type")))
        .or_else(|| find(&l.wire_formats, &s.wire_formats, w, never).map(number("wire format")))
        .or_else(|| find(&l.component_ids, &s.component_ids, w, |_| false).map(ToString::to_string))
        .or_else(|| {
            find(&l.safe_aad_types, &s.safe_aad_types, w, |_| false)
                .map(|id| format!("{id} in the Safe AAD"))
        })
        .or_else(|| {
            find(&l.media_types, &s.media_types, w, |_| false)
                .map(|media| format!("media type {}", media.essence))
        })
        .or_else(|| {
            find(&l.content_types, &s.content_types, w, |_| false).map(number("content type"))
        })
}
