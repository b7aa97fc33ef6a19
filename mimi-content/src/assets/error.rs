use super::MAX_SEALED_LEN;

/// Why content was not sealed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SealError {
    /// RFC 5116, "AEAD_AES_128_GCM": there is a longest plaintext.
    #[error("{len} octets are more than the {MAX_SEALED_LEN} that AES-GCM encrypts at once")]
    TooLong {
        /// Octets of the content.
        len: u64,
    },
}

/// Why content outside of a message is not given out. The texts tell nothing of
/// the content, where it is or its key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AssetError {
    /// CONTENT, "External content": the content is invalid after that time.
    #[error("the content was valid until {at} seconds after the Unix epoch")]
    Expired {
        /// In seconds since the Unix epoch.
        at: u32,
    },
    /// There are, or are said to be, more octets than the caller takes (CONTENT,
    /// "General handling": too large, by local policy).
    #[error("{size} octets are more than {max}")]
    TooLarge {
        /// Octets at the URL.
        size: u64,
        /// Octets that the caller takes.
        max: u64,
    },
    /// CONTENT, "MIMI Required and Recommended media types": clients download
    /// from `http` and `https` URLs.
    #[error("the URL is no http or https URL with a host")]
    Url,
    /// CONTENT, "External content": the AEAD algorithm is not one that this
    /// crate knows. The content may be fine.
    #[error("the content is encrypted with AEAD algorithm {0}, which is not known")]
    EncAlg(u16),
    /// CONTENT, "External content": a field does not fit the algorithm that it
    /// is for; without an algorithm it is empty.
    #[error("{field} has {found} octets, not {expected}")]
    Length {
        /// `key`, `nonce`, `aad` or `contentHash`.
        field: &'static str,
        /// Octets that it should have.
        expected: usize,
        /// Octets that it has.
        found: usize,
    },
    /// CONTENT, "External content": the content is not encrypted, and its hash
    /// is missing or not one that this crate knows.
    #[error("nothing verifies the content: no encryption, and hash algorithm {hash_alg}")]
    Unverifiable {
        /// The number of the hash algorithm, 0 for none.
        hash_alg: u8,
    },
    /// CONTENT, "External content": the octets are not as many as the part says.
    #[error("there are {found} octets, not {expected}")]
    Size {
        /// Octets that there should be.
        expected: u64,
        /// Octets that there are.
        found: u64,
    },
    /// CONTENT, "External content": the octets have another hash.
    #[error("the octets have another hash than the message says")]
    Hash,
    /// RFC 5116, "Authenticated Decryption": the octets were not encrypted with
    /// this key, nonce and additional data, or were changed since.
    #[error("the octets are not authentic")]
    Unauthentic,
}
