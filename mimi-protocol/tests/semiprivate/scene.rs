//! A group with Alice at leaf 3, and two external receivers: the hub and an
//! archive.

use bytes::Bytes;
use mimi_content::component::{ComponentId, ComponentMap};
use mimi_protocol::labels::sign_with_label;
use mimi_protocol::semiprivate::{
    AuthenticatedContent, MemberSecrets, SemiPrivateError, open, open_keys, open_sender_data, seal,
};
use mimi_protocol::wire::mls::*;
use mimi_protocol::wire::{Decode, Encode};
use openmls_basic_credential::SignatureKeyPair;
use openmls_rust_crypto::RustCrypto;
use openmls_traits::crypto::OpenMlsCrypto;
use openmls_traits::types::Ciphersuite;
use zeroize::Zeroizing;

pub const SUITE: Ciphersuite = Ciphersuite::MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519;
pub const SUITES: [Ciphersuite; 3] = [
    SUITE,
    Ciphersuite::MLS_128_DHKEMP256_AES128GCM_SHA256_P256,
    Ciphersuite::MLS_128_DHKEMX25519_CHACHA20POLY1305_SHA256_Ed25519,
];
pub const ALICE: u32 = 3;
pub const GENERATION: u32 = 9;
pub const SENDER_DATA_SECRET: [u8; 32] = [0xdd; 32];
pub const PADDING: u16 = 21;

pub struct Receiver {
    pub entry: ExternalReceiver,
    pub private: Vec<u8>,
}

pub struct Scene {
    pub crypto: RustCrypto,
    pub suite: Ciphersuite,
    pub alice: SignatureKeyPair,
    pub hub: Receiver,
    pub archive: Receiver,
    pub context: GroupContext,
}

pub fn receiver(crypto: &RustCrypto, suite: Ciphersuite, name: &str, seed: u8) -> Receiver {
    let keys = crypto.derive_hpke_keypair(suite.hpke_config(), &[seed; 32]);
    let keys = keys.unwrap();
    Receiver {
        entry: ExternalReceiver {
            public_key: keys.public.into(),
            credential: Credential::Basic(Bytes::copy_from_slice(name.as_bytes())),
        },
        private: keys.private.to_vec(),
    }
}

/// A GroupContext that lists these receivers and requires the wire format.
pub fn context(suite: Ciphersuite, receivers: &[&ExternalReceiver]) -> GroupContextView {
    let all = receivers.iter().map(|receiver| (*receiver).clone());
    let all = ExternalReceivers(all.collect()).to_vec().unwrap();
    with_component(suite, all)
}

/// The same with any value of `external_receivers`.
pub fn with_component(suite: Ciphersuite, value: Vec<u8>) -> GroupContextView {
    let dictionary: ComponentMap = [(ComponentId::EXTERNAL_RECEIVERS, value)]
        .into_iter()
        .collect();
    let formats = WireFormats(vec![WireFormat(0x0a0a), WireFormat::SEMIPRIVATE_MESSAGE]);
    let extension = |extension_type, data: Vec<u8>| Extension {
        extension_type,
        data: data.into(),
    };
    GroupContextView {
        cipher_suite: suite.into(),
        group_id: Bytes::from_static(b"clubhouse"),
        epoch: 7,
        tree_hash: Bytes::from_static(b"tree"),
        confirmed_transcript_hash: Bytes::from_static(b"transcript"),
        extensions: vec![
            extension(
                ExtensionType::REQUIRED_WIRE_FORMATS,
                formats.to_vec().unwrap(),
            ),
            extension(
                ExtensionType::APP_DATA_DICTIONARY,
                dictionary.to_vec().unwrap(),
            ),
        ],
    }
}

/// To remove leaf 5.
pub fn proposal() -> Handshake {
    Handshake::Proposal(Proposal::from_slice(&[0, 3, 0, 0, 0, 5]).unwrap())
}

/// Of one proposal by reference, without a path.
pub fn commit() -> Handshake {
    Handshake::Commit(Commit::from_slice(b"\x05\x02\x03ref\x00").unwrap())
}

impl Scene {
    pub fn new(suite: Ciphersuite) -> Self {
        let crypto = RustCrypto::default();
        let hub = receiver(&crypto, suite, "mimi://hub.example", 1);
        let archive = receiver(&crypto, suite, "mimi://archive.example", 2);
        let context = context(suite, &[&hub.entry, &archive.entry]);
        Scene {
            alice: SignatureKeyPair::new(suite.signature_algorithm()).unwrap(),
            context: context.assemble().unwrap(),
            crypto,
            suite,
            hub,
            archive,
        }
    }

    pub fn keys(&self) -> PerMessageKeyAndNonces {
        let ratchet = |len| Zeroizing::new((0..).take(len).collect());
        PerMessageKeyAndNonces {
            key: ratchet(self.suite.aead_key_length()),
            nonce: ratchet(self.suite.aead_nonce_length()),
            reuse_guard: [0xa1, 0xb2, 0xc3, 0xd4],
            sender_leaf_index: ALICE,
        }
    }

    /// What Alice would sign.
    pub fn tbs(&self, content: Handshake) -> FramedContentTbs {
        FramedContentTbs {
            context: self.context.clone(),
            sender_leaf_index: ALICE,
            authenticated_data: Bytes::from_static(b"\x00"),
            content,
        }
    }

    pub fn sign(&self, tbs: FramedContentTbs) -> AuthenticatedContent {
        let label = FramedContentTbs::LABEL;
        let signature = sign_with_label(&self.alice, label, &tbs.to_vec().unwrap()).unwrap();
        let is_commit = tbs.content.content_type() == HandshakeType::Commit;
        let auth = FramedContentAuthData {
            signature: signature.into(),
            confirmation_tag: is_commit.then(|| Bytes::from_static(b"tag")),
        };
        AuthenticatedContent { tbs, auth }
    }

    pub fn signed(&self, content: Handshake) -> AuthenticatedContent {
        self.sign(self.tbs(content))
    }

    pub fn try_seal(
        &self,
        content: &AuthenticatedContent,
    ) -> Result<SemiPrivateMessage, SemiPrivateError> {
        seal(&self.crypto, content, &self.keys(), &MEMBER, PADDING)
    }

    /// An honest message.
    pub fn message(&self, content: Handshake) -> SemiPrivateMessage {
        self.try_seal(&self.signed(content)).unwrap()
    }

    /// As an external receiver.
    pub fn read_as(
        &self,
        receiver: &Receiver,
        message: &SemiPrivateMessage,
    ) -> Result<AuthenticatedContent, SemiPrivateError> {
        let keys = self.keys_of(receiver, message)?;
        open(
            &self.crypto,
            &self.context,
            &keys,
            self.alice.public(),
            message,
        )
    }

    pub fn keys_of(
        &self,
        receiver: &Receiver,
        message: &SemiPrivateMessage,
    ) -> Result<PerMessageKeyAndNonces, SemiPrivateError> {
        let Receiver { entry, private } = receiver;
        open_keys(&self.crypto, self.suite, entry, private, message)
    }

    /// As a member, whose ratchet has [`Scene::keys`] for Alice.
    pub fn read(
        &self,
        message: &SemiPrivateMessage,
    ) -> Result<AuthenticatedContent, SemiPrivateError> {
        let secret = &SENDER_DATA_SECRET;
        let sender = open_sender_data(&self.crypto, self.suite, secret, message)?;
        assert_eq!(sender.generation, GENERATION);
        let keys = PerMessageKeyAndNonces {
            reuse_guard: sender.reuse_guard,
            sender_leaf_index: sender.leaf_index,
            ..self.keys()
        };
        self.open(&keys, message)
    }

    pub fn open(
        &self,
        keys: &PerMessageKeyAndNonces,
        message: &SemiPrivateMessage,
    ) -> Result<AuthenticatedContent, SemiPrivateError> {
        open(
            &self.crypto,
            &self.context,
            keys,
            self.alice.public(),
            message,
        )
    }

    /// The nonce that the AEAD gets, guarded by hand.
    pub fn nonce(&self) -> Vec<u8> {
        let keys = self.keys();
        let mut nonce = keys.nonce.to_vec();
        for (octet, guard) in nonce.iter_mut().zip(keys.reuse_guard) {
            *octet ^= guard;
        }
        nonce
    }

    pub fn hash(&self, octets: &[u8]) -> Bytes {
        let hash = self.crypto.hash(self.suite.hash_algorithm(), octets);
        hash.unwrap().into()
    }
}

pub const MEMBER: MemberSecrets<'static> = MemberSecrets {
    generation: GENERATION,
    sender_data_secret: &SENDER_DATA_SECRET,
};
