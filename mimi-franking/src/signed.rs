//! What a hub stamps and signs, laid out without memory from the heap.

use mimi_content::{MimiUri, Timestamp};
use smallvec::SmallVec;

use crate::wire::CipherSuite;

/// The label of the signature behind its length (RFC 9420 §5.1.2).
const LABEL: &[u8] = b"\x1cMLS 1.0 FrankingIntegrityTBS";

/// Room for two URIs of the greatest length and everything around them.
const CAPACITY: usize = 2176;

/// The `SignContent` of a `FrankingIntegrityTBS` (PROTO, "Hub processing"), whose
/// `server_frank` comes last, since the context that it covers is in here.
pub(crate) struct Signed {
    octets: SmallVec<[u8; CAPACITY]>,
    /// Where `server_frank` stands.
    mac: usize,
}

/// Octets of `server_frank` and the suite behind it.
const MAC_LEN: usize = 32;
const SUITE_LEN: usize = 2;

impl Signed {
    /// Everything but `server_frank`, which is zero for now.
    pub(crate) fn new(
        suite: CipherSuite,
        sender: &MimiUri,
        room: &MimiUri,
        accepted: Timestamp,
    ) -> Self {
        let (sender, room) = (sender.as_str().as_bytes(), room.as_str().as_bytes());
        let (sender_len, room_len) = (prefix(sender.len()), prefix(room.len()));
        let accepted = accepted.as_millis().to_be_bytes();
        let context = [
            sender_len.as_slice(),
            sender,
            room_len.as_slice(),
            room,
            &accepted,
        ];
        let context_len = context
            .iter()
            .fold(0_usize, |sum, part| sum.saturating_add(part.len()));
        let len = context_len
            .saturating_add(MAC_LEN)
            .saturating_add(SUITE_LEN);

        let mut octets = SmallVec::new();
        octets.extend_from_slice(LABEL);
        octets.extend_from_slice(prefix(len).as_slice());
        let mac = octets.len();
        octets.extend_from_slice(&[0; MAC_LEN]);
        octets.extend_from_slice(&suite.0.to_be_bytes());
        context
            .iter()
            .for_each(|part| octets.extend_from_slice(part));
        Signed { octets, mac }
    }

    /// The encoded `ServerFrankingContext`.
    pub(crate) fn context(&self) -> &[u8] {
        let start = self.mac.saturating_add(MAC_LEN).saturating_add(SUITE_LEN);
        self.octets.get(start..).unwrap_or_default()
    }

    /// The octets to sign for this `server_frank`.
    pub(crate) fn with(&mut self, server_frank: &[u8; MAC_LEN]) -> &[u8] {
        let place = self.octets.iter_mut().skip(self.mac);
        place.zip(server_frank).for_each(|(to, from)| *to = *from);
        &self.octets
    }
}

/// The length in front of a vector (RFC 9420 §2.1.2), for those that have less
/// than 2^14 octets, as two URIs and a stamp always do.
fn prefix(len: usize) -> SmallVec<[u8; 2]> {
    let len = u16::try_from(len).unwrap_or(u16::MAX);
    let [high, low] = len.to_be_bytes();
    if len < 0x40 {
        SmallVec::from_slice(&[low])
    } else {
        SmallVec::from_slice(&[0x40 | high, low])
    }
}

#[cfg(test)]
mod tests {
    use mimi_content::tls::Encode;

    use super::*;
    use crate::wire::{FrankingIntegrityTbs, ServerFrankingContext};

    #[test]
    fn it_is_the_encoding_of_the_struct() {
        // Lengths on both sides of where a longer prefix begins, for a URI and for
        // the whole, and the greatest.
        for len in (8..=80).chain([1023, 1024]) {
            let uri = |letter: &str| {
                let provider = format!("mimi://{}", letter.repeat(len.min(50) - 7));
                let text = format!("{provider}/u/{}", letter.repeat(len - len.min(53)));
                MimiUri::parse(if len <= 53 { &provider } else { &text }).unwrap()
            };
            let context = ServerFrankingContext {
                sender_uri: uri("a"),
                room_uri: uri("b"),
                accepted_timestamp: Timestamp::from_millis(0x0102_0304_0506_0708),
            };
            let tbs = FrankingIntegrityTbs {
                server_frank: [7; 32],
                ciphersuite: CipherSuite(0x1234),
                context: context.clone(),
            };
            let mut signed = Signed::new(
                tbs.ciphersuite,
                &context.sender_uri,
                &context.room_uri,
                context.accepted_timestamp,
            );
            assert_eq!(signed.context(), context.to_vec().unwrap());
            assert_eq!(signed.with(&[7; 32]), tbs.sign_content().unwrap());
            assert!(!signed.octets.spilled(), "{len}");
        }
    }
}
