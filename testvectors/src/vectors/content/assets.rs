//! `asset`: content outside of messages.

use std::collections::VecDeque;
use std::convert::Infallible;

use mimi_content::assets::{self, Aead, AssetError};
use mimi_content::{AssetKey, ExternalPart, Timestamp};
use openmls_rust_crypto::OpenMlsRustCrypto;
use openmls_traits::OpenMlsProvider;
use openmls_traits::crypto::OpenMlsCrypto;
use openmls_traits::types::{AeadType, HashType};
use rand_core::{TryCryptoRng, TryRng};
use serde_json::{Value, json};

use super::super::procedures::{octets, text};
use super::super::{Case, Family, Outcome, Refused};
use super::message::external;
use crate::hex;

/// Encrypts content with the key and the nonce of the input.
pub(in crate::vectors) fn seal(input: &Value) -> Outcome {
    let aead = match input["enc_alg"].as_u64() {
        Some(1) => Aead::Aes128Gcm,
        Some(2) => Aead::Aes256Gcm,
        other => panic!("{other:?} is no AEAD algorithm"),
    };
    let drawn = [octets(input, "key"), octets(input, "nonce")].concat();
    let mut rng = Drawn(drawn.into());
    let (octets, upload) = assets::seal(octets(input, "content"), aead, &mut rng).unwrap();
    assert!(rng.0.is_empty(), "too long a key or nonce");
    let part = upload.into_part(text(input, "content_type"), text(input, "url"));
    Ok(json!({ "octets": hex::encode(&octets), "part": external(&part) }))
}

/// Describes content that is uploaded as it is.
pub(in crate::vectors) fn publish(input: &Value) -> Outcome {
    let upload = assets::public(&octets(input, "content"));
    let part = upload.into_part(text(input, "content_type"), text(input, "url"));
    Ok(json!({ "part": external(&part) }))
}

/// Opens what was found at the URL of a part.
pub(in crate::vectors) fn open(input: &Value) -> Outcome {
    let part = part(&input["part"]);
    let now = Timestamp::from_millis(number(input, "now"));
    let max_size = number(input, "max_size");
    let opened = assets::open(&part, octets(input, "octets"), now, max_size);
    if opened.is_ok() {
        assert_eq!(assets::check(&part, now, max_size), Ok(()));
    }
    match opened {
        Ok(content) => Ok(json!({ "content": hex::encode(&content) })),
        Err(error) => Err(Refused::new(rule(&error), None)),
    }
}

fn rule(error: &AssetError) -> &'static str {
    match error {
        AssetError::Expired { .. } => "expired",
        AssetError::TooLarge { .. } => "too_large",
        AssetError::Url => "url",
        AssetError::EncAlg(_) => "enc_alg",
        AssetError::Length { field: "key", .. } => "key_length",
        AssetError::Length { field: "nonce", .. } => "nonce_length",
        AssetError::Length { field: "aad", .. } => "aad_length",
        AssetError::Length {
            field: "contentHash",
            ..
        } => "content_hash_length",
        AssetError::Unverifiable { .. } => "unverifiable",
        AssetError::Size { .. } => "size",
        AssetError::Hash => "hash",
        AssetError::Unauthentic => "unauthentic",
        other => panic!("{other} is new here"),
    }
}

fn number(input: &Value, key: &str) -> u64 {
    text(input, key).parse().unwrap()
}

fn small<T: TryFrom<u64>>(input: &Value, key: &str) -> T {
    let number = input[key]
        .as_u64()
        .and_then(|number| number.try_into().ok());
    number.unwrap_or_else(|| panic!("{key}: a small number"))
}

fn part(fields: &Value) -> ExternalPart<'_> {
    ExternalPart {
        content_type: text(fields, "content_type").into(),
        url: text(fields, "url").into(),
        expires: small(fields, "expires"),
        size: number(fields, "size"),
        enc_alg: small(fields, "enc_alg"),
        key: AssetKey::new(octets(fields, "key")),
        nonce: octets(fields, "nonce").into(),
        aad: octets(fields, "aad").into(),
        hash_alg: small(fields, "hash_alg"),
        content_hash: octets(fields, "content_hash").into(),
        description: text(fields, "description").into(),
        filename: text(fields, "filename").into(),
    }
}

/// Gives out what the input says, and nothing more.
struct Drawn(VecDeque<u8>);

impl TryRng for Drawn {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        panic!("a key or a nonce is not a number")
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        panic!("a key or a nonce is not a number")
    }

    fn try_fill_bytes(&mut self, to: &mut [u8]) -> Result<(), Infallible> {
        to.fill_with(|| self.0.pop_front().expect("too short a key or nonce"));
        Ok(())
    }
}

impl TryCryptoRng for Drawn {}

const URL: &str = "https://asset.a.example/8ksB4bSrrRE";
const NOW: u64 = 1_760_000_000_000;
const VIDEO: &[u8] = b"a video of the picnic by the lake";

/// Content that is sealed, as the input of `asset_seal`.
fn to_seal(enc_alg: u16, content: &[u8]) -> Value {
    let key: Vec<u8> = (0x20..if enc_alg == 1 { 0x30 } else { 0x40 }).collect();
    json!({
        "content": hex::encode(content),
        "content_type": "video/mp4",
        "enc_alg": enc_alg,
        "key": hex::encode(&key),
        "nonce": "c8c9cacbcccdcecfd0d1d2d3",
        "url": URL,
    })
}

fn to_publish() -> Value {
    json!({ "content": hex::encode(b"a logo"), "content_type": "image/png", "url": URL })
}

/// What `asset_seal` or `asset_publish` made, as the input of `asset_open`.
fn to_open(made: &Value, octets: &[u8]) -> Value {
    json!({
        "part": made["part"],
        "octets": hex::encode(octets),
        "now": NOW.to_string(),
        "max_size": "100000",
    })
}

/// The same with other fields of the part, or of the input if the name has none.
fn other(input: &Value, changes: &[(&str, Value)]) -> Value {
    let mut input = input.clone();
    for (name, value) in changes {
        let fields = match input["part"].get(name) {
            Some(_) => &mut input["part"],
            None => &mut input,
        };
        assert!(fields.get(name).is_some(), "{name}");
        fields[name] = value.clone();
    }
    input
}

/// The fields of a hash.
fn pinned(hash_alg: u8, digest: &str) -> [(&'static str, Value); 2] {
    [
        ("hash_alg", json!(hash_alg)),
        ("content_hash", json!(digest)),
    ]
}

struct Scene {
    sealed: Value,
    public: Value,
    /// The octets of `sealed`.
    octets: Vec<u8>,
}

fn scene() -> Scene {
    let made = seal(&to_seal(1, VIDEO)).unwrap();
    let octets = hex::literal(text(&made, "octets"));
    Scene {
        sealed: to_open(&made, &octets),
        public: to_open(&publish(&to_publish()).unwrap(), b"a logo"),
        octets,
    }
}

/// What another implementation encrypts, with additional data.
fn with_aad(input: &Value, aad: &[u8]) -> Value {
    let (key, nonce) = (
        octets(&input["part"], "key"),
        octets(&input["part"], "nonce"),
    );
    let provider = OpenMlsRustCrypto::default();
    let sealed = provider
        .crypto()
        .aead_encrypt(AeadType::Aes128Gcm, &key, VIDEO, &nonce, aad)
        .unwrap();
    let hash = hash(HashType::Sha2_256, &sealed);
    let changes = [
        ("octets", json!(hex::encode(&sealed))),
        ("aad", json!(hex::encode(aad))),
        ("content_hash", hash),
    ];
    other(input, &changes)
}

fn hash(algorithm: HashType, octets: &[u8]) -> Value {
    let provider = OpenMlsRustCrypto::default();
    let digest = provider.crypto().hash(algorithm, octets).unwrap();
    json!(hex::encode(&digest))
}

fn opened(scene: &Scene) -> Vec<Case> {
    let Scene {
        sealed,
        public,
        octets,
    } = scene;
    let len = octets.len();
    let long = seal(&to_seal(2, VIDEO)).unwrap();
    let empty = seal(&to_seal(1, b"")).unwrap();
    let made = |made: &Value| to_open(made, &hex::literal(text(made, "octets")));
    let hash_of = |algorithm: u8, kind| {
        let digest = hash(kind, octets);
        [("hash_alg", json!(algorithm)), ("content_hash", digest)]
    };
    let logo = |algorithm: u8, kind| {
        let digest = hash(kind, b"a logo");
        [("hash_alg", json!(algorithm)), ("content_hash", digest)]
    };
    let url = |url: &str| [("url", json!(url))];
    let cases = [
        ("sealed with AES-128-GCM", sealed.clone()),
        ("sealed with AES-256-GCM", made(&long)),
        ("sealed nothing", made(&empty)),
        ("sealed with additional data", with_aad(sealed, b"room")),
        (
            "pinned by SHA-384",
            other(sealed, &hash_of(7, HashType::Sha2_384)),
        ),
        (
            "pinned by SHA-512",
            other(sealed, &hash_of(8, HashType::Sha2_512)),
        ),
        ("pinned by nothing", other(sealed, &pinned(0, ""))),
        (
            "pinned by an unknown hash",
            other(sealed, &pinned(2, "d1d1d1")),
        ),
        ("in clear", public.clone()),
        (
            "in clear, pinned by SHA-384",
            other(public, &logo(7, HashType::Sha2_384)),
        ),
        (
            "in clear, pinned by SHA-512",
            other(public, &logo(8, HashType::Sha2_512)),
        ),
        ("of a size not told", other(sealed, &[("size", json!("0"))])),
        (
            "just not too large",
            other(sealed, &[("max_size", json!(len.to_string()))]),
        ),
        (
            "just not expired",
            other(sealed, &[("expires", json!(NOW / 1000))]),
        ),
        (
            "at an http URL",
            other(sealed, &url("HTTP://asset.a.example")),
        ),
        (
            "at a URL with a query",
            other(sealed, &url("https://[2001:db8::1]:8443?a=%20#b")),
        ),
    ];
    let cases = cases.into_iter();
    cases
        .map(|(name, input)| Case::valid("asset_open", &format!("open: {name}"), input))
        .collect()
}

/// What [`assets::check`] finds out before there is a download.
fn refused_before(scene: &Scene) -> Vec<(&'static str, Value, &'static str)> {
    let Scene { sealed, public, .. } = scene;
    let one = |name, value| other(sealed, &[(name, value)]);
    let zeros = |count: usize| json!("00".repeat(count));
    vec![
        (
            "a millisecond after it expired",
            other(
                sealed,
                &[
                    ("expires", json!(NOW / 1000)),
                    ("now", json!((NOW + 1).to_string())),
                ],
            ),
            "expired",
        ),
        (
            "said to be too large",
            one("size", json!("100001")),
            "too_large",
        ),
        ("without a URL", one("url", json!("")), "url"),
        (
            "a URL of another scheme",
            one("url", json!("ftp://a.example/1")),
            "url",
        ),
        (
            "a URL of a scheme that runs code",
            one("url", json!("javascript:1")),
            "url",
        ),
        (
            "a URL without a host",
            one("url", json!("https:///1")),
            "url",
        ),
        (
            "a URL that ends before the host",
            one("url", json!("https://")),
            "url",
        ),
        (
            "a URL with a space",
            one("url", json!("https://a.example/ 1")),
            "url",
        ),
        (
            "a URL beyond ASCII",
            one("url", json!("https://a.example/\u{e9}")),
            "url",
        ),
        (
            "an unknown AEAD algorithm",
            one("enc_alg", json!(3)),
            "enc_alg",
        ),
        (
            "the last AEAD algorithm",
            one("enc_alg", json!(65535)),
            "enc_alg",
        ),
        ("a key of 15 octets", one("key", zeros(15)), "key_length"),
        (
            "a key of the other algorithm",
            one("enc_alg", json!(2)),
            "key_length",
        ),
        (
            "a key without encryption",
            other(public, &[("key", zeros(16))]),
            "key_length",
        ),
        (
            "a nonce of 11 octets",
            one("nonce", zeros(11)),
            "nonce_length",
        ),
        (
            "a nonce of 13 octets",
            one("nonce", zeros(13)),
            "nonce_length",
        ),
        (
            "a nonce without encryption",
            other(public, &[("nonce", zeros(12))]),
            "nonce_length",
        ),
        (
            "additional data without encryption",
            other(public, &[("aad", zeros(1))]),
            "aad_length",
        ),
        (
            "SHA-256 of 31 octets",
            one("content_hash", zeros(31)),
            "content_hash_length",
        ),
        (
            "SHA-384 of 32 octets",
            one("hash_alg", json!(7)),
            "content_hash_length",
        ),
        (
            "SHA-512 of 32 octets",
            one("hash_alg", json!(8)),
            "content_hash_length",
        ),
        (
            "a hash without an algorithm",
            one("hash_alg", json!(0)),
            "content_hash_length",
        ),
        (
            "no hash and no encryption",
            other(public, &pinned(0, "")),
            "unverifiable",
        ),
        (
            "an unknown hash and no encryption",
            other(public, &pinned(2, "d1")),
            "unverifiable",
        ),
        (
            "expired, and too large, and without a URL",
            other(
                sealed,
                &[
                    ("expires", json!(1)),
                    ("size", json!("100001")),
                    ("url", json!("")),
                ],
            ),
            "expired",
        ),
        (
            "an unknown AEAD algorithm with a key of no length",
            other(sealed, &[("enc_alg", json!(29)), ("key", json!(""))]),
            "enc_alg",
        ),
    ]
}

/// What only shows once the octets are there.
fn refused_after(scene: &Scene) -> Vec<(&'static str, Value, &'static str)> {
    let Scene {
        sealed,
        public,
        octets,
    } = scene;
    let len = octets.len();
    let found = |octets: &[u8]| ("octets", json!(hex::encode(octets)));
    // Without size and hash, only the encryption is left.
    let unpinned = other(
        sealed,
        &[&pinned(0, "")[..], &[("size", json!("0"))]].concat(),
    );
    let changed = |at: usize| {
        let mut octets = octets.clone();
        octets[at] ^= 1;
        octets
    };
    let before = hash(HashType::Sha2_256, VIDEO);
    vec![
        (
            "too large, of a size not told",
            other(
                sealed,
                &[
                    ("size", json!("0")),
                    ("max_size", json!((len - 1).to_string())),
                ],
            ),
            "too_large",
        ),
        (
            "an octet too few",
            other(sealed, &[found(&octets[1..])]),
            "size",
        ),
        (
            "an octet too many",
            other(public, &[found(b"a logo.")]),
            "size",
        ),
        ("no octets", other(sealed, &[found(b"")]), "size"),
        (
            "another first octet",
            other(sealed, &[found(&changed(0))]),
            "hash",
        ),
        (
            "another last octet",
            other(sealed, &[found(&changed(len - 1))]),
            "hash",
        ),
        ("another logo", other(public, &[found(b"a l0go")]), "hash"),
        (
            "the hash of the content in clear",
            other(sealed, &[("content_hash", before)]),
            "hash",
        ),
        (
            "unpinned: another first octet",
            other(&unpinned, &[found(&changed(0))]),
            "unauthentic",
        ),
        (
            "unpinned: another tag",
            other(&unpinned, &[found(&changed(len - 1))]),
            "unauthentic",
        ),
        (
            "unpinned: a tag of 15 octets",
            other(&unpinned, &[found(&octets[..len - 1])]),
            "unauthentic",
        ),
        (
            "unpinned: less than a tag",
            other(&unpinned, &[found(&octets[..15])]),
            "unauthentic",
        ),
        (
            "unpinned: no octets",
            other(&unpinned, &[found(b"")]),
            "unauthentic",
        ),
        (
            "another key",
            other(sealed, &[("key", json!("21".repeat(16)))]),
            "unauthentic",
        ),
        (
            "another nonce",
            other(sealed, &[("nonce", json!("21".repeat(12)))]),
            "unauthentic",
        ),
        (
            "other additional data",
            other(sealed, &[("aad", json!("00"))]),
            "unauthentic",
        ),
        (
            "without its additional data",
            other(&with_aad(sealed, b"room"), &[("aad", json!(""))]),
            "unauthentic",
        ),
    ]
}

pub(in crate::vectors) fn family() -> Family {
    let mut cases = Vec::new();
    for (name, enc_alg, content) in [
        ("seal: with AES-128-GCM", 1, VIDEO),
        ("seal: with AES-256-GCM", 2, VIDEO),
        ("seal: nothing", 1, b""),
        ("seal: a block", 2, &VIDEO[..16]),
    ] {
        cases.push(Case::valid("asset_seal", name, to_seal(enc_alg, content)));
    }
    cases.push(Case::valid(
        "asset_publish",
        "publish: a logo",
        to_publish(),
    ));
    let scene = scene();
    cases.extend(opened(&scene));
    let refused = [refused_before(&scene), refused_after(&scene)].concat();
    cases.extend(refused.into_iter().map(|(name, input, rule)| {
        Case::refused("asset_open", &format!("open: {name}"), input, rule, None)
    }));
    Family {
        family: "asset".to_owned(),
        about:
            "Content outside of messages, encrypted and verified (CONTENT, \"External content\")"
                .to_owned(),
        cases,
    }
}
