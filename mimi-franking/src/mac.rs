//! HMAC-SHA256 with keys of a fixed size.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

/// Size of a SHA-256 block in octets, and so of the key that HMAC works with.
const BLOCK: usize = 64;

/// HMAC-SHA256 over the concatenation of `parts`.
///
/// HMAC fills a key shorter than a block with zeros. Doing so here lets a key
/// of fixed size be taken without a case that fails.
pub(crate) fn hmac_sha256<const N: usize>(key: &[u8; N], parts: &[&[u8]]) -> [u8; 32] {
    const { assert!(N <= BLOCK, "longer keys would have to be hashed first") };
    let mut block = Zeroizing::new([0; BLOCK]);
    for (slot, octet) in block.iter_mut().zip(key) {
        *slot = *octet;
    }
    let mut mac = Hmac::<Sha256>::new((&*block).into());
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(octets: &[u8]) -> String {
        octets.iter().map(|octet| format!("{octet:02x}")).collect()
    }

    #[test]
    fn agrees_with_rfc_4231() {
        // Test case 1.
        assert_eq!(
            hex(&hmac_sha256(&[0x0b; 20], &[b"Hi ", b"There"])),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        );
        // A key of a whole block is not filled; by Python's hmac.
        assert_eq!(
            hex(&hmac_sha256(&[0x61; 64], &[b"x"])),
            "b65ca3a3235f948bc0e6bd747532c54a983b54ddad1a4d1bd8b958e065b1cab4"
        );
        // Test case 2.
        assert_eq!(
            hex(&hmac_sha256(
                b"Jefe",
                &[b"what do ya want ", b"for nothing?"]
            )),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }
}
