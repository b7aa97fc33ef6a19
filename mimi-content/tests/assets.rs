//! Content outside of messages: sealing, and opening only what is verified.

#![cfg(feature = "assets")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::as_conversions,
    reason = "helpers of tests fail by panicking, as tests do"
)]

use std::convert::Infallible;

use chacha20::ChaCha20Rng;
use mimi_content::assets::{self, Aead, AssetError, Upload};
use mimi_content::{AssetKey, ExternalPart, MimiContent, NestedPart, Part, Salt, Timestamp};
use proptest::prelude::*;
use rand_core::{SeedableRng, TryCryptoRng, TryRng};
use sha2::{Digest, Sha256, Sha384, Sha512};

const AEADS: [Aead; 2] = [Aead::Aes128Gcm, Aead::Aes256Gcm];
const NOW: Timestamp = Timestamp::from_millis(1_760_000_000_000);
const MAX: u64 = 1 << 20;
const URL: &str = "https://files.a.example/8ksB4bSrrRE";

fn rng() -> ChaCha20Rng {
    ChaCha20Rng::from_seed([42; 32])
}

fn sealed(content: &[u8], aead: Aead) -> (Vec<u8>, ExternalPart<'static>) {
    let (octets, upload) = assets::seal(content.to_vec(), aead, &mut rng()).unwrap();
    (octets, upload.into_part("video/mp4", URL))
}

fn public(octets: &[u8]) -> ExternalPart<'static> {
    assets::public(octets).into_part("image/png", URL)
}

fn open(part: &ExternalPart, octets: &[u8]) -> Result<Vec<u8>, AssetError> {
    assets::open(part, octets.to_vec(), NOW, MAX)
}

/// Refused already before the download, and after it as well.
fn assert_refused(part: &ExternalPart, octets: &[u8], error: &AssetError) {
    assert_eq!(assets::check(part, NOW, MAX).as_ref(), Err(error));
    assert_eq!(open(part, octets).as_ref(), Err(error));
}

/// Worth a download, which then turns out not to be what was announced.
fn assert_not_opened(part: &ExternalPart, octets: &[u8], error: &AssetError) {
    assert_eq!(assets::check(part, NOW, MAX), Ok(()));
    assert_eq!(open(part, octets).as_ref(), Err(error));
}

fn length(field: &'static str, expected: usize, found: usize) -> AssetError {
    AssetError::Length {
        field,
        expected,
        found,
    }
}

#[test]
fn what_is_sealed_opens_after_a_trip_in_a_message() {
    for (aead, enc_alg, key_len) in [(Aead::Aes128Gcm, 1, 16), (Aead::Aes256Gcm, 2, 32)] {
        let (octets, part) = sealed(b"a video", aead);
        assert_eq!(octets.len(), b"a video".len() + 16);
        assert_eq!(part.content_type, "video/mp4");
        assert_eq!(part.url, URL);
        assert_eq!((part.expires, part.size), (0, octets.len() as u64));
        assert_eq!(
            (part.enc_alg, part.key.as_bytes().len()),
            (enc_alg, key_len)
        );
        assert_eq!((part.nonce.len(), part.aad.len()), (12, 0));
        assert_eq!(part.hash_alg, 1);
        assert_eq!(part.content_hash[..], Sha256::digest(&octets)[..]);
        assert_eq!((&*part.description, &*part.filename), ("", ""));

        let body = NestedPart {
            part: Part::External(Box::new(part)),
            ..NestedPart::null()
        };
        let message = MimiContent::new(Salt::new([1; 16]), body).encode();
        let received = MimiContent::decode(&message).unwrap();
        let Part::External(part) = received.body.part else {
            panic!("the part is not external any more");
        };
        assert_eq!(open(&part, &octets).unwrap(), b"a video");
    }
}

#[test]
fn no_two_uploads_share_a_key_or_a_nonce() {
    for aead in AEADS {
        let mut rng = rng();
        let mut seal = || {
            let (octets, upload) = assets::seal(vec![0; 64], aead, &mut rng).unwrap();
            (octets, upload.into_part("", URL))
        };
        let ((first, one), (second, other)) = (seal(), seal());
        assert_ne!(one.key, other.key);
        assert_ne!(one.nonce, other.nonce);
        assert_ne!(first, second);
        assert_eq!(open(&one, &second), Err(AssetError::Hash));
    }
}

#[test]
fn sealing_needs_no_second_buffer() {
    let mut content = Vec::with_capacity(1016);
    content.resize(1000, 7);
    let at = content.as_ptr();
    let (octets, upload) = assets::seal(content, Aead::Aes128Gcm, &mut rng()).unwrap();
    assert_eq!(octets.as_ptr(), at);
    let part = upload.into_part("", URL);
    let content = assets::open(&part, octets, NOW, MAX).unwrap();
    assert_eq!(content.as_ptr(), at);
    assert_eq!(content, [7; 1000]);
}

#[test]
fn public_content_is_pinned_by_its_hash() {
    let part = public(b"a logo");
    assert_eq!(part.enc_alg, 0);
    assert!(part.key.as_bytes().is_empty() && part.nonce.is_empty() && part.aad.is_empty());
    assert_eq!(open(&part, b"a logo").unwrap(), b"a logo");
    assert_not_opened(&part, b"a l0go", &AssetError::Hash);
}

/// Octets for the key and the nonce that a vector has.
struct Scripted(Vec<u8>);

impl TryRng for Scripted {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        panic!("keys are not drawn by the word")
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        panic!("keys are not drawn by the word")
    }

    fn try_fill_bytes(&mut self, to: &mut [u8]) -> Result<(), Infallible> {
        let rest = self.0.split_off(to.len());
        to.copy_from_slice(&self.0);
        self.0 = rest;
        Ok(())
    }
}

impl TryCryptoRng for Scripted {}

fn hex(text: &str) -> Vec<u8> {
    let digit = |digit: u8| char::from(digit).to_digit(16).unwrap() as u8;
    text.as_bytes()
        .chunks(2)
        .map(|pair| digit(pair[0]) << 4 | digit(pair[1]))
        .collect()
}

struct Vector {
    aead: Aead,
    key: &'static str,
    nonce: &'static str,
    aad: &'static str,
    plaintext: &'static str,
    ciphertext: &'static str,
    tag: &'static str,
}

/// Known answers of NIST: of the GCM submission, and of the CAVP files
/// `gcmEncryptExtIV128.rsp` and `gcmEncryptExtIV256.rsp`.
const VECTORS: [Vector; 11] = [
    Vector {
        aead: Aead::Aes128Gcm,
        key: "00000000000000000000000000000000",
        nonce: "000000000000000000000000",
        aad: "",
        plaintext: "",
        ciphertext: "",
        tag: "58e2fccefa7e3061367f1d57a4e7455a",
    },
    Vector {
        aead: Aead::Aes128Gcm,
        key: "00000000000000000000000000000000",
        nonce: "000000000000000000000000",
        aad: "",
        plaintext: "00000000000000000000000000000000",
        ciphertext: "0388dace60b6a392f328c2b971b2fe78",
        tag: "ab6e47d42cec13bdf53a67b21257bddf",
    },
    Vector {
        aead: Aead::Aes128Gcm,
        key: "feffe9928665731c6d6a8f9467308308",
        nonce: "cafebabefacedbaddecaf888",
        aad: "",
        plaintext: "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72\
                    1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255",
        ciphertext: "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e\
                     21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091473f5985",
        tag: "4d5c2af327cd64a62cf35abd2ba6fab4",
    },
    Vector {
        aead: Aead::Aes128Gcm,
        key: "feffe9928665731c6d6a8f9467308308",
        nonce: "cafebabefacedbaddecaf888",
        aad: "feedfacedeadbeeffeedfacedeadbeefabaddad2",
        plaintext: "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72\
                    1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
        ciphertext: "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e\
                     21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091",
        tag: "5bc94fbc3221a5db94fae95ae7121a47",
    },
    Vector {
        aead: Aead::Aes256Gcm,
        key: "0000000000000000000000000000000000000000000000000000000000000000",
        nonce: "000000000000000000000000",
        aad: "",
        plaintext: "",
        ciphertext: "",
        tag: "530f8afbc74536b9a963b4f1c4cb738b",
    },
    Vector {
        aead: Aead::Aes256Gcm,
        key: "0000000000000000000000000000000000000000000000000000000000000000",
        nonce: "000000000000000000000000",
        aad: "",
        plaintext: "00000000000000000000000000000000",
        ciphertext: "cea7403d4d606b6e074ec5d3baf39d18",
        tag: "d0d1c8a799996bf0265b98b5d48ab919",
    },
    Vector {
        aead: Aead::Aes256Gcm,
        key: "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
        nonce: "cafebabefacedbaddecaf888",
        aad: "feedfacedeadbeeffeedfacedeadbeefabaddad2",
        plaintext: "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72\
                    1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
        ciphertext: "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa\
                     8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662",
        tag: "76fc6ece0f4e1768cddf8853bb2d551b",
    },
    Vector {
        aead: Aead::Aes128Gcm,
        key: "11754cd72aec309bf52f7687212e8957",
        nonce: "3c819d9a9bed087615030b65",
        aad: "",
        plaintext: "",
        ciphertext: "",
        tag: "250327c674aaf477aef2675748cf6971",
    },
    Vector {
        aead: Aead::Aes128Gcm,
        key: "7fddb57453c241d03efbed3ac44e371c",
        nonce: "ee283a3fc75575e33efd4887",
        aad: "",
        plaintext: "d5de42b461646c255c87bd2962d3b9a2",
        ciphertext: "2ccda4a5415cb91e135c2a0f78c9b2fd",
        tag: "b36d1df9b9d5e596f83e8b7f52971cb3",
    },
    Vector {
        aead: Aead::Aes256Gcm,
        key: "b52c505a37d78eda5dd34f20c22540ea1b58963cf8e5bf8ffa85f9f2492505b4",
        nonce: "516c33929df5a3284ff463d7",
        aad: "",
        plaintext: "",
        ciphertext: "",
        tag: "bdc1ac884d332457a1d2664f168c76f0",
    },
    Vector {
        aead: Aead::Aes256Gcm,
        key: "31bdadd96698c204aa9ce1448ea94ae1fb4a9a0b3c9d773b51bb1822666b8f22",
        nonce: "0d18e06c7c725ac9e362e1ce",
        aad: "",
        plaintext: "2db5168e932556f8089a0622981d017d",
        ciphertext: "fa4362189661d163fcd6a56d8bf0405a",
        tag: "d636ac1bbedd5cc3ee727dc2ab4a9489",
    },
];

#[test]
fn sealing_and_opening_agree_with_nist() {
    for vector in VECTORS {
        let (key, nonce) = (hex(vector.key), hex(vector.nonce));
        let (plaintext, aad) = (hex(vector.plaintext), hex(vector.aad));
        let expected = [hex(vector.ciphertext), hex(vector.tag)].concat();
        if aad.is_empty() {
            let mut rng = Scripted([&key[..], &nonce].concat());
            let (octets, upload) = assets::seal(plaintext.clone(), vector.aead, &mut rng).unwrap();
            let part = upload.into_part("", URL);
            assert_eq!(
                (part.key.as_bytes(), &part.nonce[..]),
                (&key[..], &nonce[..])
            );
            assert_eq!(octets, expected);
        }
        let part = ExternalPart {
            url: URL.into(),
            enc_alg: if key.len() == 16 { 1 } else { 2 },
            key: AssetKey::new(key),
            nonce: nonce.into(),
            aad: aad.into(),
            ..ExternalPart::default()
        };
        assert_eq!(open(&part, &expected).unwrap(), plaintext);
    }
}

/// Without what else would be noticed first.
fn only_encrypted<'a>(part: &ExternalPart<'a>) -> ExternalPart<'a> {
    ExternalPart {
        size: 0,
        hash_alg: 0,
        content_hash: Vec::new().into(),
        ..part.clone()
    }
}

#[test]
fn a_server_cannot_change_cut_or_extend_the_octets() {
    for aead in AEADS {
        let (octets, part) = sealed(b"a video", aead);
        let bare = only_encrypted(&part);
        for at in 0..octets.len() {
            for bit in 0..8 {
                let mut changed = octets.clone();
                changed[at] ^= 1 << bit;
                assert_eq!(open(&part, &changed), Err(AssetError::Hash));
                assert_eq!(open(&bare, &changed), Err(AssetError::Unauthentic));
            }
            let found = at as u64;
            let expected = part.size;
            let cut = &octets[..at];
            assert_eq!(open(&part, cut), Err(AssetError::Size { expected, found }));
            assert_eq!(open(&bare, cut), Err(AssetError::Unauthentic));
        }
        let longer = [&octets[..], &[0]].concat();
        assert!(matches!(open(&part, &longer), Err(AssetError::Size { .. })));
        assert_eq!(open(&bare, &longer), Err(AssetError::Unauthentic));
    }
}

#[test]
fn each_field_of_the_part_is_held_to() {
    for aead in AEADS {
        let (octets, part) = sealed(b"a video", aead);
        let change = |f: &dyn Fn(&mut ExternalPart)| {
            let mut changed = part.clone();
            f(&mut changed);
            changed
        };
        let flip = |value: &[u8]| {
            let mut value = value.to_vec();
            *value.last_mut().unwrap() ^= 1;
            value
        };
        let key = change(&|p| p.key = AssetKey::new(flip(p.key.as_bytes())));
        assert_not_opened(&key, &octets, &AssetError::Unauthentic);
        let nonce = change(&|p| p.nonce = flip(&p.nonce).into());
        assert_not_opened(&nonce, &octets, &AssetError::Unauthentic);
        let aad = change(&|p| p.aad = vec![0].into());
        assert_not_opened(&aad, &octets, &AssetError::Unauthentic);
        let hash = change(&|p| p.content_hash = flip(&p.content_hash).into());
        assert_not_opened(&hash, &octets, &AssetError::Hash);
        let found = part.size;
        for expected in [found - 1, found + 1] {
            let size = change(&|p| p.size = expected);
            assert_not_opened(&size, &octets, &AssetError::Size { expected, found });
        }

        let key_len = part.key.as_bytes().len();
        for found in [0, key_len - 1, key_len + 1, 48 - key_len] {
            let key = change(&|p| p.key = AssetKey::new(vec![0; found]));
            assert_refused(&key, &octets, &length("key", key_len, found));
        }
        for found in [0, 11, 13, 16] {
            let nonce = change(&|p| p.nonce = vec![0; found].into());
            assert_refused(&nonce, &octets, &length("nonce", 12, found));
        }
        for found in [0, 31, 33] {
            let hash = change(&|p| p.content_hash = vec![0; found].into());
            assert_refused(&hash, &octets, &length("contentHash", 32, found));
        }
        for unknown in [3, 29, u16::MAX] {
            let alg = change(&|p| p.enc_alg = unknown);
            assert_refused(&alg, &octets, &AssetError::EncAlg(unknown));
        }
        let other = if part.enc_alg == 1 { (2, 32) } else { (1, 16) };
        let alg = change(&|p| p.enc_alg = other.0);
        assert_refused(&alg, &octets, &length("key", other.1, key_len));
        let alg = change(&|p| p.enc_alg = 0);
        assert_refused(&alg, &octets, &length("key", 0, key_len));
    }
}

#[test]
fn without_encryption_there_is_neither_key_nor_nonce_nor_aad() {
    let part = public(b"a logo");
    let (mut key, mut nonce, mut aad) = (part.clone(), part.clone(), part);
    key.key = AssetKey::new(vec![0]);
    nonce.nonce = vec![0].into();
    aad.aad = vec![0].into();
    for (field, part) in [("key", key), ("nonce", nonce), ("aad", aad)] {
        assert_refused(&part, b"a logo", &length(field, 0, 1));
    }
}

#[test]
fn the_additional_data_of_others_is_honoured() {
    let vector = &VECTORS[3];
    let octets = [hex(vector.ciphertext), hex(vector.tag)].concat();
    let mut part = ExternalPart {
        url: URL.into(),
        enc_alg: 1,
        key: AssetKey::new(hex(vector.key)),
        nonce: hex(vector.nonce).into(),
        ..ExternalPart::default()
    };
    assert_not_opened(&part, &octets, &AssetError::Unauthentic);
    part.aad = hex(vector.aad).into();
    assert_eq!(open(&part, &octets).unwrap(), hex(vector.plaintext));
}

#[test]
fn hashes_of_three_lengths_pin() {
    let octets = b"a logo";
    let hashes = [
        (1, Sha256::digest(octets).to_vec()),
        (7, Sha384::digest(octets).to_vec()),
        (8, Sha512::digest(octets).to_vec()),
    ];
    for (hash_alg, content_hash) in hashes {
        let len = content_hash.len();
        let mut part = ExternalPart {
            hash_alg,
            content_hash: content_hash.into(),
            ..public(octets)
        };
        assert_eq!(open(&part, octets).unwrap(), octets);
        assert_not_opened(&part, b"a l0go", &AssetError::Hash);
        part.content_hash.to_mut().truncate(len - 1);
        assert_refused(&part, octets, &length("contentHash", len, len - 1));
    }
}

#[test]
fn nothing_that_nothing_verifies_is_given_out() {
    let octets = b"a logo";
    // No hash, hashes that are truncated, and ones that are not known.
    for hash_alg in [0, 2, 6, 9, 255] {
        let part = ExternalPart {
            hash_alg,
            content_hash: vec![0; if hash_alg == 0 { 0 } else { 32 }].into(),
            ..public(octets)
        };
        assert_refused(&part, octets, &AssetError::Unverifiable { hash_alg });
    }
    let part = ExternalPart {
        hash_alg: 0,
        ..public(octets)
    };
    assert_refused(&part, octets, &length("contentHash", 0, 32));
}

#[test]
fn an_unknown_hash_does_not_keep_encrypted_content_shut() {
    let (octets, mut part) = sealed(b"a video", Aead::Aes128Gcm);
    part.hash_alg = 200;
    part.content_hash = vec![1, 2, 3].into();
    assert_eq!(open(&part, &octets).unwrap(), b"a video");
    let mut changed = octets;
    changed[0] ^= 1;
    assert_not_opened(&part, &changed, &AssetError::Unauthentic);
}

#[test]
fn content_expires_after_its_last_moment() {
    let (octets, mut part) = sealed(b"a video", Aead::Aes128Gcm);
    part.expires = 1_760_000_000;
    assert_eq!(open(&part, &octets).unwrap(), b"a video");
    let later = NOW.plus_millis(1);
    let expired = Err(AssetError::Expired { at: 1_760_000_000 });
    assert_eq!(assets::check(&part, later, MAX), expired);
    assert_eq!(
        assets::open(&part, octets, later, MAX),
        Err(AssetError::Expired { at: 1_760_000_000 })
    );

    let end = Timestamp::from_millis(u64::from(u32::MAX) * 1000);
    part.expires = u32::MAX;
    assert_eq!(assets::check(&part, end, MAX), Ok(()));
    assert!(assets::check(&part, end.plus_millis(1), MAX).is_err());
    part.expires = 0;
    let never = Timestamp::from_millis(u64::MAX);
    assert_eq!(assets::check(&part, never, MAX), Ok(()));
}

#[test]
fn the_receiver_says_how_much_it_takes() {
    let (octets, mut part) = sealed(b"a video", Aead::Aes128Gcm);
    let size = part.size;
    let open = |part: &ExternalPart, max| assets::open(part, octets.clone(), NOW, max);
    let too_large = |max| AssetError::TooLarge { size, max };
    assert_eq!(assets::check(&part, NOW, size), Ok(()));
    assert_eq!(open(&part, size).unwrap(), b"a video");
    assert_eq!(
        assets::check(&part, NOW, size - 1),
        Err(too_large(size - 1))
    );
    assert_eq!(open(&part, size - 1), Err(too_large(size - 1)));

    // Not told in advance.
    part.size = 0;
    assert_eq!(assets::check(&part, NOW, 0), Ok(()));
    assert_eq!(open(&part, size).unwrap(), b"a video");
    assert_eq!(open(&part, size - 1), Err(too_large(size - 1)));

    // Told a lie.
    part.size = u64::MAX;
    let lie = AssetError::TooLarge {
        size: u64::MAX,
        max: MAX,
    };
    assert_eq!(assets::check(&part, NOW, MAX), Err(lie));
}

#[test]
fn empty_content_is_content_too() {
    let part = public(b"");
    assert_eq!(open(&part, b"").unwrap(), b"");
    assert_not_opened(&part, b"a", &AssetError::Hash);
    let (octets, part) = sealed(b"", Aead::Aes256Gcm);
    assert_eq!(part.size, 16);
    assert_eq!(open(&part, &octets).unwrap(), b"");
}

#[test]
fn downloads_are_from_the_web() {
    let with_url = |url: &str| ExternalPart {
        url: url.to_owned().into(),
        ..public(b"a logo")
    };
    for url in [
        "https://a.example/x",
        "http://a.example",
        "HTTPS://a.example:8443/x?y#z",
        "https://[2001:db8::1]/",
        "https://[2001:db8::1]:8443/",
        "https://user@a.example/%7Ex",
    ] {
        assert_eq!(open(&with_url(url), b"a logo").unwrap(), b"a logo", "{url}");
    }
    for url in [
        "",
        "https",
        "https:",
        "https://",
        "https:///etc/passwd",
        "https://?x",
        "https://#x",
        "https:a.example",
        "//a.example/x",
        "file:///etc/passwd",
        "ftp://a.example/x",
        "data:text/plain,x",
        "javascript://a.example/%0aalert(1)",
        " https://a.example/x",
        "https://a.example/x y",
        "https://a.example/x\r\nCookie: y",
        "https://a.example/\u{7f}",
        "https://ä.example/",
        "https://:8443/x",
        "https://@/x",
        "https://user@:1/x",
        "https://a.example/%",
        "https://a.example/%7",
        "https://a.example/%7g",
        "https://a.example/<x>",
        "https://a.example/{x}",
        "https://a.example/x|y",
        "https://a.example\\@b.example/",
    ] {
        assert_refused(&with_url(url), b"a logo", &AssetError::Url);
    }
}

#[test]
fn debug_shows_neither_keys_nor_content_nor_places() {
    let (_, upload) = assets::seal(b"a video".to_vec(), Aead::Aes128Gcm, &mut rng()).unwrap();
    insta::assert_snapshot!(
        format!("{upload:?}"),
        @"Upload(ExternalPart { content_type: 0 octets, expires: 0, size: 23, enc_alg: 1, hash_alg: 1, .. })"
    );
}

#[test]
fn errors_say_what_is_wrong() {
    let errors = [
        AssetError::Expired { at: 1_760_000_000 },
        AssetError::TooLarge { size: 3, max: 2 },
        AssetError::Url,
        AssetError::EncAlg(3),
        length("key", 16, 15),
        AssetError::Unverifiable { hash_alg: 9 },
        AssetError::Size {
            expected: 3,
            found: 2,
        },
        AssetError::Hash,
        AssetError::Unauthentic,
    ];
    let texts: Vec<String> = errors.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(texts.join("\n"), @"
    the content was valid until 1760000000 seconds after the Unix epoch
    3 octets are more than 2
    the URL is no http or https URL with a host
    the content is encrypted with AEAD algorithm 3, which is not known
    key has 15 octets, not 16
    nothing verifies the content: no encryption, and hash algorithm 9
    there are 2 octets, not 3
    the octets have another hash than the message says
    the octets are not authentic
    ");
}

#[test]
fn an_upload_can_wait_for_its_url_elsewhere() {
    fn assert_send<T: Send + Sync + 'static>() {}
    assert_send::<Upload>();
}

proptest! {
    #[test]
    fn whatever_is_sealed_opens(content: Vec<u8>, large: bool, seed: [u8; 32]) {
        let aead = if large { Aead::Aes256Gcm } else { Aead::Aes128Gcm };
        let mut rng = ChaCha20Rng::from_seed(seed);
        let (octets, upload) = assets::seal(content.clone(), aead, &mut rng).unwrap();
        let part = upload.into_part("", URL);
        prop_assert_eq!(octets.len(), content.len() + 16);
        prop_assert_eq!(open(&part, &octets), Ok(content));
    }

    #[test]
    fn other_octets_never_open(
        content: Vec<u8>,
        octets: Vec<u8>,
        pinned: bool,
    ) {
        let (right, part) = sealed(&content, Aead::Aes128Gcm);
        prop_assume!(right != octets);
        let part = if pinned { part } else { only_encrypted(&part) };
        prop_assert!(open(&part, &octets).is_err());
    }
}
