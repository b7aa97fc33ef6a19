//! MLS objects as octets whose extent is checked.
//!
//! PROTO embeds MLS structures without a length of their own, so to find the
//! end of one is to read it. This module reads RFC 9420 and EXT down to the
//! last field, keeps the octets exactly as they came, and offers what servers
//! need to see: a message's clear [`MlsHeader`], whom a [`Welcome`] invites,
//! what a [`KeyPackage`] supports and how long it lives. It verifies no
//! signature and knows no group.
//!
//! Three things cannot be passed over, for want of a length, and are errors
//! that name the number: a credential other than basic, X.509 and pseudonymous,
//! a proposal of an unknown type, an unknown wire format.

mod codes;
mod exact;
mod ext;
mod framed;
mod leaf;
mod message;
mod objects;
mod semiprivate;
mod walk;

pub use codes::{CredentialType, ExtensionType, GREASE, ProposalType, ProtocolVersion, WireFormat};
pub use exact::Exact;
pub use ext::{
    AppAck, AppDataUpdate, AppDataUpdateOperation, AppEphemeral, ComponentOperationLabel,
    MessageRange, WireFormats,
};
pub use framed::{
    Commit, CommitView, FramedContentAuthData, FramedContentTbs, Handshake, HandshakeType,
    Proposal, ProposalView, SenderData,
};
pub use leaf::{
    Capabilities, Extension, ExternalSender, LeafNode, LeafNodeSource, RequiredCapabilities,
};
pub use message::{
    ApplicationMessage, CommitMessage, ContentType, MlsContent, MlsHeader, MlsMessage,
    ProposalMessage, Sender, WrongMessage,
};
pub use mimi_franking::{
    CipherSuite, Credential, IdentityLinkTbe, PseudonymousCredential, PseudonymousCredentialTbs,
};
pub use objects::{
    GroupContext, GroupContextView, GroupInfo, GroupInfoView, HpkeCiphertext, KeyPackage,
    KeyPackageView, RatchetTree, RatchetTreeView, Welcome, WelcomeView,
};
pub use semiprivate::{
    ExternalReceiver, ExternalReceivers, KeyForExternalReceiver, PerMessageKeyAndNonces,
    SemiPrivateContentAad, SemiPrivateMessage, SemiPrivateMessageContent,
    SemiPrivateMessageContext,
};

pub(super) use leaf::unknown;
pub(super) use message::{Relayed, encode_welcome};
