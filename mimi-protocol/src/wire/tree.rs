//! How the ratchet tree gets to those who join (TREE).

use bytes::Bytes;
use mimi_content::tls::{Decode, DecodeError, Encode, Reader, Writer};
use mimi_content::{DomainName, is_https_url};

use super::limits::{MAX_TREE_SIGNATURE_LEN, MAX_TREE_SOURCE_DOMAINS, MAX_URL_LEN};
use super::mls::{RatchetTree, unknown};
use super::protocol::broken;

/// How to get the tree (TREE, "Conveying the Ratchet Tree"). What may be done
/// about it, [`tree::resolve`](crate::tree::resolve) tells.
///
/// The signatures have no defined content: only the tree hash of the group
/// context counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RatchetTreeOption {
    /// Here it is.
    Full(RatchetTree),
    /// From a web server.
    HttpsUri {
        /// An `https` URL, not yet one that is safe to fetch from.
        url: String,
        /// Opaque.
        tree_signature: Bytes,
    },
    /// By another protocol.
    OutOfBand {
        /// Opaque.
        tree_signature: Bytes,
    },
    /// The hub has built it from the handshakes.
    DistributionService,
}

impl Encode for RatchetTreeOption {
    fn encode(&self, w: &mut Writer) {
        match self {
            RatchetTreeOption::Full(tree) => {
                w.u8(1);
                tree.encode(w);
            }
            RatchetTreeOption::HttpsUri {
                url,
                tree_signature,
            } => {
                w.u8(2);
                w.opaque(url.as_bytes());
                w.opaque(tree_signature);
            }
            RatchetTreeOption::OutOfBand { tree_signature } => {
                w.u8(3);
                w.opaque(tree_signature);
            }
            RatchetTreeOption::DistributionService => w.u8(4),
        }
    }
}

impl Decode for RatchetTreeOption {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let start = r.offset();
        match r.u8()? {
            1 => RatchetTree::decode(r).map(RatchetTreeOption::Full),
            2 => Ok(RatchetTreeOption::HttpsUri {
                url: https_url(r)?,
                tree_signature: signature(r)?,
            }),
            3 => Ok(RatchetTreeOption::OutOfBand {
                tree_signature: signature(r)?,
            }),
            4 => Ok(RatchetTreeOption::DistributionService),
            value => Err(r.error_at(start, unknown("RatchetTreeRepresentation", value))),
        }
    }
}

fn https_url(r: &mut Reader<'_>) -> Result<String, DecodeError> {
    let start = r.offset();
    let url = r.utf8_at_most("octets of a URL", MAX_URL_LEN)?;
    if !is_https_url(url) {
        return Err(broken(r, start, "the tree's URL is not an https URL"));
    }
    Ok(url.to_owned())
}

fn signature(r: &mut Reader<'_>) -> Result<Bytes, DecodeError> {
    r.bytes_at_most("octets of a tree's signature", MAX_TREE_SIGNATURE_LEN)
}

/// `DomainList`: the data of the GroupContext extension
/// `ratchet_tree_source_domains` (TREE, "Conveying the ratchet tree using
/// HTTPS").
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DomainList {
    /// `domains`: where the tree may be fetched from. At least one.
    pub domains: Vec<DomainName>,
}

impl Encode for DomainList {
    fn encode(&self, w: &mut Writer) {
        w.list(&self.domains);
    }
}

impl Decode for DomainList {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let start = r.offset();
        let domains = r.list_at_most(
            "source domains of a tree",
            MAX_TREE_SOURCE_DOMAINS,
            DomainName::decode,
        )?;
        if domains.is_empty() {
            return Err(broken(r, start, "a tree has at least one source domain"));
        }
        Ok(DomainList { domains })
    }
}
