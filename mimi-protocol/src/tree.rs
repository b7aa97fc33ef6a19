//! Where the ratchet tree of a group comes from (TREE, "Conveying the Ratchet
//! Tree").
//!
//! Who joins needs the group's tree. It comes inline, or a hub that keeps large
//! trees elsewhere names a URL. Whoever made up that URL learns who joins, when
//! and from which address; so it has to be on one of the hosts that the members
//! agreed on in the GroupContext, or without such a list on the hub's own.
//!
//! ```
//! use bytes::Bytes;
//! use mimi_content::DomainName;
//! use mimi_protocol::tree::{TreeRefusal, TreeSource, read_fetched, resolve};
//! use mimi_protocol::wire::mls::{Extension, ExtensionType};
//! use mimi_protocol::wire::{DomainList, Encode, RatchetTreeOption};
//!
//! let domains = vec![DomainName::parse("trees.a.example").unwrap()];
//! let extensions = [Extension {
//!     extension_type: ExtensionType::RATCHET_TREE_SOURCE_DOMAINS,
//!     data: DomainList { domains }.to_vec()?.into(),
//! }];
//! let at = |url: &str| RatchetTreeOption::HttpsUri {
//!     url: url.to_owned(),
//!     tree_signature: Bytes::new(),
//! };
//!
//! let option = at("https://trees.a.example/8ksB4bSr");
//! let TreeSource::Fetch(url) = resolve(&option, &extensions, "a.example")? else {
//!     panic!("the tree is elsewhere")
//! };
//! assert_eq!(url.as_str(), "https://trees.a.example/8ksB4bSr");
//! // The host fetches it, without following a redirect.
//! let fetched = Bytes::from_static(&[0]);
//! let tree = read_fetched(&fetched)?;
//! assert_eq!(tree.leaves, 0);
//!
//! let option = at("https://trees.evil.example/8ksB4bSr");
//! let refused = resolve(&option, &extensions, "a.example");
//! assert_eq!(refused, Err(TreeRefusal::Host("trees.evil.example".into())));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What this does not tell
//!
//! - Whether the tree is the group's. The MLS library compares its hash with the
//!   GroupContext when the client joins, and a tree that fails there is thrown
//!   away. The `tree_signature` has no defined content and is not looked at.
//! - Whether the GroupContext is the group's. It is signed by a member, whose key
//!   is in the tree. So before the tree is there, its list of domains is the word
//!   of whoever sent it: of a member in a Welcome, of the hub in its answer to
//!   someone who joins externally.
//! - Where a host name leads. [`may_connect`](crate::assets::may_connect) judges
//!   the address, and [`may_pass_on`](crate::assets::may_pass_on) the status.

use bytes::Bytes;
use mimi_content::{HttpsUrl, HttpsUrlError};

use crate::wire::mls::{Extension, ExtensionType, RatchetTree};
use crate::wire::{Decode, DecodeError, DomainList, RatchetTreeOption};

/// Most octets of a fetched tree: as many as a body may have that brings one
/// inline.
///
/// With basic credentials and 32-octet keys a member takes some 300 octets, so
/// that is a tree of 200,000. With chains of certificates of 3 KiB it is one of
/// 18,000, and with ML-KEM-768 and ML-DSA-65, at some 8 KiB a member with its
/// share of the parents, one of 8,000. Whoever downloads stops here.
pub const MAX_TREE_LEN: usize = 64 << 20;

/// Where the tree is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TreeSource {
    /// Here.
    Inline(RatchetTree),
    /// At this URL, and nowhere that it redirects to. [`read_fetched`] takes
    /// what is found there.
    Fetch(HttpsUrl),
    /// The application has it by another protocol.
    OutOfBand,
    /// The hub has it, since it follows the handshakes.
    DistributionService,
}

/// Why nothing is fetched (TREE, "Conveying the ratchet tree using HTTPS").
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TreeRefusal {
    /// The URL can be read in two ways.
    #[error("the tree's URL: {0}")]
    Url(HttpsUrlError),
    /// The list of domains is malformed. No URL comes from one of it.
    #[error("the group's ratchet_tree_source_domains are malformed {0}")]
    Domains(DecodeError),
    /// The GroupContext has two lists of domains.
    #[error("the group has ratchet_tree_source_domains twice")]
    DomainsTwice,
    /// The URL is of another host than those of the list, or than the hub's if
    /// there is none.
    #[error("the group's tree does not come from {0}")]
    Host(Box<str>),
}

/// Finds out where the tree of a group is. `extensions` are those of its
/// GroupContext, and `hub_domain` is the domain of the room's URI.
///
/// Hosts are compared octet by octet. A subdomain of a listed one is another
/// host.
///
/// # Errors
/// When the tree is to be fetched and the URL is not one of the group's.
pub fn resolve(
    option: &RatchetTreeOption,
    extensions: &[Extension],
    hub_domain: &str,
) -> Result<TreeSource, TreeRefusal> {
    match option {
        RatchetTreeOption::Full(tree) => Ok(TreeSource::Inline(tree.clone())),
        RatchetTreeOption::HttpsUri { url, .. } => {
            let url = HttpsUrl::parse(url).map_err(TreeRefusal::Url)?;
            let listed = match source_domains(extensions)? {
                Some(list) => list.domains.iter().any(|d| d.as_str() == url.host()),
                None => url.host() == hub_domain,
            };
            if !listed {
                return Err(TreeRefusal::Host(url.host().into()));
            }
            Ok(TreeSource::Fetch(url))
        }
        RatchetTreeOption::OutOfBand { .. } => Ok(TreeSource::OutOfBand),
        RatchetTreeOption::DistributionService => Ok(TreeSource::DistributionService),
    }
}

fn source_domains(extensions: &[Extension]) -> Result<Option<DomainList>, TreeRefusal> {
    let mut lists = extensions
        .iter()
        .filter(|e| e.extension_type == ExtensionType::RATCHET_TREE_SOURCE_DOMAINS);
    let list = lists.next();
    if lists.next().is_some() {
        return Err(TreeRefusal::DomainsTwice);
    }
    list.map(|list| DomainList::from_bytes(&list.data))
        .transpose()
        .map_err(TreeRefusal::Domains)
}

/// Why fetched octets are no tree.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FetchedTreeError {
    /// There are more than [`MAX_TREE_LEN`].
    #[error("the fetched tree has {0} octets, more than {MAX_TREE_LEN}")]
    TooLong(usize),
    /// They are something else.
    #[error("what was fetched is no ratchet tree: {0}")]
    Malformed(#[from] DecodeError),
}

/// Reads what was found at the URL: the data of the extension `ratchet_tree`
/// (RFC 9420 §12.4.3.3), with its length in front, and nothing else.
///
/// # Errors
/// When there is too much, or anything else.
pub fn read_fetched(octets: &Bytes) -> Result<RatchetTree, FetchedTreeError> {
    if octets.len() > MAX_TREE_LEN {
        return Err(FetchedTreeError::TooLong(octets.len()));
    }
    Ok(RatchetTree::from_bytes(octets)?)
}
