//! A room at `hub.example` whose hub franks, and messages sent in it.

use mimi_content::{MimiUri, Timestamp};
use mimi_franking::{
    AbusiveMessage, AgentKey, CipherSuite, Delivery, Evidence, Fault, Frank, FrankingAgent,
    FrankingTag, HubKey, HubKeyRing, Opening, ReportFault, ServerFrankingContext, commit, validate,
    verify,
};
use openmls_basic_credential::SignatureKeyPair;
use openmls_rust_crypto::OpenMlsRustCrypto;
use openmls_traits::OpenMlsProvider;
use openmls_traits::signatures::Signer;
use openmls_traits::types::{Ciphersuite, SignatureScheme};

pub(crate) const ED25519: Ciphersuite = Ciphersuite::MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519;
pub(crate) const P256: Ciphersuite = Ciphersuite::MLS_128_DHKEMP256_AES128GCM_SHA256_P256;

pub(crate) fn uri(text: &str) -> MimiUri {
    MimiUri::parse(text).unwrap()
}

pub(crate) fn at(millis: u64) -> Timestamp {
    Timestamp::from_millis(millis)
}

/// A message as its sender writes it.
#[derive(Clone)]
pub(crate) struct Message {
    pub(crate) data: Vec<u8>,
    pub(crate) salt: [u8; 16],
    pub(crate) sender: String,
    pub(crate) room: String,
}

impl Message {
    pub(crate) fn opening(&self) -> Opening<'_> {
        Opening {
            application_data: &self.data,
            salt: &self.salt,
            sender_uri: &self.sender,
            room_uri: &self.room,
        }
    }
}

/// A message on its way to a receiver, with what the hub added.
#[derive(Clone)]
pub(crate) struct Sent {
    pub(crate) message: Message,
    pub(crate) tag: FrankingTag,
    pub(crate) frank: Frank,
    pub(crate) accepted: Timestamp,
}

/// The hub's keys, and what members know of the room.
pub(crate) struct Scene {
    pub(crate) provider: OpenMlsRustCrypto,
    pub(crate) ring: HubKeyRing,
    pub(crate) signer: SignatureKeyPair,
    pub(crate) suite: CipherSuite,
    pub(crate) agent: FrankingAgent,
    pub(crate) certified_agent: Option<MimiUri>,
    pub(crate) alice: MimiUri,
    pub(crate) bob: MimiUri,
    pub(crate) room: MimiUri,
}

impl Scene {
    pub(crate) fn new() -> Self {
        Self::of_suite(ED25519)
    }

    pub(crate) fn of_suite(suite: Ciphersuite) -> Self {
        let signer = SignatureKeyPair::new(suite.signature_algorithm()).unwrap();
        Scene {
            provider: OpenMlsRustCrypto::default(),
            ring: HubKeyRing::new(HubKey::from_bytes([1; 32]), at(1_000)),
            suite: suite.into(),
            agent: FrankingAgent::basic(signer.to_public_vec(), &uri("mimi://hub.example")),
            certified_agent: None,
            signer,
            alice: uri("mimi://a.example/u/alice"),
            bob: uri("mimi://b.example/u/bob"),
            room: uri("mimi://hub.example/r/clubhouse"),
        }
    }

    /// What `sender` writes into the room.
    pub(crate) fn message(&self, sender: &MimiUri, text: &str) -> Message {
        let salt = [text.len().try_into().unwrap(); 16];
        Message {
            data: [&salt[..], text.as_bytes()].concat(),
            salt,
            sender: sender.to_string(),
            room: self.room.to_string(),
        }
    }

    /// An honest sender and an honest hub.
    pub(crate) fn send(&self, sender: &MimiUri, text: &str, accepted: u64) -> Sent {
        let message = self.message(sender, text);
        let tag = commit(&message.opening(), sender, &self.room).unwrap();
        self.accept(message, tag, sender, accepted)
    }

    /// An honest hub that is told `sender`, whatever the message says.
    pub(crate) fn accept(
        &self,
        message: Message,
        tag: FrankingTag,
        sender: &MimiUri,
        accepted: u64,
    ) -> Sent {
        let context = self.context(sender, accepted);
        let frank = self.ring.stamp(&tag, &context, self.suite, &self.signer);
        Sent {
            message,
            tag,
            frank: frank.unwrap(),
            accepted: at(accepted),
        }
    }

    pub(crate) fn context(&self, sender: &MimiUri, accepted: u64) -> ServerFrankingContext {
        ServerFrankingContext {
            sender_uri: sender.clone(),
            room_uri: self.room.clone(),
            accepted_timestamp: at(accepted),
        }
    }

    /// A receiver to whom MLS has shown that `sender`'s leaf sent it.
    pub(crate) fn receive(&self, sent: &Sent, sender: &MimiUri) -> Result<Evidence, Fault> {
        let delivery = Delivery {
            tag: &sent.tag,
            frank: &sent.frank,
            accepted_timestamp: sent.accepted,
            opening: sent.message.opening(),
            sender,
            room: &self.room,
            group_ciphersuite: self.suite,
            agent: &self.agent,
            certified_agent: self.certified_agent.as_ref(),
        };
        verify(&delivery, self.provider.crypto())
    }

    /// The hub's judgement of a reported message that opens like `message`.
    pub(crate) fn judge(
        &self,
        reported: &AbusiveMessage,
        message: &Message,
        alleged: &MimiUri,
    ) -> Result<(), ReportFault> {
        let opening = Opening {
            application_data: &reported.message_content,
            ..message.opening()
        };
        validate(
            reported,
            &opening,
            &self.room,
            alleged,
            &self.ring,
            &[self.agent_key()],
            self.provider.crypto(),
        )
    }

    pub(crate) fn agent_key(&self) -> AgentKey<'_> {
        AgentKey {
            scheme: self.scheme(),
            key: self.signer.public(),
        }
    }

    pub(crate) fn scheme(&self) -> SignatureScheme {
        Signer::signature_scheme(&self.signer)
    }
}
