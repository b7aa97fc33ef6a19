//! Signature keys of hubs, which everybody knows.

use bytes::Bytes;
use mimi_content::MimiUri;
use mimi_content::tls::Encode;
use mimi_franking::{Credential, FrankingAgent};
use openmls_basic_credential::SignatureKeyPair;
use openmls_traits::types::SignatureScheme;
use serde_json::{Value, json};

use crate::hex;

/// Whose agents they are.
pub(crate) const HUB: &str = "mimi://hub.example";

/// A signature key of the hub.
pub(crate) struct Key {
    pub(crate) scheme: u16,
    secret: &'static str,
    public: &'static str,
    /// The suite of rooms that it signs for.
    pub(crate) suite: u16,
}

/// The first test key of RFC 8032 §7.1, for
/// MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519.
pub(crate) const ED25519: Key = Key {
    scheme: 0x0807,
    secret: "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
    public: "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
    suite: 1,
};

/// The second test key there.
pub(crate) const OTHER: Key = Key {
    scheme: 0x0807,
    secret: "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
    public: "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
    suite: 1,
};

/// The third, of nobody that a hub knows.
pub(crate) const STRANGER: Key = Key {
    scheme: 0x0807,
    secret: "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
    public: "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
    suite: 1,
};

/// The test key of RFC 6979 §A.2.5, for
/// MLS_128_DHKEMP256_AES128GCM_SHA256_P256. Its signatures are made as that RFC
/// says, so they are the same each time.
pub(crate) const P256: Key = Key {
    scheme: 0x0403,
    secret: "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721",
    public: "0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6\
             7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299",
    suite: 2,
};

impl Key {
    pub(crate) fn public(&self) -> Vec<u8> {
        hex::literal(self.public)
    }

    pub(crate) fn agent(&self) -> FrankingAgent {
        FrankingAgent::basic(self.public(), &MimiUri::parse(HUB).unwrap())
    }

    /// An agent with this key and whatever identity.
    pub(crate) fn agent_of(&self, identity: &'static str) -> FrankingAgent {
        FrankingAgent {
            signature_key: self.public().into(),
            credential: Credential::Basic(Bytes::from_static(identity.as_bytes())),
        }
    }

    pub(crate) fn signer(&self) -> SignatureKeyPair {
        let scheme = SignatureScheme::try_from(self.scheme).unwrap();
        SignatureKeyPair::from_raw(scheme, hex::literal(self.secret), self.public())
    }

    /// As one of the `agents` of an input.
    pub(crate) fn owned(&self) -> Value {
        json!({
            "franking_agent": hex::encode(&self.agent().to_vec().unwrap()),
            "signature_scheme": self.scheme,
            "secret_key": self.secret,
        })
    }

    /// As one of the `retired_keys` of an input.
    pub(crate) fn retired(&self) -> Value {
        json!({ "signature_scheme": self.scheme, "signature_key": self.public })
    }
}
