//! A room at `hub.example` whose hub franks, and messages sent in it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use mimi_content::media::{MediaType, MediaTypeList};
use mimi_content::tls::Encode;
use mimi_content::{MimiContent, MimiUri, NestedPart, Salt, Timestamp};
use mimi_franking::{
    AbuseReport, AbuseType, AbusiveMessage, Accepted, Agent, CipherSuite, Delivery, Evidence,
    Fault, Framing, Frank, Franking, FrankingAgent, FrankingTag, HubFranker, HubKey, HubKeyRing,
    Judged, Plaintext, ReportFault, ServerFrankingContext, commit_content, dispute, verify,
};
use openmls_basic_credential::SignatureKeyPair;
use openmls_rust_crypto::OpenMlsRustCrypto;
use openmls_traits::OpenMlsProvider;
use openmls_traits::signatures::{Signer, SignerError};
use openmls_traits::types::{Ciphersuite, SignatureScheme};

pub(crate) const ED25519: Ciphersuite = Ciphersuite::MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519;
pub(crate) const P256: Ciphersuite = Ciphersuite::MLS_128_DHKEMP256_AES128GCM_SHA256_P256;
pub(crate) const P384: Ciphersuite = Ciphersuite::MLS_256_DHKEMP384_AES256GCM_SHA384_P384;

pub(crate) fn uri(text: &str) -> MimiUri {
    MimiUri::parse(text).unwrap()
}

pub(crate) fn at(millis: u64) -> Timestamp {
    Timestamp::from_millis(millis)
}

/// A message on its way to a receiver, with what the hub added.
#[derive(Clone)]
pub(crate) struct Sent {
    pub(crate) data: Vec<u8>,
    pub(crate) tag: FrankingTag,
    pub(crate) frank: Frank,
    pub(crate) accepted: Timestamp,
}

/// The hub's keys, and what members know of the room.
pub(crate) struct Scene {
    pub(crate) provider: OpenMlsRustCrypto,
    pub(crate) franker: HubFranker,
    pub(crate) suite: CipherSuite,
    /// As the GroupContext has it.
    pub(crate) agent: FrankingAgent,
    pub(crate) certified_agent: Option<MimiUri>,
    /// The `content_media_types` of the GroupContext.
    pub(crate) media_types: Option<MediaTypeList>,
    /// When the last message was accepted that the receiver has.
    pub(crate) after: Option<Timestamp>,
    pub(crate) alice: MimiUri,
    pub(crate) bob: MimiUri,
    pub(crate) room: MimiUri,
}

/// An agent of `hub.example` with a new key.
pub(crate) fn agent(suite: Ciphersuite) -> Agent {
    let signer = SignatureKeyPair::new(suite.signature_algorithm()).unwrap();
    let data = FrankingAgent::basic(signer.to_public_vec(), &uri("mimi://hub.example"));
    let crypto = OpenMlsRustCrypto::default();
    Agent::new(data, Arc::new(signer), crypto.crypto()).unwrap()
}

/// A ring of one key, `[1; 32]`, called `first`.
pub(crate) fn ring() -> HubKeyRing {
    HubKeyRing::new("first", HubKey::from_bytes(&[1; 32]), at(1_000))
}

impl Scene {
    pub(crate) fn new() -> Self {
        Self::of_suite(ED25519)
    }

    pub(crate) fn of_suite(suite: Ciphersuite) -> Self {
        let agent = agent(suite);
        Scene {
            provider: OpenMlsRustCrypto::default(),
            suite: suite.into(),
            agent: agent.data().clone(),
            certified_agent: None,
            franker: HubFranker::new(ring(), agent),
            media_types: None,
            after: None,
            alice: uri("mimi://a.example/u/alice"),
            bob: uri("mimi://b.example/u/bob"),
            room: uri("mimi://hub.example/r/clubhouse"),
        }
    }

    /// The same room, in a group that frames its application data.
    pub(crate) fn framed() -> Self {
        let types = vec![
            MediaType::new("text/plain"),
            MediaType::new("application/mimi-content"),
        ];
        Scene {
            media_types: Some(MediaTypeList(types)),
            ..Scene::new()
        }
    }

    /// The scene with another room of the same hub.
    pub(crate) fn elsewhere(self) -> Self {
        Scene {
            room: uri("mimi://hub.example/r/cellar"),
            ..self
        }
    }

    pub(crate) fn framing(&self) -> Framing<'_> {
        Framing::of(self.media_types.as_ref())
    }

    /// What `sender` writes into the room.
    pub(crate) fn content(&self, sender: &MimiUri, text: &str) -> MimiContent<'static> {
        let salt = Salt::new([text.len().try_into().unwrap(); 16]);
        let mut content = MimiContent::new(salt, NestedPart::plain(text.to_owned()));
        content.extensions.set_sender_uri(sender);
        content.extensions.set_room_uri(&self.room);
        content
    }

    /// An honest sender and an honest hub.
    pub(crate) fn send(&self, sender: &MimiUri, text: &str, accepted: u64) -> Sent {
        let content = self.content(sender, text);
        let (data, tag) = commit_content(&content, self.framing(), sender, &self.room).unwrap();
        self.accept(data, tag, sender, accepted)
    }

    /// Application data made by a sender who checks nothing, with the tag that fits
    /// it.
    pub(crate) fn write(&self, content: &MimiContent<'_>) -> (Vec<u8>, FrankingTag) {
        let data = self.framing().frame(content.encode()).unwrap();
        let tag = Plaintext::decode(&data, self.framing())
            .unwrap()
            .opening()
            .tag();
        (data, tag)
    }

    /// An honest hub that is told `sender`, whatever the message says.
    pub(crate) fn accept(
        &self,
        data: Vec<u8>,
        tag: FrankingTag,
        sender: &MimiUri,
        accepted: u64,
    ) -> Sent {
        match self.frank(&tag.0, sender, accepted).unwrap() {
            Franking::Franked(frank) => Sent {
                data,
                tag,
                frank,
                accepted: at(accepted),
            },
            Franking::Unfranked(why) => panic!("{why}"),
        }
    }

    /// What the hub makes of a message with this tag.
    pub(crate) fn frank(
        &self,
        tag: &[u8],
        sender: &MimiUri,
        accepted: u64,
    ) -> Result<Franking, mimi_franking::FrankError> {
        self.franker.frank(&Accepted {
            frank_aad: Some(tag),
            franking_agent: Some(&self.agent.to_vec().unwrap()),
            sender,
            room: &self.room,
            accepted_timestamp: at(accepted),
            ciphersuite: self.suite,
        })
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
        self.check(sent, sender, |delivery| {
            verify(delivery, self.provider.crypto())
        })
    }

    /// A receiver that has found the tag not to fit.
    pub(crate) fn dispute(&self, sent: &Sent, sender: &MimiUri) -> Result<Evidence, Fault> {
        self.check(sent, sender, |delivery| {
            dispute(delivery, self.provider.crypto())
        })
    }

    fn check<T>(&self, sent: &Sent, sender: &MimiUri, check: impl FnOnce(&Delivery<'_>) -> T) -> T {
        let text = Plaintext::decode(&sent.data, self.framing()).unwrap();
        check(&Delivery {
            tag: &sent.tag,
            frank: &sent.frank,
            accepted_timestamp: sent.accepted,
            after: self.after,
            opening: text.opening(),
            sender,
            room: &self.room,
            group_ciphersuite: self.suite,
            agent: &self.agent,
            certified_agent: self.certified_agent.as_ref(),
        })
    }

    /// A message of Alice, accepted at 2000, as Bob reports it.
    pub(crate) fn reported(&self) -> AbusiveMessage {
        let sent = self.send(&self.alice, "hello", 2_000);
        let evidence = self.receive(&sent, &self.alice).unwrap();
        evidence.to_abusive_message()
    }

    /// The hub's verdict on a message that Alice is accused of.
    pub(crate) fn judge(&self, message: &AbusiveMessage) -> Result<String, ReportFault> {
        self.judge_against(message, &self.alice)
    }

    pub(crate) fn judge_against(
        &self,
        message: &AbusiveMessage,
        accused: &MimiUri,
    ) -> Result<String, ReportFault> {
        let report = self.report(accused, vec![message.clone()]);
        self.judge_all(&report).remove(0).result
    }

    pub(crate) fn judge_all(&self, report: &AbuseReport) -> Vec<Judged> {
        let crypto = self.provider.crypto();
        self.franker
            .judge(report, &self.room, self.framing(), crypto)
    }

    /// A report by Bob.
    pub(crate) fn report(&self, accused: &MimiUri, messages: Vec<AbusiveMessage>) -> AbuseReport {
        AbuseReport {
            reporting_user: Some(self.bob.clone()),
            alleged_abuser: accused.clone(),
            reason: AbuseType::RESERVED,
            note: String::new(),
            messages,
            extensions: mimi_content::component::ComponentMap::new(),
        }
    }
}

/// The message with another content in its place.
pub(crate) fn with_content(message: &AbusiveMessage, data: Vec<u8>) -> AbusiveMessage {
    AbusiveMessage {
        message_content: data.into(),
        ..message.clone()
    }
}

/// A signer that signs so many times and no more.
pub(crate) struct Wearing(pub(crate) SignatureKeyPair, pub(crate) AtomicUsize);

impl Signer for Wearing {
    fn sign(&self, payload: &[u8]) -> Result<Vec<u8>, SignerError> {
        let left = self.1.load(Ordering::Relaxed).checked_sub(1);
        self.1
            .store(left.ok_or(SignerError::SigningError)?, Ordering::Relaxed);
        self.0.sign(payload)
    }

    fn signature_scheme(&self) -> SignatureScheme {
        self.0.signature_scheme()
    }
}
