//! Finds where an MLS structure ends without keeping what it says.
//!
//! The calls nest a fixed number of levels deep: no structure of RFC 9420 or
//! EXT contains itself.

use mimi_content::component::ComponentId;
use mimi_content::tls::{Decode, DecodeError, Reader, Rule};
use mimi_franking::CipherSuite;

use super::codes::{ProposalType, ProtocolVersion};
use super::ext::{AppDataUpdate, AppEphemeral};
use super::leaf::{Extension, LeafNode, unknown};
use super::objects::KeyPackageView;

type Walk = Result<(), DecodeError>;

/// `HPKECiphertext` (RFC 9420 §7.6).
pub(super) fn hpke_ciphertext(r: &mut Reader<'_>) -> Walk {
    r.opaque()?;
    r.opaque().map(drop)
}

/// `ParentNode` (RFC 9420 §7.1).
pub(super) fn parent_node(r: &mut Reader<'_>) -> Walk {
    r.opaque()?;
    r.opaque()?;
    each(r, |r| r.u32().map(drop))
}

/// `Proposal` (RFC 9420 §12.1; EXT). A proposal carries no length, so one of
/// an unknown type cannot be passed over.
pub(super) fn proposal(r: &mut Reader<'_>) -> Walk {
    let start = r.offset();
    match ProposalType::decode(r)? {
        ProposalType::ADD => KeyPackageView::decode(r).map(drop),
        ProposalType::UPDATE => LeafNode::decode(r).map(drop),
        ProposalType::REMOVE => r.u32().map(drop),
        ProposalType::PSK => pre_shared_key_id(r),
        ProposalType::REINIT => reinit(r),
        ProposalType::EXTERNAL_INIT => r.opaque().map(drop),
        ProposalType::GROUP_CONTEXT_EXTENSIONS => Extension::list(r).map(drop),
        ProposalType::APP_DATA_UPDATE => AppDataUpdate::decode(r).map(drop),
        ProposalType::APP_EPHEMERAL => AppEphemeral::decode(r).map(drop),
        ProposalType::SELF_REMOVE => Ok(()),
        ProposalType(other) => Err(r.error_at(
            start,
            unknown("the set of proposal types with a known extent", other),
        )),
    }
}

/// `Commit` (RFC 9420 §12.4); whether it has a path.
pub(super) fn commit(r: &mut Reader<'_>) -> Result<bool, DecodeError> {
    each(r, |r| {
        let start = r.offset();
        match r.u8()? {
            1 => proposal(r),
            2 => r.opaque().map(drop),
            value => Err(r.error_at(start, unknown("ProposalOrRefType", value))),
        }
    })?;
    r.optional(update_path).map(|path| path.is_some())
}

/// `PreSharedKeyID` (RFC 9420 §8.4; EXT, "Pre-Shared Keys (PSKs)").
fn pre_shared_key_id(r: &mut Reader<'_>) -> Walk {
    let start = r.offset();
    match r.u8()? {
        1 => r.opaque().map(drop)?,
        2 => {
            r.u8()?;
            r.opaque()?;
            r.u64()?;
        }
        3 => {
            ComponentId::decode(r)?;
            r.opaque()?;
        }
        value => return Err(r.error_at(start, unknown("PSKType", value))),
    }
    r.opaque().map(drop)
}

/// `ReInit` (RFC 9420 §12.1.5); its version is the next group's.
fn reinit(r: &mut Reader<'_>) -> Walk {
    r.opaque()?;
    ProtocolVersion::decode(r)?;
    CipherSuite::decode(r)?;
    Extension::list(r).map(drop)
}

/// `UpdatePath` (RFC 9420 §7.6).
fn update_path(r: &mut Reader<'_>) -> Walk {
    LeafNode::decode(r)?;
    each(r, |r| {
        r.opaque()?;
        each(r, hpke_ciphertext)
    })
}

/// A vector of elements, none of which is empty.
fn each(r: &mut Reader<'_>, mut element: impl FnMut(&mut Reader<'_>) -> Walk) -> Walk {
    let mut inner = r.vector()?;
    while !inner.is_empty() {
        let before = inner.offset();
        element(&mut inner)?;
        if inner.offset() == before {
            return Err(inner.error(Rule::ZeroProgress));
        }
    }
    Ok(())
}
