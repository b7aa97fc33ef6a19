//! What the stories of a follower and of key material share: a host that
//! writes, crashes and restores, and wire objects made by hand.
#![allow(dead_code, unreachable_pub, reason = "no test file uses all of it")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "the helpers of a test fail as its body does"
)]

use bytes::Bytes;
use mimi_content::component::{ComponentId, ComponentMap};
use mimi_content::tls::{Encode, Writer, mls_label};
use mimi_content::{MimiUri, Timestamp};
use mimi_protocol::delivery::{Corrupt, Saved};
use mimi_protocol::engine::{Audit, BasicIdentity, Effect, Engine, Env, Output, Seq, Step};
use mimi_protocol::wire::mls::{
    Capabilities, CipherSuite, CredentialType, ExtensionType, KeyPackage, ProtocolVersion,
};
use openmls_rust_crypto::OpenMlsRustCrypto;
use openmls_traits::OpenMlsProvider;
use openmls_traits::crypto::OpenMlsCrypto;
use openmls_traits::types::SignatureScheme;
use serde::Serialize;
use serde::de::DeserializeOwned;

pub fn uri(text: &str) -> MimiUri {
    MimiUri::parse(text).unwrap()
}

/// X25519, AES-128-GCM, SHA-256, Ed25519.
pub const AES_SUITE: CipherSuite = CipherSuite(1);
/// X25519, ChaCha20-Poly1305, SHA-256, Ed25519.
pub const CHACHA_SUITE: CipherSuite = CipherSuite(3);

/// Seconds after an arbitrary beginning.
pub fn at(secs: u64) -> Timestamp {
    Timestamp::from_millis((1_800_000_000 + secs) * 1000)
}

/// A host: everything it hands out is written first, and at every step the
/// engine that was restored from what is written equals the live one.
pub struct Host<E: Engine> {
    pub engine: E,
    pub now: Timestamp,
    crypto: OpenMlsRustCrypto,
    base: Vec<u8>,
    journal: Vec<Vec<u8>>,
}

/// A step whose entry is written.
pub struct Accepted<E: Engine> {
    pub wrote: bool,
    pub outcome: E::Outcome,
    pub outputs: Vec<Output<E::Local>>,
    pub audit: Audit,
}

impl<E, S, C> Host<E>
where
    E: Engine<Snapshot = Saved<S>, Entry = Saved<C>, Corrupt = Corrupt, Keys = ()>,
    E::Local: PartialEq + std::fmt::Debug + Clone,
    E::Rejection: PartialEq,
    S: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug,
    C: Serialize + DeserializeOwned,
{
    pub fn new(engine: E) -> Self {
        let base = engine.snapshot().unwrap().to_cbor().unwrap();
        Host {
            engine,
            now: at(0),
            crypto: OpenMlsRustCrypto::default(),
            base,
            journal: Vec::new(),
        }
    }

    /// A step, with all that the contract promises checked.
    fn step(&mut self, input: E::Input) -> Result<Step<E>, E::Rejection> {
        let before = self.engine.snapshot().unwrap();
        let env = Env {
            now: self.now,
            provider: &self.crypto,
            identity: &BasicIdentity,
            keys: &(),
        };
        let result = self.engine.step(input, &env);
        let after = self.engine.snapshot().unwrap();
        match &result {
            Ok(Step {
                entry: Some(entry),
                outputs,
                ..
            }) => {
                self.journal.push(entry.to_cbor().unwrap());
                let owed = self.engine.owed();
                for output in outputs {
                    assert!(
                        owed.contains(output),
                        "an output that is not owed: {output:?}"
                    );
                }
            }
            Ok(step) => {
                assert!(step.outputs.is_empty(), "outputs without an entry");
                assert_eq!(before, after, "a change without an entry");
            }
            Err(_) => assert_eq!(before, after, "a rejection that changed something"),
        }
        let restored = self.restored();
        assert_eq!(restored.snapshot().unwrap(), after, "replay equals live");
        assert_eq!(restored.owed(), self.engine.owed());
        result
    }

    pub fn accept(&mut self, input: E::Input) -> Accepted<E> {
        match self.step(input) {
            Ok(step) => Accepted {
                wrote: step.entry.is_some(),
                outcome: step.outcome,
                outputs: step.outputs,
                audit: step.audit,
            },
            Err(rejection) => panic!("refused: {rejection}"),
        }
    }

    pub fn refuse(&mut self, input: E::Input) -> E::Rejection {
        match self.step(input) {
            Ok(step) => panic!("accepted: {}", step.audit),
            Err(rejection) => rejection,
        }
    }

    pub fn restored(&self) -> E {
        let mut engine = E::restore(&Saved::from_cbor(&self.base).unwrap()).unwrap();
        for entry in &self.journal {
            engine.replay(&Saved::from_cbor(entry).unwrap()).unwrap();
        }
        engine
    }

    /// Crashes after the last write.
    pub fn crash(&mut self) {
        self.engine = self.restored();
    }

    /// Crashes before the last entry was written.
    pub fn crash_before_write(&mut self) {
        self.journal.pop().expect("something was written");
        self.crash();
    }

    /// Writes a snapshot and starts a new journal.
    pub fn compact(&mut self) {
        self.base = self.engine.snapshot().unwrap().to_cbor().unwrap();
        self.journal.clear();
    }

    pub fn last_entry(&self) -> &[u8] {
        self.journal.last().expect("something was written")
    }

    pub fn base(&self) -> &[u8] {
        &self.base
    }
}

/// Local outputs with their numbers.
pub fn locals<L: Clone>(outputs: &[Output<L>]) -> Vec<(Seq, L)> {
    outputs
        .iter()
        .filter_map(|output| match &output.effect {
            Effect::Local(local) => Some((output.seq, local.clone())),
            Effect::Call(_) => None,
        })
        .collect()
}

pub fn calls<L>(outputs: &[Output<L>]) -> Vec<(Seq, mimi_protocol::engine::Call)> {
    outputs
        .iter()
        .filter_map(|output| match &output.effect {
            Effect::Call(call) => Some((output.seq, call.clone())),
            Effect::Local(_) => None,
        })
        .collect()
}

pub fn tls(write: impl FnOnce(&mut Writer)) -> Bytes {
    let mut w = Writer::new();
    write(&mut w);
    w.finish().unwrap().into()
}

/// A signature key pair of a user's client.
pub struct Signer {
    pub client: MimiUri,
    secret: Vec<u8>,
    pub public: Vec<u8>,
}

impl Signer {
    pub fn new(client: &str) -> Self {
        let (secret, public) = OpenMlsRustCrypto::default()
            .crypto()
            .signature_key_gen(SignatureScheme::ED25519)
            .unwrap();
        Signer {
            client: uri(client),
            secret,
            public,
        }
    }

    pub fn sign(&self, label: &str, content: &[u8]) -> Bytes {
        OpenMlsRustCrypto::default()
            .crypto()
            .sign(
                SignatureScheme::ED25519,
                &mls_label(label, content).unwrap(),
                &self.secret,
            )
            .unwrap()
            .into()
    }
}

/// A KeyPackage to be; what a story does not name is as it should be.
pub struct Package<'a> {
    pub signer: &'a Signer,
    pub not_before: Timestamp,
    pub not_after: Timestamp,
    pub suite: CipherSuite,
    pub capabilities: Capabilities,
    pub last_resort: bool,
    pub init_key: Bytes,
    /// Signs the leaf in the place of the client.
    pub leaf_forger: Option<&'a Signer>,
    /// Signs the whole in the place of the client.
    pub forger: Option<&'a Signer>,
}

impl<'a> Package<'a> {
    /// A good one; `number` tells it from the signer's others.
    pub fn new(signer: &'a Signer, number: u8) -> Self {
        Package {
            signer,
            not_before: at(0),
            not_after: at(30 * 24 * 3600),
            suite: AES_SUITE,
            capabilities: Capabilities {
                versions: vec![ProtocolVersion::MLS10],
                cipher_suites: vec![AES_SUITE, CHACHA_SUITE],
                extensions: vec![ExtensionType::APP_DATA_DICTIONARY],
                proposals: Vec::new(),
                credentials: vec![CredentialType::BASIC],
            },
            last_resort: false,
            init_key: Bytes::from(vec![number; 32]),
            leaf_forger: None,
            forger: None,
        }
    }

    pub fn build(&self) -> Bytes {
        let signer = self.forger.unwrap_or(self.signer);
        let leaf = tls(|w| {
            w.opaque(&[0xee; 32]);
            w.opaque(&self.signer.public);
            CredentialType::BASIC.encode(w);
            w.opaque(self.signer.client.as_str().as_bytes());
            self.capabilities.encode(w);
            w.u8(1);
            w.u64(self.not_before.as_secs());
            w.u64(self.not_after.as_secs());
            w.opaque(&[]);
        });
        let body = tls(|w| {
            ProtocolVersion::MLS10.encode(w);
            self.suite.encode(w);
            w.opaque(&self.init_key);
            w.raw(&leaf);
            w.opaque(
                &self
                    .leaf_forger
                    .unwrap_or(self.signer)
                    .sign("LeafNodeTBS", &leaf),
            );
            w.vector(|w| {
                if self.last_resort {
                    let id = ComponentId::LAST_RESORT_KEY_PACKAGE;
                    let map: ComponentMap = [(id, Bytes::new())].into_iter().collect();
                    ExtensionType::APP_DATA_DICTIONARY.encode(w);
                    w.opaque(&map.to_vec().unwrap());
                }
            });
        });
        tls(|w| {
            w.raw(&body);
            w.opaque(&signer.sign("KeyPackageTBS", &body));
        })
    }
}

pub fn key_package_ref(package: &Bytes) -> Bytes {
    use mimi_protocol::wire::Decode;
    let package = KeyPackage::from_bytes(package).unwrap();
    mimi_protocol::provider::key_package_ref(&package, OpenMlsRustCrypto::default().crypto())
        .unwrap()
}
