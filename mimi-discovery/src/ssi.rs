//! Commitments to an account.
//!
//! A holder who does not want all the world to read an account name in the mapping puts
//! a commitment there and gives the opening to the messaging provider. A sender asks the
//! provider who the account is and checks the answer: the provider cannot slip in
//! another account, and whoever reads the mapping cannot try names against it.
//!
//! ```
//! use mimi_content::MimiUri;
//! use mimi_discovery::wire::{Salt, SsiOpening};
//! use mimi_discovery::{Domain, ssi};
//!
//! let opening = SsiOpening {
//!     salt: Salt([7; 16]), // 16 octets of the host's randomness
//!     uri: MimiUri::parse("mimi://a.example/u/alice")?,
//! };
//! let commitment = ssi::commit(&opening);
//!
//! let provider = Domain::parse("a.example")?;
//! let account = ssi::open(&commitment, &opening, &provider)?;
//! assert_eq!(account.as_str(), "mimi://a.example/u/alice");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use mimi_content::MimiUri;
use sha2::{Digest as _, Sha256};

use crate::Domain;
use crate::wire::{Digest, SsiOpening};

const LABEL: &[u8] = b"MIMI Discovery 1.0 SsiCommitment";

/// SHA-256 over a label, the salt and the URI. The salt comes from randomness and is used
/// once.
#[must_use]
pub fn commit(opening: &SsiOpening) -> Digest {
    let hash = Sha256::new()
        .chain_update(LABEL)
        .chain_update(opening.salt.0)
        .chain_update(opening.uri.as_str());
    Digest(hash.finalize().into())
}

/// The account, if the opening is that of the commitment and the account is at
/// `provider`, the one of the mapping.
///
/// # Errors
/// When it is not.
pub fn open<'a>(
    commitment: &Digest,
    opening: &'a SsiOpening,
    provider: &Domain,
) -> Result<&'a MimiUri, OpenError> {
    if commit(opening) != *commitment {
        return Err(OpenError::OtherAccount);
    }
    if opening.uri.domain() != provider.as_str() {
        return Err(OpenError::OtherProvider);
    }
    Ok(&opening.uri)
}

/// Why an opening is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The provider named another account than the holder did, or another salt.
    #[error("the commitment is not to this account")]
    OtherAccount,
    /// The holder committed to an account elsewhere.
    #[error("the account is not of the provider in the mapping")]
    OtherProvider,
}
