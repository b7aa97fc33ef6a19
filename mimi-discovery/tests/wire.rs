//! Every struct stands the checks of an exact codec, whatever it holds, and its octets
//! stay what they are.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    reason = "a test fails by panicking"
)]

mod support;

use mimi_content::tls::{Decode, DecodeError, Encode, Rule};
use mimi_content::{MimiUri, Timestamp};
use mimi_discovery::limits::*;
use mimi_discovery::record::{RecordKey, seal};
use mimi_discovery::signed::{Signable, to_be_signed};
use mimi_discovery::tree::{Index, LeafHash, NodeHash};
use mimi_discovery::wire::*;
use mimi_discovery::{Csi, Domain, PublicKey, Signature, Signed};
use proptest::collection::{btree_set, vec};
use proptest::option::of;
use proptest::prelude::*;
use support::*;

fn any_domain() -> impl Strategy<Value = Domain> {
    "[a-z]{1,9}\\.example".prop_map(|text| domain(&text))
}

fn any_time() -> impl Strategy<Value = Timestamp> {
    any::<u64>().prop_map(Timestamp::from_millis)
}

fn digest() -> impl Strategy<Value = Digest> {
    any::<[u8; 32]>().prop_map(Digest)
}

fn index() -> impl Strategy<Value = Index> {
    any::<[u8; 32]>().prop_map(Index)
}

fn leaf_name() -> impl Strategy<Value = LeafHash> {
    any::<[u8; 32]>().prop_map(LeafHash)
}

fn element() -> impl Strategy<Value = Element> {
    any::<[u8; 32]>().prop_map(Element)
}

fn key() -> impl Strategy<Value = PublicKey> {
    any::<[u8; 32]>().prop_map(PublicKey)
}

fn salt() -> impl Strategy<Value = Salt> {
    any::<[u8; 16]>().prop_map(Salt)
}

fn octets_64() -> impl Strategy<Value = [u8; 64]> {
    any::<([u8; 32], [u8; 32])>().prop_map(|halves| {
        let mut all = [0; 64];
        all[..32].copy_from_slice(&halves.0);
        all[32..].copy_from_slice(&halves.1);
        all
    })
}

fn signed<T: std::fmt::Debug>(
    content: impl Strategy<Value = T>,
) -> impl Strategy<Value = Signed<T>> {
    (content, octets_64().prop_map(Signature))
        .prop_map(|(content, signature)| Signed { content, signature })
}

fn csi() -> impl Strategy<Value = Csi> {
    prop_oneof![
        "\\+49309018[0-9]{2,4}".prop_map(|text| Csi::phone(&text, None).unwrap()),
        "[a-z+]{1,9}@[a-z]{1,9}\\.example".prop_map(|text| Csi::email(&text).unwrap()),
    ]
}

fn scope() -> impl Strategy<Value = Scope> {
    prop_oneof![
        "\\+([1-9][0-9]{0,5})?".prop_map(|prefix| Scope::phone(&prefix).unwrap()),
        any_domain().prop_map(Scope::email),
        Just(Scope::any_email()),
    ]
}

prop_compose! {
    fn any_dp()(
        id in any::<u16>(), operator in any_domain(), key in key(), url in "[a-z:/]{0,40}",
        key_config in vec(any::<u8>(), 0..70), mirror_of in of(any::<u16>()),
    ) -> Dp {
        let (id, mirror_of, key_config) = (DpId(id), mirror_of.map(DpId), key_config.into());
        Dp { id, operator, key, url, key_config, mirror_of }
    }
}

prop_compose! {
    fn any_csip()(
        id in any::<u16>(), operator in any_domain(), key in key(),
        scopes in vec(scope(), 0..4), authoritative in any::<bool>(),
    ) -> Csip {
        Csip { id: CsipId(id), operator, key, scopes, authoritative }
    }
}

prop_compose! {
    fn oprf_key()(
        id in any::<u16>(), public in element(), not_before in any_time(), not_after in any_time(),
    ) -> OprfKey {
        OprfKey { id: KeyId(id), public, not_before, not_after }
    }
}

prop_compose! {
    fn any_manifest()(
        realm in any_domain(),
        version in any::<u64>(),
        dates in (any_time(), any_time()),
        dps in vec(any_dp(), 0..3),
        relays in vec((any_domain(), "[a-z:/]{0,40}"), 0..3),
        evaluator in (any_domain(), "[a-z:/]{0,40}"),
        oprf_keys in vec(oprf_key(), 0..=2),
        token_keys in vec((any::<u32>(), element()), 0..3),
        csips in vec(any_csip(), 0..3),
        msps in vec((any_domain(), any_domain()), 0..3),
        witnesses in vec((any::<u16>(), any_domain(), key()), 0..3),
        quorum in any::<u8>(),
    ) -> Manifest {
        let relay = |(operator, url)| Relay { operator, url };
        let token_key = |(day, public)| TokenKey { day: Day(day), public };
        let msp = |(domain, operator)| Msp { domain, operator };
        let witness = |(id, operator, key)| Witness { id: WitnessId(id), operator, key };
        Manifest {
            realm,
            version,
            not_before: dates.0,
            not_after: dates.1,
            dps,
            relays: relays.into_iter().map(relay).collect(),
            evaluator: Evaluator { operator: evaluator.0, url: evaluator.1 },
            oprf_keys,
            token_keys: token_keys.into_iter().map(token_key).collect(),
            csips,
            msps: msps.into_iter().map(msp).collect(),
            witnesses: witnesses.into_iter().map(witness).collect(),
            quorum,
        }
    }
}

prop_compose! {
    fn any_root()(
        realm in any_domain(), version in any::<u64>(), dates in (any_time(), any_time()),
        delegations in vec((scope(), any_domain(), key()), 0..4),
    ) -> RootManifest {
        let delegation = |(scope, realm, key)| Delegation { scope, realm, key };
        let delegations = delegations.into_iter().map(delegation).collect();
        RootManifest { realm, version, not_before: dates.0, not_after: dates.1, delegations }
    }
}

prop_compose! {
    fn any_attestation()(
        realm in any_domain(), ids in any::<(u16, u16, u32, u8)>(), index in index(),
        csi in digest(), holder_key in key(), dates in (any_time(), any_time()),
    ) -> Attestation {
        Attestation {
            realm,
            csip: CsipId(ids.0),
            key_id: KeyId(ids.1),
            index,
            csi,
            holder_key,
            assignment: ids.2,
            method: Method(ids.3),
            not_before: dates.0,
            not_after: dates.1,
        }
    }
}

fn mapped() -> impl Strategy<Value = MappedMsp> {
    let ssi = (0..3_u8, digest(), "[a-z]{1,8}");
    (any_domain(), any::<u8>(), any::<u8>(), ssi).prop_map(|(domain, rank, policy, ssi)| {
        let ssi = match ssi {
            (0, ..) => Ssi::None,
            (1, digest, _) => Ssi::Commitment(digest),
            (_, _, user) => Ssi::Uri(MimiUri::new_user(domain.as_str(), &user).unwrap()),
        };
        let contact_policy = ContactPolicy(policy);
        MappedMsp {
            domain,
            rank,
            contact_policy,
            ssi,
        }
    })
}

fn mapping() -> impl Strategy<Value = Mapping> {
    let tags = btree_set("[a-zü]{1,8}", 0..4);
    (tags, vec(mapped(), 0..4)).prop_map(|(tags, mut msps)| {
        msps.sort_by(|a, b| a.domain.cmp(&b.domain));
        msps.dedup_by(|a, b| a.domain == b.domain);
        let tags = tags.into_iter().collect();
        Mapping {
            tags,
            is_default: false,
            msps,
        }
    })
}

prop_compose! {
    fn any_mappings()(
        realm in any_domain(), index in index(), assignment in any::<u32>(), seq in any::<u64>(),
        dates in (any_time(), any_time()), published_at in btree_set(any::<u16>(), 0..4),
        mut mappings in vec(mapping(), 0..4), default in any::<Option<proptest::sample::Index>>(),
    ) -> MappingSet {
        if let Some(default) = default.filter(|_| !mappings.is_empty()) {
            default.get_mut(&mut mappings).is_default = true;
        }
        MappingSet {
            realm,
            index,
            assignment,
            seq,
            not_before: dates.0,
            not_after: dates.1,
            published_at: published_at.into_iter().map(DpId).collect(),
            mappings,
        }
    }
}

fn any_record() -> impl Strategy<Value = Record> {
    let parts = (salt(), signed(any_attestation()), signed(any_mappings()));
    parts.prop_map(|(csi_salt, attestation, mappings)| Record {
        csi_salt,
        attestation,
        mappings,
    })
}

fn sealed() -> impl Strategy<Value = SealedRecord> {
    let octets = vec(any::<u8>(), SEALED_LEN);
    octets.prop_map(|octets| SealedRecord::from_slice(&octets).unwrap())
}

prop_compose! {
    fn any_leaf()(
        realm in any_domain(), ids in any::<(u16, u32, u64, u16)>(), index in index(),
        state in of(digest()), holder_key in key(), previous in of(leaf_name()),
        by_csip in any::<bool>(),
    ) -> LeafAuth {
        LeafAuth {
            realm,
            key_id: KeyId(ids.0),
            index,
            assignment: ids.1,
            seq: ids.2,
            state: state.map_or(LeafState::Tombstone, LeafState::Live),
            csip: CsipId(ids.3),
            holder_key,
            previous,
            by: if by_csip && state.is_none() { LeafBy::Csip } else { LeafBy::Holder },
        }
    }
}

prop_compose! {
    fn any_change()(
        realm in any_domain(), ids in any::<(u16, u32, u16)>(), index in index(),
        previous in leaf_name(), holder_key in key(), basis in 0..3,
    ) -> HolderChange {
        let basis = match basis {
            0 => Basis::OldHolder,
            1 => Basis::Release,
            _ => Basis::Takeover(CsipId(ids.2)),
        };
        let (key_id, assignment) = (KeyId(ids.0), ids.1);
        HolderChange { realm, key_id, index, previous, assignment, holder_key, basis }
    }
}

prop_compose! {
    fn any_contest()(
        realm in any_domain(), key_id in any::<u16>(), index in index(), previous in leaf_name(),
        holder_key in key(), time in any_time(),
    ) -> Contest {
        Contest { realm, key_id: KeyId(key_id), index, previous, holder_key, time }
    }
}

prop_compose! {
    fn any_head()(
        realm in any_domain(), ids in any::<(u16, u16, u64)>(), time in any_time(),
        root in any::<[u8; 32]>(), previous in digest(),
    ) -> TreeHead {
        let (dp, key_id, epoch) = (DpId(ids.0), KeyId(ids.1), ids.2);
        TreeHead { realm, dp, key_id, epoch, time, root: NodeHash(root), previous }
    }
}

fn any_cosigned() -> impl Strategy<Value = CosignedHead> {
    let cosignature = (any::<u16>(), octets_64()).prop_map(|(id, signature)| Cosignature {
        witness: WitnessId(id),
        signature: Signature(signature),
    });
    let parts = (signed(any_head()), vec(cosignature, 0..4));
    parts.prop_map(|(head, cosignatures)| CosignedHead { head, cosignatures })
}

prop_compose! {
    fn any_publish()(
        csi in csi(), csi_salt in salt(), attestation in signed(any_attestation()),
        sealed in sealed(), leaf in signed(any_leaf()), change in of(signed(any_change())),
    ) -> Publish {
        Publish { csi, csi_salt, attestation, sealed, leaf, change }
    }
}

prop_compose! {
    fn any_receipt()(
        realm in any_domain(), ids in any::<(u16, u16, u64)>(), index in index(),
        leaf in leaf_name(),
    ) -> Receipt {
        let (dp, key_id, epoch) = (DpId(ids.0), KeyId(ids.1), ids.2);
        Receipt { realm, dp, key_id, index, leaf, epoch }
    }
}

fn refusal() -> impl Strategy<Value = Refusal> {
    any::<u8>().prop_map(Refusal)
}

fn published() -> impl Strategy<Value = Published> {
    prop_oneof![
        signed(any_receipt()).prop_map(Published::Accepted),
        refusal().prop_map(Published::Refused),
    ]
}

prop_compose! {
    fn leaf_change()(
        leaf in signed(any_leaf()), attestation in of(signed(any_attestation())),
        change in of(signed(any_change())),
    ) -> LeafChange {
        LeafChange { leaf, attestation, change }
    }
}

fn mirror_update() -> impl Strategy<Value = MirrorUpdate> {
    let entry = (leaf_change(), of(sealed()));
    let entry = entry.prop_map(|(change, sealed)| MirrorEntry { change, sealed });
    let parts = (any_cosigned(), vec(entry, 0..3));
    parts.prop_map(|(head, entries)| MirrorUpdate { head, entries })
}

fn lookup() -> impl Strategy<Value = Lookup> {
    let parts = (any::<u16>(), index());
    parts.prop_map(|(id, index)| Lookup {
        key_id: KeyId(id),
        index,
    })
}

prop_compose! {
    fn answer()(
        leaf in of(signed(any_leaf())), proof in vec(any::<u8>(), 0..200), sealed in sealed(),
        head in any_cosigned(),
    ) -> Answer {
        let live = |leaf: &Signed<LeafAuth>| matches!(leaf.content.state, LeafState::Live(_));
        let sealed = leaf.as_ref().is_some_and(live).then_some(sealed);
        Answer { leaf, proof: proof.into(), sealed, head }
    }
}

fn looked() -> impl Strategy<Value = Looked> {
    prop_oneof![
        answer().prop_map(|answer| Looked::Answer(Box::new(answer))),
        refusal().prop_map(Looked::Refused),
    ]
}

fn token() -> impl Strategy<Value = Token> {
    let parts = (any::<u32>(), any::<[u8; 32]>(), octets_64());
    parts.prop_map(|(day, nonce, output)| Token {
        day: Day(day),
        nonce,
        output,
    })
}

fn token_request() -> impl Strategy<Value = TokenRequest> {
    let parts = (any::<u32>(), vec(element(), 1..4));
    parts.prop_map(|(day, blinded)| TokenRequest {
        day: Day(day),
        blinded,
    })
}

fn evaluate() -> impl Strategy<Value = Evaluate> {
    let parts = (any::<u16>(), vec((token(), element()), 1..4));
    parts.prop_map(|(id, pairs)| {
        let (tokens, blinded) = pairs.into_iter().unzip();
        Evaluate {
            key_id: KeyId(id),
            tokens,
            blinded,
        }
    })
}

fn evaluated() -> impl Strategy<Value = Evaluated> {
    let done = (vec(element(), 0..4), octets_64());
    prop_oneof![
        done.prop_map(|(elements, proof)| Evaluated::Done(Evaluation { elements, proof })),
        refusal().prop_map(Evaluated::Refused),
    ]
}

fn withholding() -> impl Strategy<Value = Withholding> {
    let record = (signed(any_attestation()), signed(any_mappings()));
    let promise = prop_oneof![
        signed(any_receipt()).prop_map(Promise::Receipt),
        record.prop_map(|(attestation, mappings)| Promise::Record {
            attestation: Box::new(attestation),
            mappings
        }),
    ];
    let parts = (lookup(), answer(), promise);
    parts.prop_map(|(lookup, answer, promise)| Withholding {
        lookup,
        answer,
        promise,
    })
}

macro_rules! exact {
    ($($name:ident: $values:expr;)*) => {
        proptest! {
            // Every case decodes some thousand variants of its input.
            #![proptest_config(ProptestConfig::with_cases(16))]
            $(#[test]
            fn $name(value in $values) {
                is_exact(&value);
            })*
        }
    };
}

exact! {
    a_manifest: signed(any_manifest());
    a_root_manifest: signed(any_root());
    an_attestation: signed(any_attestation());
    a_mapping_set: signed(any_mappings());
    an_ssi_opening: (salt(), "[a-z]{1,8}").prop_map(|(salt, user)| {
        SsiOpening { salt, uri: MimiUri::new_user("a.example", &user).unwrap() }
    });
    a_record: any_record();
    a_sealed_record: sealed();
    a_leaf: signed(any_leaf());
    a_holder_change: signed(any_change());
    a_contest: signed(any_contest());
    a_cosigned_head: any_cosigned();
    a_publication: any_publish();
    a_removal: signed(any_leaf()).prop_map(|leaf| Remove { leaf });
    an_answer_to_a_publication: published();
    a_leaf_change: leaf_change();
    a_mirror_update: mirror_update();
    a_lookup: lookup();
    an_answer_to_a_lookup: looked();
    a_token_request: token_request();
    an_evaluation: evaluate();
    an_answer_to_an_evaluation: evaluated();
    an_equivocation: (signed(any_head()), signed(any_head()))
        .prop_map(|(first, second)| Equivocation { first, second });
    a_withholding: withholding();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Noise never panics, and what decodes encodes to the same octets.
    #[test]
    fn noise_is_no_trouble(raw in vec(any::<u8>(), 0..200)) {
        fn one<T: Decode + Encode>(raw: &[u8]) {
            if let Ok(value) = T::from_slice(raw) {
                assert_eq!(value.to_vec().unwrap(), raw);
            }
        }
        one::<Manifest>(&raw);
        one::<MappingSet>(&raw);
        one::<Publish>(&raw);
        one::<Looked>(&raw);
        one::<Evaluate>(&raw);
        one::<Published>(&raw);
        one::<Csi>(&raw);
        one::<Scope>(&raw);
    }
}

fn rule<T: Decode>(result: Result<T, DecodeError>) -> Rule {
    result.err().expect("refused").rule
}

/// Decodes a list of one more than `max` elements, and of `max`.
fn bounded<T: Encode + Decode>(what: &'static str, max: usize, with: impl Fn(usize) -> T) {
    let decode = |count| T::from_slice(&with(count).to_vec().unwrap());
    assert!(decode(max).is_ok(), "{what}");
    assert_eq!(rule(decode(max + 1)), Rule::Limit { what, max });
}

#[test]
fn lists_of_a_manifest_have_limits() {
    let with = |change: &dyn Fn(&mut Manifest)| {
        let mut manifest = manifest();
        change(&mut manifest);
        manifest
    };
    let one = manifest();
    bounded("dps", MAX_DPS, |n| {
        with(&|m| m.dps = vec![one.dps[0].clone(); n])
    });
    bounded("relays", MAX_RELAYS, |n| {
        with(&|m| m.relays = vec![one.relays[0].clone(); n])
    });
    bounded("oprf_keys", MAX_OPRF_KEYS, |n| {
        with(&|m| m.oprf_keys = vec![one.oprf_keys[0].clone(); n])
    });
    bounded("token_keys", MAX_TOKEN_KEYS, |n| {
        with(&|m| m.token_keys = vec![one.token_keys[0].clone(); n])
    });
    bounded("csips", MAX_CSIPS, |n| {
        with(&|m| m.csips = vec![one.csips[0].clone(); n])
    });
    bounded("scopes", MAX_SCOPES, |n| {
        with(&|m| m.csips[0].scopes = vec![Scope::any_email(); n])
    });
    bounded("msps", MAX_MSPS, |n| {
        with(&|m| m.msps = vec![one.msps[0].clone(); n])
    });
    bounded("witnesses", MAX_WITNESSES, |n| {
        with(&|m| m.witnesses = vec![one.witnesses[0].clone(); n])
    });
    bounded("url", MAX_URL_LEN, |n| {
        with(&|m| m.evaluator.url = "u".repeat(n))
    });
    bounded("key_config", MAX_KEY_CONFIG_LEN, |n| {
        with(&|m| m.dps[0].key_config = vec![0; n].into())
    });
    bounded("delegations", MAX_DELEGATIONS, |n| RootManifest {
        realm: domain("root.example"),
        version: 1,
        not_before: at(0),
        not_after: at(1),
        delegations: vec![
            Delegation {
                scope: Scope::any_email(),
                realm: domain("a.example"),
                key: public(1),
            };
            n
        ],
    });
}

#[test]
fn lists_of_a_mapping_set_have_limits() {
    let numbered = |n: usize| (0..n).map(|i| format!("{i:02}"));
    let set = |of| MappingSet {
        mappings: of,
        ..mappings()
    };
    let mapping = |tags, msps| Mapping {
        tags,
        is_default: false,
        msps,
    };
    bounded("published_at", MAX_DPS, |n| MappingSet {
        published_at: (0..n as u16).map(DpId).collect(),
        ..mappings()
    });
    bounded("mappings", MAX_MAPPINGS, |n| {
        set(vec![mapping(vec![], vec![]); n])
    });
    bounded("tags", MAX_TAGS, |n| {
        set(vec![mapping(numbered(n).collect(), vec![])])
    });
    bounded("a tag", MAX_TAG_LEN, |n| {
        set(vec![mapping(vec!["t".repeat(n)], vec![])])
    });
    bounded("msps", MAX_MAPPED_MSPS, |n| {
        let msp = |i: String| msp(&format!("a{i}.example"), 1, Ssi::None);
        set(vec![mapping(vec![], numbered(n).map(msp).collect())])
    });
}

#[test]
fn batches_and_proofs_have_limits() {
    let (day, element) = (Day(0), Element([1; 32]));
    let token = Token {
        day,
        nonce: [2; 32],
        output: [3; 64],
    };
    bounded("blinded", MAX_BATCH, |n| TokenRequest {
        day,
        blinded: vec![element; n],
    });
    bounded("tokens", MAX_BATCH, |n| Evaluate {
        key_id: KeyId(1),
        tokens: vec![token.clone(); n],
        blinded: vec![element; n],
    });
    bounded("elements", MAX_BATCH, |n| Evaluation {
        elements: vec![element; n],
        proof: [0; 64],
    });
    bounded("proof", MAX_PROOF_LEN, |n| Answer {
        leaf: None,
        proof: vec![0; n].into(),
        sealed: None,
        head: cosigned(head(1), &[1, 2]),
    });
    let cosignature = cosigned(head(1), &[1]).cosignatures[0].clone();
    bounded("cosignatures", MAX_WITNESSES, |n| CosignedHead {
        cosignatures: vec![cosignature.clone(); n],
        ..cosigned(head(1), &[])
    });
    let change = LeafChange {
        leaf: Signed::sign(leaf(), &secret(ALICE)).unwrap(),
        attestation: None,
        change: None,
    };
    let entry = MirrorEntry {
        change,
        sealed: None,
    };
    bounded("entries", MAX_CHANGES, |n| MirrorUpdate {
        head: cosigned(head(1), &[]),
        entries: vec![entry.clone(); n],
    });
}

/// What encodes and breaks a rule of the whole struct does not decode.
#[track_caller]
fn breaks<T: Encode + Decode>(value: &T, broken: &'static str) {
    let decoded = T::from_slice(&value.to_vec().unwrap());
    assert_eq!(rule(decoded), Rule::Structure(broken));
}

#[test]
fn a_mapping_set_has_one_form() {
    let with = |change: fn(&mut MappingSet)| {
        let mut set = mappings();
        change(&mut set);
        set
    };
    let twice = with(|s| s.published_at = vec![DpId(1), DpId(1)]);
    breaks(&twice, MappingError::Providers.rule());
    let tags = with(|s| s.mappings[1].tags.reverse());
    breaks(&tags, MappingError::TagOrder.rule());
    let empty = with(|s| s.mappings[0].tags = vec![String::new()]);
    breaks(&empty, MappingError::Tag.rule());
    let control = with(|s| s.mappings[0].tags = vec!["a\nb".into()]);
    breaks(&control, MappingError::Tag.rule());
    let provider = with(|s| s.mappings[1].msps[1].domain = domain("b.example"));
    breaks(&provider, MappingError::ProviderTwice.rule());
    let elsewhere = with(|s| {
        let uri = MimiUri::parse("mimi://c.example/u/alice").unwrap();
        s.mappings[0].msps[0].ssi = Ssi::Uri(uri);
    });
    breaks(&elsewhere, MappingError::OtherProvider.rule());
}

#[test]
fn fields_fit_each_other() {
    let live = LeafAuth {
        by: LeafBy::Csip,
        ..leaf()
    };
    breaks(&live, "an issuer signs a leaf that is no tombstone");
    let empty = TokenRequest {
        day: Day(0),
        blinded: vec![],
    };
    breaks(&empty, "no token is asked for");
    let nothing = Evaluate {
        key_id: KeyId(1),
        tokens: vec![],
        blinded: vec![],
    };
    breaks(&nothing, "nothing is to be evaluated");
    let free = Evaluate {
        blinded: vec![Element([1; 32])],
        ..nothing
    };
    breaks(&free, "there is not one token for each element");
    let live_without_record = Answer {
        leaf: Some(Signed::sign(leaf(), &secret(ALICE)).unwrap()),
        proof: vec![].into(),
        sealed: None,
        head: cosigned(head(1), &[]),
    };
    let rule = "there is a record without a live leaf, or a live leaf without its record";
    breaks(&live_without_record, rule);
}

#[test]
fn a_domain_on_the_wire_is_in_normal_form() {
    for raw in [
        &b"\x09A.example"[..],
        b"\x01/",
        b"\x00",
        "\x0aü.example".as_bytes(),
    ] {
        assert!(Domain::from_slice(raw).is_err(), "{raw:?}");
    }
    assert_eq!(
        Domain::from_slice(b"\x09a.example").unwrap(),
        domain("a.example")
    );
}

/// One value of each signed struct: label, and what stands in front of the realm.
#[test]
fn every_signed_struct_begins_with_its_realm_under_its_own_label() {
    fn label<T: Signable>(value: &T) -> &'static str {
        let octets = to_be_signed(value).unwrap();
        let label = format!("MLS 1.0 {}", T::LABEL);
        assert_eq!(octets[1..=label.len()], *label.as_bytes());
        let content = value.to_vec().unwrap();
        let realm = value.realm().to_vec().unwrap();
        assert_eq!(content[..realm.len()], realm);
        assert!(octets.ends_with(&content));
        T::LABEL
    }
    let previous = LeafHash([0; 32]);
    let (realm, key_id, index) = (domain("phone.example"), KeyId(1), INDEX);
    let labels = [
        label(&manifest()),
        label(&attestation()),
        label(&mappings()),
        label(&leaf()),
        label(&head(1)),
        label(&Contest {
            realm: realm.clone(),
            key_id,
            index,
            previous,
            holder_key: public(1),
            time: at(0),
        }),
        label(&HolderChange {
            realm: realm.clone(),
            key_id,
            index,
            previous,
            assignment: 2,
            holder_key: public(1),
            basis: Basis::Release,
        }),
        label(&Receipt {
            realm,
            dp: DpId(1),
            key_id,
            index,
            leaf: previous,
            epoch: 1,
        }),
    ];
    let names = "Manifest Attestation MappingSet LeafAuth TreeHead Contest HolderChange Receipt";
    let expected: Vec<_> = names
        .split(' ')
        .map(|n| format!("MIMI Discovery 1.0 {n}"))
        .collect();
    assert_eq!(labels.to_vec(), expected);
}

#[test]
fn what_is_signed_for_one_realm_is_worth_nothing_in_another() {
    use mimi_discovery::VerifyError;
    let here = domain("phone.example");
    let signed = Signed::sign(leaf(), &secret(ALICE)).unwrap();
    assert_eq!(signed.verify(&here, &public(ALICE)), Ok(&leaf()));
    let there = domain("other.example");
    let replayed = signed.verify(&there, &public(ALICE));
    assert_eq!(replayed, Err(VerifyError::OtherRealm));
    let mut renamed = signed;
    renamed.content.realm = there.clone();
    let replayed = renamed.verify(&there, &public(ALICE));
    assert_eq!(replayed, Err(VerifyError::Signature));
    // A key of small order, for which many signatures hold.
    let mut weak = [0; 32];
    weak[0] = 1;
    let mut signature = [0; 64];
    signature[0] = 1;
    let forged = Signed {
        content: leaf(),
        signature: Signature(signature),
    };
    assert_eq!(
        forged.verify(&here, &PublicKey(weak)),
        Err(VerifyError::Signature)
    );
    let no_point = PublicKey([2; 32]);
    let refused = forged.verify(&here, &no_point).unwrap_err();
    assert!(matches!(refused, VerifyError::Key | VerifyError::Signature));
}

/// Once published, these octets stay. What is long is there by its hash.
#[test]
fn the_octets_are_these() {
    fn hex(value: &impl Encode) -> String {
        let octets = value.to_vec().unwrap();
        octets.iter().map(|octet| format!("{octet:02x}")).collect()
    }
    fn hash(value: &impl Encode) -> String {
        let len = value.to_vec().unwrap().len();
        format!("{len} {}", hex(&Digest::of(value).unwrap()))
    }
    insta::assert_snapshot!(hex(&alice()), @"010b2b34393330393031383230");
    insta::assert_snapshot!(hex(&Scope::phone("+49").unwrap()), @"01032b3439");
    insta::assert_snapshot!(hex(&mappings()), @"0d70686f6e652e6578616d706c651d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d000000010000000000000004000000000000000000000001cf7c5800020001405900010d09612e6578616d706c650102000c066f666669636504776f726b003a09622e6578616d706c65010201090909090909090909090909090909090909090909090909090909090909090909612e6578616d706c65020200");
    insta::assert_snapshot!(hex(&leaf()), @"0d70686f6e652e6578616d706c6500011d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d00000001000000000000000401777777777777777777777777777777777777777777777777777777777777777700016e7a1cdd29b0b78fd13af4c5598feff4ef2a97166e3ca6f2e4fbfccd80505bf101666666666666666666666666666666666666666666666666666666666666666601");
    insta::assert_snapshot!(hex(&head(1)), @"0d70686f6e652e6578616d706c65000100010000000000000001000000000f73140088888888888888888888888888888888888888888888888888888888888888889999999999999999999999999999999999999999999999999999999999999999");
    insta::assert_snapshot!(hash(&record()), @"447 c8906ddd6e111231242dfdf4e47768817c6dcd46e790334035a9ffd864a44d92");
    insta::assert_snapshot!(hash(&Signed::sign(manifest(), &secret(OPERATOR)).unwrap()), @"666 7d6459cd46a3eb80f3e1afced15962dfaa0498f58f9bff477c8b6b8c028ce9cd");
    insta::assert_snapshot!(hash(&cosigned(head(1), &[1, 2])), @"296 a5cf393be76c601599044eb0865e7c49c48773aa57eaba0aea97b444854873c3");
    let sealed = seal(&record(), &INDEX, &RecordKey::new(Salt([1; 16]), [2; 32])).unwrap();
    insta::assert_snapshot!(hash(&sealed), @"1056 addffa2181644105c4a87917df72939eb397a6b4b361aa5a51b75362c714e519");
    let publish = Publish {
        csi: alice(),
        csi_salt: CSI_SALT,
        attestation: record().attestation,
        leaf: Signed::sign(leaf(), &secret(ALICE)).unwrap(),
        change: None,
        sealed,
    };
    insta::assert_snapshot!(hash(&publish), @"1510 3fd145ea457fd2817d53c7d0782566bb9e1188cabb6a240328c9830563531970");
}
