//! Content outside of messages.

use std::convert::Infallible;
use std::sync::LazyLock;

use mimi_content::assets::{self, Aead, AssetError};
use mimi_content::{AssetKey, ExternalPart, Timestamp};
use openmls_rust_crypto::OpenMlsRustCrypto;
use openmls_traits::OpenMlsProvider;
use openmls_traits::crypto::OpenMlsCrypto;
use openmls_traits::types::{AeadType, HashType};
use rand_core::{TryCryptoRng, TryRng};

/// Most changes to what a sender made.
const MAX_CHANGES: usize = 6;

/// The other implementation.
static CRYPTO: LazyLock<OpenMlsRustCrypto> = LazyLock::new(OpenMlsRustCrypto::default);

/// Content that a sender seals or publishes, and what becomes of it when part and
/// octets are changed: it is opened if all is consistent by the measure of another
/// implementation of the algorithms, and not otherwise.
///
/// The first octet says how it is made (`% 3`: in clear, AES-128-GCM,
/// AES-256-GCM), the second how many changes follow. Each change is two octets:
/// `kind % 17` and an argument; see `Scene::change`. The rest is the content.
pub fn assets_open(data: &[u8]) {
    is_opened(data);
}

/// Runs [`assets_open`], and tells whether the content is given out.
pub fn is_opened(data: &[u8]) -> bool {
    let [made, changes, rest @ ..] = data else {
        return false;
    };
    let (pairs, _) = rest.as_chunks::<2>();
    let changes = &pairs[..pairs.len().min(usize::from(*changes) % (MAX_CHANGES + 1))];
    let content = &rest[2 * changes.len()..];
    let mut scene = Scene::new(made % 3, content);
    assert_eq!(scene.opened().as_deref(), Ok(content));
    for [kind, argument] in changes {
        scene.change(kind % 17, *argument);
    }
    let checked = assets::check(&scene.part, scene.now, scene.max_size);
    let opened = scene.opened();
    // What is refused before the download is refused after it, for the same reason.
    assert!(checked.is_ok() || opened.as_ref().err() == checked.as_ref().err());
    match (opened, scene.expected()) {
        (Ok(found), Some(expected)) => {
            assert_eq!(found, expected);
            true
        }
        (Err(_), None) => false,
        (Ok(_), None) => panic!("opened what is not consistent: {:?}", scene.part),
        (Err(error), Some(_)) => panic!("{error}: {:?}", scene.part),
    }
}

struct Scene {
    part: ExternalPart<'static>,
    octets: Vec<u8>,
    now: Timestamp,
    max_size: u64,
}

const URLS: [&str; 10] = [
    "https://a.example/1",
    "HTTP://a.example",
    "https://[::1]:8443?a#b",
    "",
    "https://",
    "https:///1",
    "http:a.example",
    "ftp://a.example/1",
    "https://a.example/ 1",
    "https://a.example/\u{e9}",
];

impl Scene {
    fn new(made: u8, content: &[u8]) -> Self {
        let aead = match made {
            1 => Some(Aead::Aes128Gcm),
            2 => Some(Aead::Aes256Gcm),
            _ => None,
        };
        let (octets, upload) = match aead {
            Some(aead) => assets::seal(content.to_vec(), aead, &mut Fixed).unwrap(),
            None => (content.to_vec(), assets::public(content)),
        };
        Scene {
            part: upload.into_part("image/png", URLS[0]),
            octets,
            now: Timestamp::from_millis(100_000),
            max_size: u64::MAX,
        }
    }

    fn opened(&self) -> Result<Vec<u8>, AssetError> {
        assets::open(&self.part, self.octets.clone(), self.now, self.max_size)
    }

    fn change(&mut self, kind: u8, argument: u8) {
        let part = &mut self.part;
        let at = usize::from(argument);
        match kind {
            0 => part.expires = argument.into(),
            1 => self.now = Timestamp::from_millis(u64::from(argument) * 1000 + 1),
            2 => part.size = argument.into(),
            3 => self.max_size = argument.into(),
            4 => part.url = URLS[at % URLS.len()].into(),
            5 => part.enc_alg = argument.into(),
            6 => part.hash_alg = argument,
            7 => {
                let mut key = part.key.as_bytes().to_vec();
                key.resize(at % 40, argument);
                part.key = AssetKey::new(key);
            }
            8 => part.nonce.to_mut().resize(at % 16, argument),
            9 => part.aad.to_mut().resize(at % 4, argument),
            10 => part.content_hash.to_mut().resize(at % 80, argument),
            11 => flip(part.nonce.to_mut(), at),
            12 => flip(part.content_hash.to_mut(), at),
            13 => flip(&mut self.octets, at),
            14 => self.octets.resize(at, argument),
            15 => {
                (part.hash_alg, part.content_hash) = (0, vec![].into());
            }
            _ => {
                part.hash_alg = [1, 7, 8][at % 3];
                part.content_hash = digest(part.hash_alg, &self.octets).unwrap().into();
                part.size = self.octets.len() as u64;
            }
        }
    }

    /// The content, if part and octets belong together.
    fn expected(&self) -> Option<Vec<u8>> {
        let Scene { part, octets, .. } = self;
        let len = octets.len() as u64;
        let in_time =
            part.expires == 0 || self.now <= Timestamp::from_millis(u64::from(part.expires) * 1000);
        let in_size = part.size.max(len) <= self.max_size && [0, len].contains(&part.size);
        let at_url = URLS[..3].contains(&&*part.url);
        let digest = digest(part.hash_alg, octets);
        let pinned = match &digest {
            Some(digest) => part.content_hash == *digest,
            // Another algorithm says nothing, and none has no hash.
            None => part.hash_alg != 0 || part.content_hash.is_empty(),
        };
        if !(in_time && in_size && at_url && pinned) {
            return None;
        }
        let (key, nonce) = (part.key.as_bytes(), &part.nonce);
        let aead = match (part.enc_alg, key.len()) {
            (0, 0) => {
                let plain = nonce.is_empty() && part.aad.is_empty() && digest.is_some();
                return plain.then(|| octets.clone());
            }
            (1, 16) => AeadType::Aes128Gcm,
            (2, 32) => AeadType::Aes256Gcm,
            _ => return None,
        };
        if nonce.len() != 12 {
            return None;
        }
        let crypto = CRYPTO.crypto();
        crypto
            .aead_decrypt(aead, key, octets, nonce, &part.aad)
            .ok()
    }
}

fn flip(octets: &mut [u8], at: usize) {
    let at = at % octets.len().max(1);
    if let Some(octet) = octets.get_mut(at) {
        *octet ^= 1;
    }
}

fn digest(algorithm: u8, octets: &[u8]) -> Option<Vec<u8>> {
    let algorithm = match algorithm {
        1 => HashType::Sha2_256,
        7 => HashType::Sha2_384,
        8 => HashType::Sha2_512,
        _ => return None,
    };
    CRYPTO.crypto().hash(algorithm, octets).ok()
}

/// The same key and nonce each time, so that a run can be repeated.
struct Fixed;

impl TryRng for Fixed {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(0x2121_2121)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(0x2121_2121_2121_2121)
    }

    fn try_fill_bytes(&mut self, to: &mut [u8]) -> Result<(), Infallible> {
        to.fill(0x21);
        Ok(())
    }
}

impl TryCryptoRng for Fixed {}
