//! The cases of `asset`.

use openmls_rust_crypto::OpenMlsRustCrypto;
use openmls_traits::OpenMlsProvider;
use openmls_traits::crypto::OpenMlsCrypto;
use openmls_traits::types::{AeadType, HashType};
use serde_json::{Value, json};

use super::{publish, seal};
use crate::hex;
use crate::vectors::procedures::{octets, text};
use crate::vectors::{Case, Family};

const URL: &str = "https://asset.a.example/8ksB4bSrrRE";
const NOW: u64 = 1_760_000_000_000;
const LOGO: &[u8] = b"a logo";
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
    json!({ "content": hex::encode(LOGO), "content_type": "image/png", "url": URL })
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
        public: to_open(&publish(&to_publish()).unwrap(), LOGO),
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
        ("content_hash", json!(hash)),
    ];
    other(input, &changes)
}

fn hash(algorithm: HashType, octets: &[u8]) -> String {
    let provider = OpenMlsRustCrypto::default();
    hex::encode(&provider.crypto().hash(algorithm, octets).unwrap())
}

#[rustfmt::skip] // one line a case
fn opened(scene: &Scene) -> Vec<(&'static str, Value)> {
    let Scene { sealed, public, octets } = scene;
    let len = octets.len().to_string();
    let made = |made: &Value| to_open(made, &hex::literal(text(made, "octets")));
    let long = made(&seal(&to_seal(2, VIDEO)).unwrap());
    let empty = made(&seal(&to_seal(1, b"")).unwrap());
    let video = |kind| hash(kind, octets);
    let logo = |kind| hash(kind, LOGO);
    let url = |url: &str| other(sealed, &[("url", json!(url))]);
    vec![
        ("sealed with AES-128-GCM", sealed.clone()),
        ("sealed with AES-256-GCM", long),
        ("sealed nothing", empty),
        ("sealed with additional data", with_aad(sealed, b"room")),
        ("pinned by SHA-384", other(sealed, &pinned(7, &video(HashType::Sha2_384)))),
        ("pinned by SHA-512", other(sealed, &pinned(8, &video(HashType::Sha2_512)))),
        ("pinned by nothing", other(sealed, &pinned(0, ""))),
        ("pinned by an unknown hash", other(sealed, &pinned(2, "d1d1d1"))),
        ("in clear", public.clone()),
        ("in clear, pinned by SHA-384", other(public, &pinned(7, &logo(HashType::Sha2_384)))),
        ("in clear, pinned by SHA-512", other(public, &pinned(8, &logo(HashType::Sha2_512)))),
        ("of a size not told", other(sealed, &[("size", json!("0"))])),
        ("just not too large", other(sealed, &[("max_size", json!(len))])),
        ("just not expired", other(sealed, &[("expires", json!(NOW / 1000))])),
        ("at an http URL", url("HTTP://asset.a.example")),
        ("at a URL with a query", url("https://[2001:db8::1]:8443?a=%20#b")),
    ]
}

/// What shows before there is a download.
#[rustfmt::skip] // one line a case
fn refused_before(scene: &Scene) -> Vec<(&'static str, Value, &'static str)> {
    let Scene { sealed, public, .. } = scene;
    let one = |name, value| other(sealed, &[(name, value)]);
    let url = |url: &str| one("url", json!(url));
    let clear = |name, value| other(public, &[(name, value)]);
    let zeros = |count: usize| json!("00".repeat(count));
    let late = [("expires", json!(NOW / 1000)), ("now", json!((NOW + 1).to_string()))];
    let bad = [("expires", json!(1)), ("size", json!("100001")), ("url", json!(""))];
    let unknown = [("enc_alg", json!(29)), ("key", json!(""))];
    vec![
        ("a millisecond after it expired", other(sealed, &late), "expired"),
        ("expired, and too large, and without a URL", other(sealed, &bad), "expired"),
        ("said to be too large", one("size", json!("100001")), "too_large"),
        ("without a URL", url(""), "url"),
        ("a URL of another scheme", url("ftp://a.example/1"), "url"),
        ("a URL of a scheme that runs code", url("javascript:1"), "url"),
        ("a URL without a host", url("https:///1"), "url"),
        ("a URL that ends before the host", url("https://"), "url"),
        ("a URL with a space", url("https://a.example/ 1"), "url"),
        ("a URL beyond ASCII", url("https://a.example/\u{e9}"), "url"),
        ("an unknown AEAD algorithm", one("enc_alg", json!(3)), "enc_alg"),
        ("the last AEAD algorithm", one("enc_alg", json!(65535)), "enc_alg"),
        ("an unknown algorithm without a key", other(sealed, &unknown), "enc_alg"),
        ("a key of 15 octets", one("key", zeros(15)), "key_length"),
        ("a key of the other algorithm", one("enc_alg", json!(2)), "key_length"),
        ("a key without encryption", clear("key", zeros(16)), "key_length"),
        ("a nonce of 11 octets", one("nonce", zeros(11)), "nonce_length"),
        ("a nonce of 13 octets", one("nonce", zeros(13)), "nonce_length"),
        ("a nonce without encryption", clear("nonce", zeros(12)), "nonce_length"),
        ("additional data without encryption", clear("aad", zeros(1)), "aad_length"),
        ("SHA-256 of 31 octets", one("content_hash", zeros(31)), "content_hash_length"),
        ("SHA-384 of 32 octets", one("hash_alg", json!(7)), "content_hash_length"),
        ("SHA-512 of 32 octets", one("hash_alg", json!(8)), "content_hash_length"),
        ("a hash without an algorithm", one("hash_alg", json!(0)), "content_hash_length"),
        ("no hash and no encryption", other(public, &pinned(0, "")), "unverifiable"),
        ("an unknown hash and no encryption", other(public, &pinned(2, "d1")), "unverifiable"),
    ]
}

/// What only shows once the octets are there.
#[rustfmt::skip] // one line a case
fn refused_after(scene: &Scene) -> Vec<(&'static str, Value, &'static str)> {
    let Scene { sealed, public, octets } = scene;
    let one = |name, value| other(sealed, &[(name, value)]);
    let last = octets.len() - 1;
    let too_large = [("size", json!("0")), ("max_size", json!(last.to_string()))];
    let found = |input: &Value, octets: &[u8]| {
        other(input, &[("octets", json!(hex::encode(octets)))])
    };
    // Without size and hash, only the encryption is left.
    let unpinned = other(sealed, &[&pinned(0, "")[..], &[("size", json!("0"))]].concat());
    let changed = |at: usize| {
        let mut octets = octets.clone();
        octets[at] ^= 1;
        octets
    };
    let without_aad = other(&with_aad(sealed, b"room"), &[("aad", json!(""))]);
    let in_clear = json!(hash(HashType::Sha2_256, VIDEO));
    vec![
        ("too large, of a size not told", other(sealed, &too_large), "too_large"),
        ("an octet too few", found(sealed, &octets[1..]), "size"),
        ("an octet too many", found(public, b"a logo."), "size"),
        ("no octets", found(sealed, b""), "size"),
        ("another first octet", found(sealed, &changed(0)), "hash"),
        ("another last octet", found(sealed, &changed(last)), "hash"),
        ("another logo", found(public, b"a l0go"), "hash"),
        ("the hash of the content in clear", one("content_hash", in_clear), "hash"),
        ("unpinned: another first octet", found(&unpinned, &changed(0)), "unauthentic"),
        ("unpinned: another tag", found(&unpinned, &changed(last)), "unauthentic"),
        ("unpinned: a tag of 15 octets", found(&unpinned, &octets[..last]), "unauthentic"),
        ("unpinned: less than a tag", found(&unpinned, &octets[..15]), "unauthentic"),
        ("unpinned: no octets", found(&unpinned, b""), "unauthentic"),
        ("another key", one("key", json!("21".repeat(16))), "unauthentic"),
        ("another nonce", one("nonce", json!("21".repeat(12))), "unauthentic"),
        ("other additional data", one("aad", json!("00")), "unauthentic"),
        ("without its additional data", without_aad, "unauthentic"),
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
    for (name, input) in opened(&scene) {
        let name = format!("open: {name}");
        cases.push(Case::valid("asset_open", &name, input));
    }
    for (name, input, rule) in [refused_before(&scene), refused_after(&scene)].concat() {
        let name = format!("open: {name}");
        cases.push(Case::refused("asset_open", &name, input, rule, None));
    }
    Family {
        family: "asset".to_owned(),
        about:
            "Content outside of messages, encrypted and verified (CONTENT, \"External content\")"
                .to_owned(),
        cases,
    }
}
