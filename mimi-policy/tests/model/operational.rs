//! What the operational policy lets in (POLICY, "Operational policy
//! component").

use std::ops::RangeInclusive;

use mimi_content::component::ComponentId;
use mimi_policy::{ExtendedCapabilities, Lifetime, OperationalParameters};

use super::judge::Step;
use super::room::{Deed, Kind, Leaf};
use super::{Refusal, demand, further};

pub(super) fn holds(step: Step<'_>) -> Result<(), Refusal> {
    outsiders_act_where_they_may(step)?;
    for deed in step.attempt.bundles.iter().flat_map(|(_, deeds)| deeds) {
        if let Deed::AddClient(_, leaf) | Deed::UpdateClient(leaf) = deed {
            leaf_fits(step, leaf)?;
        }
    }
    Ok(())
}

/// `external_commit_allowed` and `external_proposal_allowed`, as they are
/// before the commit.
fn outsiders_act_where_they_may(step: Step<'_>) -> Result<(), Refusal> {
    const ID: ComponentId = ComponentId::MLS_OPERATIONAL_POLICY;
    let Some(policy) = further::read::<OperationalParameters>(step.before, ID) else {
        return Ok(());
    };
    let committer = step.attempt.committer.as_ref();
    demand(
        policy.external_commit_allowed || committer.is_none_or(|who| who.kind != Kind::Joiner),
        "an external commit (POLICY, \"Operational policy component\")",
    )?;
    for (who, deeds) in &step.attempt.bundles {
        let commits = committer.is_some_and(|committer| committer.is(who));
        demand(
            policy.external_proposal_allowed
                || deeds.is_empty()
                || who.kind == Kind::Member
                || (who.kind == Kind::Joiner && commits),
            "an external proposal (POLICY, \"Operational policy component\")",
        )?;
    }
    Ok(())
}

/// `mandatory_capabilities`, `forbidden_capabilities`, `max_kp_lifetime` and
/// `max_credential_lifetime` of the room that the client comes to.
fn leaf_fits(step: Step<'_>, leaf: &Leaf) -> Result<(), Refusal> {
    const ID: ComponentId = ComponentId::MLS_OPERATIONAL_POLICY;
    let Some(policy) = further::read::<OperationalParameters>(step.after, ID) else {
        return Ok(());
    };
    let (mandatory, forbidden) = (
        &policy.mandatory_capabilities,
        &policy.forbidden_capabilities,
    );
    let nothing = ExtendedCapabilities::default();
    match &leaf.supports {
        None => demand(
            *mandatory == nothing && *forbidden == nothing,
            "a leaf of which nothing is known (POLICY, \"Operational policy component\")",
        )?,
        Some(supports) => {
            demand(
                has(supports, mandatory, true),
                "a leaf lacks what is mandatory (POLICY, \"Operational policy component\")",
            )?;
            demand(
                has(supports, forbidden, false),
                "a leaf has what is forbidden (POLICY, \"Operational policy component\")",
            )?;
        }
    }
    let lives = |lifetime: Option<Lifetime>, max: u64| {
        max == 0 || lifetime.is_none_or(|l| l.not_after.saturating_sub(l.not_before) <= max)
    };
    demand(
        lives(leaf.key_package, policy.max_kp_lifetime)
            && lives(leaf.credential, policy.max_credential_lifetime),
        "a leaf lives too long (POLICY, \"Operational policy component\")",
    )
}

/// RFC 9420, Section 7.2: what every client supports, and lists or not. So it has
/// what of them is mandatory, and nobody can forbid them.
const DEFAULT_EXTENSIONS: RangeInclusive<u16> = 1..=5;
const DEFAULT_PROPOSALS: RangeInclusive<u16> = 1..=7;

fn but(listed: &[u16], defaults: RangeInclusive<u16>) -> Vec<u16> {
    let mut listed = listed.to_vec();
    listed.retain(|one| !defaults.contains(one));
    listed
}

/// Whether all of `listed` are, or are not, among what `supports`.
fn has(supports: &ExtendedCapabilities, listed: &ExtendedCapabilities, wanted: bool) -> bool {
    fn each<T: PartialEq>(supports: &[T], listed: &[T], wanted: bool) -> bool {
        listed.iter().all(|item| supports.contains(item) == wanted)
    }
    each(&supports.versions, &listed.versions, wanted)
        && each(&supports.cipher_suites, &listed.cipher_suites, wanted)
        && each(
            &supports.extensions,
            &but(&listed.extensions, DEFAULT_EXTENSIONS),
            wanted,
        )
        && each(
            &supports.proposals,
            &but(&listed.proposals, DEFAULT_PROPOSALS),
            wanted,
        )
        && each(&supports.credentials, &listed.credentials, wanted)
        && each(&supports.wire_formats, &listed.wire_formats, wanted)
        && each(&supports.component_ids, &listed.component_ids, wanted)
        && each(&supports.safe_aad_types, &listed.safe_aad_types, wanted)
        && each(&supports.media_types, &listed.media_types, wanted)
        && each(&supports.content_types, &listed.content_types, wanted)
}
