//! What can be wrong with a SemiPrivateMessage.

use mimi_content::tls::{DecodeError, EncodeError};

use crate::wire::mls::CipherSuite;

/// Why a message could not be sealed or opened. Says nothing about keys or
/// content.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SemiPrivateError {
    /// The crypto provider lacks the group's suite.
    #[error("cipher suite {0} is not supported")]
    Suite(CipherSuite),
    /// The key is none of the suite's AEAD.
    #[error("a key of {found} octets where the suite has {expected}")]
    KeyLength {
        /// What it has.
        found: usize,
        /// What the suite demands.
        expected: usize,
    },
    /// The nonce is none of the suite's AEAD.
    #[error("a nonce of {found} octets where the suite has {expected}")]
    NonceLength {
        /// What it has.
        found: usize,
        /// What the suite demands.
        expected: usize,
    },
    /// The crypto provider cannot hash.
    #[error("the crypto provider lacks the suite's hash")]
    Hash,
    /// A field is too long to be encoded.
    #[error(transparent)]
    TooLong(#[from] EncodeError),

    /// Sealing: what the context says of external receivers or wire formats is
    /// malformed, or it lists too many receivers, or one twice.
    #[error("the group context is malformed: {0}")]
    Context(DecodeError),
    /// Sealing: not every member can read it (SEMI, "Syntax and Usage").
    #[error("the group does not require mls_semiprivate_message (SEMI, Syntax and Usage)")]
    NotRequired,
    /// Sealing: nobody is there to read it (SEMI, "Syntax and Usage").
    #[error("the group has no external receivers (SEMI, Syntax and Usage)")]
    NoReceivers,
    /// Sealing: a receiver's public key cannot be used.
    #[error("the key of the external receiver at index {0} cannot be used")]
    ReceiverKey(usize),
    /// Sealing: a commit without a confirmation tag, or a proposal with one.
    #[error("a commit has a confirmation tag, and a proposal none (RFC 9420 §6.1)")]
    ConfirmationTag,
    /// Sealing: the keys are of another sender than the content.
    #[error("the content is of leaf {content}, and the keys of leaf {keys}")]
    Sender {
        /// The leaf in the content.
        content: u32,
        /// The leaf with the keys.
        keys: u32,
    },
    /// Sealing: no sender data can be made with this `sender_data_secret`.
    #[error("the sender data cannot be encrypted")]
    SenderDataSecret,
    /// Sealing: the crypto provider failed.
    #[error("the crypto provider cannot encrypt")]
    Encrypt,

    /// Opening sender data: it is of another epoch or ciphertext.
    #[error("the sender data does not open")]
    SenderData,
    /// Opening sender data: it opened to something else.
    #[error("the sender data is malformed: {0}")]
    MalformedSenderData(DecodeError),
    /// Opening keys: none are for this receiver.
    #[error("the message is not addressed to this external receiver")]
    NotAddressed,
    /// Opening keys: which of them count would be the sender's choice.
    #[error("the message names this external receiver twice")]
    AddressedTwice,
    /// Opening keys: they were sealed to another key, or for another group, epoch,
    /// sender or nonce.
    #[error("the keys for this external receiver do not open")]
    Keys,
    /// Opening keys: they opened to something else.
    #[error("the keys for this external receiver are malformed: {0}")]
    MalformedKeys(DecodeError),
    /// Sender and nonce are not those that the message was made with.
    #[error("the partial context hash is not that of sender and nonce")]
    PartialContextHash,
    /// The message is of another group than the context.
    #[error("the message is of another group")]
    Group,
    /// The message is of another epoch than the context.
    #[error("the message is of epoch {message}, and the group context of {context}")]
    Epoch {
        /// The message's.
        message: u64,
        /// The context's.
        context: u64,
    },
    /// The ciphertext was made with other keys, or what is in clear was altered.
    #[error("the ciphertext does not open")]
    Ciphertext,
    /// The ciphertext opened to something else.
    #[error("the content is malformed: {0}")]
    Content(DecodeError),
    /// The padding is not all zeros.
    #[error("the padding is not zero (RFC 9420 §6.3.1)")]
    Padding,
    /// Others may have been shown another content.
    #[error("the content is not the one that framed_content_tbs_hash names")]
    TbsHash,
    /// The sender has not signed the content in this state of the group.
    #[error("the sender's signature does not verify")]
    Signature,
}
