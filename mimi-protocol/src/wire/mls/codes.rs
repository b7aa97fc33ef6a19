//! Open code points of MLS: unknown numbers are kept (RFC 9420 §17).

use std::fmt;

use mimi_content::tls::{Decode, DecodeError, Encode, Reader, Writer};

/// Numbers that no cipher suite, extension, proposal or credential will ever
/// have (RFC 9420 §13.5). A client puts some of them into its capabilities and
/// the extensions of its LeafNode, KeyPackage and GroupInfo, so that nobody
/// comes to rely on knowing them all.
///
/// Only senders need them: who receives one treats it as any number that it
/// does not know. Lists keep it. As the type of a proposal or a credential it is
/// a decode error, and the RFC forbids it there.
pub const GREASE: [u16; 15] = [
    0x0a0a, 0x1a1a, 0x2a2a, 0x3a3a, 0x4a4a, 0x5a5a, 0x6a6a, 0x7a7a, 0x8a8a, 0x9a9a, 0xaaaa, 0xbaba,
    0xcaca, 0xdada, 0xeaea,
];

macro_rules! open_codes {
    ($(
        $(#[$doc:meta])* $name:ident {
            $($(#[$vdoc:meta])* $code:ident = $value:literal,)*
        }
    )*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u16);

        impl $name {
            $($(#[$vdoc])* pub const $code: $name = $name($value);)*
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self.0 {
                    $($value => f.write_str(stringify!($code)),)*
                    other => write!(f, "{}({other:#06x})", stringify!($name)),
                }
            }
        }

        impl Encode for $name {
            fn encode(&self, w: &mut Writer) {
                w.u16(self.0);
            }
        }

        impl Decode for $name {
            fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
                r.u16().map($name)
            }
        }
    )*};
}

open_codes! {
    /// Version of the MLS protocol (RFC 9420 §6).
    ProtocolVersion {
        /// MLS 1.0, the only one there is.
        MLS10 = 0x0001,
    }

    /// What an `MLSMessage` holds (RFC 9420 §17.2).
    WireFormat {
        /// A signed message in clear.
        PUBLIC_MESSAGE = 0x0001,
        /// An encrypted message.
        PRIVATE_MESSAGE = 0x0002,
        /// An invitation for new members.
        WELCOME = 0x0003,
        /// The public state of a group.
        GROUP_INFO = 0x0004,
        /// A client's published keys.
        KEY_PACKAGE = 0x0005,
        /// `mls_semiprivate_message` (SEMI): no draft assigns a number, this
        /// one is for private use.
        SEMIPRIVATE_MESSAGE = 0xf0a1,
    }

    /// Type of an extension (RFC 9420 §17.3).
    ExtensionType {
        /// Identifier of a leaf, of the application's own (RFC 9420 §5.3.3).
        APPLICATION_ID = 0x0001,
        /// The whole tree (RFC 9420 §12.4.3.3).
        RATCHET_TREE = 0x0002,
        /// What members must support (RFC 9420 §11.1).
        REQUIRED_CAPABILITIES = 0x0003,
        /// Key for external commits (RFC 9420 §12.4.3.2).
        EXTERNAL_PUB = 0x0004,
        /// Who may propose from outside (RFC 9420 §12.1.8.1).
        EXTERNAL_SENDERS = 0x0005,
        /// Values of application components (EXT, IANA section).
        APP_DATA_DICTIONARY = 0x0006,
        /// Wire formats a client supports (EXT, IANA section).
        SUPPORTED_WIRE_FORMATS = 0x0007,
        /// Wire formats a group requires (EXT, IANA section).
        REQUIRED_WIRE_FORMATS = 0x0008,
        /// `ratchet_tree_source_domains` (TREE): no draft assigns a number,
        /// this one is for private use.
        RATCHET_TREE_SOURCE_DOMAINS = 0xf0a3,
    }

    /// Type of a proposal (RFC 9420 §17.4).
    ProposalType {
        /// Adds a member.
        ADD = 0x0001,
        /// Updates the sender's leaf.
        UPDATE = 0x0002,
        /// Removes a member.
        REMOVE = 0x0003,
        /// Injects a pre-shared key.
        PSK = 0x0004,
        /// Restarts the group with other parameters.
        REINIT = 0x0005,
        /// Part of an external commit.
        EXTERNAL_INIT = 0x0006,
        /// Replaces the group context's extensions.
        GROUP_CONTEXT_EXTENSIONS = 0x0007,
        /// Changes the value of a component (EXT, "Updating Application Data
        /// in the GroupContext").
        APP_DATA_UPDATE = 0x0008,
        /// Attaches data to a commit (EXT, "Attaching Application Data to a
        /// Commit").
        APP_EPHEMERAL = 0x0009,
        /// The sender leaves (EXT, "SelfRemove Proposal").
        SELF_REMOVE = 0x000a,
    }

    /// Type of a credential (RFC 9420 §17.5).
    CredentialType {
        /// A bare identity.
        BASIC = 0x0001,
        /// A chain of certificates.
        X509 = 0x0002,
        /// `multi` (EXT, "Multi-Credentials").
        MULTI = 0x0003,
        /// `weak-multi` (EXT, "Multi-Credentials").
        WEAK_MULTI = 0x0004,
        /// `PseudonymousCredential` (PROTO, "Credential encryption"): no draft
        /// assigns a number, this one is for private use.
        PSEUDONYMOUS = 0xf0a2,
    }
}
