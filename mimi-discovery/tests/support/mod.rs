//! A realm with people in it, for all tests.

#![allow(dead_code, reason = "each test binary uses its own part")]

use mimi_content::Timestamp;
use mimi_content::tls::{Decode, Encode};
use mimi_discovery::tree::{Index, LeafHash, NodeHash};
use mimi_discovery::wire::*;
use mimi_discovery::{Csi, Domain, PublicKey, Signed, SigningKey};

pub(crate) const DAY: u64 = 24 * 60 * 60 * 1000;
pub(crate) const INDEX: Index = Index([0x1d; 32]);
pub(crate) const CSI_SALT: Salt = Salt([0x5a; 16]);

pub(crate) fn at(days: u64) -> Timestamp {
    Timestamp::from_millis(days * DAY)
}

pub(crate) fn domain(text: &str) -> Domain {
    Domain::parse(text).unwrap()
}

/// The signing key of a party, by any octet.
pub(crate) fn secret(seed: u8) -> SigningKey {
    SigningKey::from_bytes(&[seed; 32])
}

pub(crate) fn public(seed: u8) -> PublicKey {
    PublicKey::of(&secret(seed))
}

pub(crate) const OPERATOR: u8 = 1;
pub(crate) const DP: u8 = 2;
pub(crate) const CARRIER: u8 = 3;
pub(crate) const CHECKER: u8 = 4;
pub(crate) const ALICE: u8 = 5;
pub(crate) const MALLORY: u8 = 6;
pub(crate) const WITNESSES: [u8; 3] = [10, 11, 12];

pub(crate) fn alice() -> Csi {
    Csi::phone("+4930901820", None).unwrap()
}

pub(crate) fn dp(id: u16, operator: &str, mirror_of: Option<u16>) -> Dp {
    Dp {
        id: DpId(id),
        operator: domain(operator),
        key: public(DP),
        url: format!("https://{operator}/discovery"),
        key_config: vec![0x20; 41].into(),
        mirror_of: mirror_of.map(DpId),
    }
}

pub(crate) fn witness(id: u16, operator: &str) -> Witness {
    Witness {
        id: WitnessId(id),
        operator: domain(operator),
        key: public(WITNESSES[usize::from(id) - 1]),
    }
}

/// A carrier that gives numbers out, a company that checks them, and one provider.
pub(crate) fn manifest() -> Manifest {
    Manifest {
        realm: domain("phone.example"),
        version: 7,
        not_before: at(0),
        not_after: at(30),
        dps: vec![dp(1, "dp.example", None)],
        relays: vec![Relay {
            operator: domain("relay.example"),
            url: "https://relay.example".into(),
        }],
        evaluator: Evaluator {
            operator: domain("oprf.example"),
            url: "https://oprf.example".into(),
        },
        oprf_keys: vec![OprfKey {
            id: KeyId(1),
            public: Element([0x31; 32]),
            not_before: at(0),
            not_after: at(90),
        }],
        token_keys: vec![TokenKey {
            day: Day(0),
            public: Element([0x32; 32]),
        }],
        csips: vec![
            Csip {
                id: CsipId(1),
                operator: domain("carrier.example"),
                key: public(CARRIER),
                scopes: vec![Scope::phone("+4930").unwrap()],
                authoritative: true,
            },
            Csip {
                id: CsipId(2),
                operator: domain("checker.example"),
                key: public(CHECKER),
                scopes: vec![Scope::phone("+49").unwrap()],
                authoritative: false,
            },
        ],
        msps: vec![Msp {
            domain: domain("chat.example"),
            operator: domain("carrier.example"),
        }],
        witnesses: vec![
            witness(1, "w1.example"),
            witness(2, "w2.example"),
            witness(3, "w3.example"),
        ],
        quorum: 2,
    }
}

pub(crate) fn attestation() -> Attestation {
    Attestation {
        realm: domain("phone.example"),
        csip: CsipId(1),
        key_id: KeyId(1),
        index: INDEX,
        csi: alice().commitment(&CSI_SALT),
        holder_key: public(ALICE),
        assignment: 1,
        method: Method::ASSIGNED,
        not_before: at(0),
        not_after: at(90),
    }
}

pub(crate) fn msp(domain_name: &str, rank: u8, ssi: Ssi) -> MappedMsp {
    MappedMsp {
        domain: domain(domain_name),
        rank,
        contact_policy: ContactPolicy::CONSENT_FIRST,
        ssi,
    }
}

pub(crate) fn mappings() -> MappingSet {
    MappingSet {
        realm: domain("phone.example"),
        index: INDEX,
        assignment: 1,
        seq: 4,
        not_before: at(0),
        not_after: at(90),
        published_at: vec![DpId(1)],
        mappings: vec![
            Mapping {
                tags: vec![],
                is_default: true,
                msps: vec![msp("a.example", 1, Ssi::None)],
            },
            Mapping {
                tags: vec!["office".into(), "work".into()],
                is_default: false,
                msps: vec![
                    msp("b.example", 1, Ssi::Commitment(Digest([9; 32]))),
                    msp("a.example", 2, Ssi::None),
                ],
            },
        ],
    }
}

pub(crate) fn record() -> Record {
    Record {
        csi_salt: CSI_SALT,
        attestation: Signed::sign(attestation(), &secret(CARRIER)).unwrap(),
        mappings: Signed::sign(mappings(), &secret(ALICE)).unwrap(),
    }
}

pub(crate) fn leaf() -> LeafAuth {
    LeafAuth {
        realm: domain("phone.example"),
        key_id: KeyId(1),
        index: INDEX,
        assignment: 1,
        seq: 4,
        state: LeafState::Live(Digest([0x77; 32])),
        csip: CsipId(1),
        holder_key: public(ALICE),
        previous: Some(LeafHash([0x66; 32])),
        by: LeafBy::Holder,
    }
}

pub(crate) fn head(epoch: u64) -> TreeHead {
    TreeHead {
        realm: domain("phone.example"),
        dp: DpId(1),
        key_id: KeyId(1),
        epoch,
        time: at(3),
        root: NodeHash([0x88; 32]),
        previous: Digest([0x99; 32]),
    }
}

pub(crate) fn cosigned(head: TreeHead, witnesses: &[u16]) -> CosignedHead {
    let cosign = |id: &u16| {
        let key = secret(WITNESSES[usize::from(*id) - 1]);
        Cosignature::sign(WitnessId(*id), &head, &key).unwrap()
    };
    CosignedHead {
        cosignatures: witnesses.iter().map(cosign).collect(),
        head: Signed::sign(head, &secret(DP)).unwrap(),
    }
}

/// Encodes to what it was decoded from; nothing shorter or longer decodes; a flipped bit
/// is refused or is another value.
pub(crate) fn is_exact<T: Encode + Decode + PartialEq + std::fmt::Debug>(value: &T) {
    let raw = value.to_vec().unwrap();
    assert_eq!(T::from_slice(&raw).as_ref(), Ok(value));
    assert_eq!(T::from_bytes(&raw.clone().into()).as_ref(), Ok(value));
    // Long encodings are cut and flipped at some places only: all of it is slow.
    let step = raw.len() / 700 + 1;
    for len in (0..raw.len()).step_by(step) {
        let error = T::from_slice(&raw[..len]).expect_err("truncated");
        assert!(error.offset <= len, "{error} in {len} octets");
    }
    assert!(T::from_slice(&[&raw[..], &[0]].concat()).is_err());
    let mut flipped = raw.clone();
    for place in (0..raw.len()).step_by(step) {
        for bit in [0, place % 8, 7] {
            flipped[place] ^= 1 << bit;
            if let Ok(other) = T::from_slice(&flipped) {
                assert_eq!(other.to_vec().unwrap(), flipped, "octet {place}, bit {bit}");
                assert_ne!(&other, value);
            }
            flipped[place] = raw[place];
        }
    }
}
