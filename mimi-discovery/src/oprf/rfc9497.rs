//! The examples of RFC 9497, appendix A.1.2: `ristretto255-SHA512`, verifiable mode.

use std::collections::VecDeque;
use std::convert::Infallible;

use rand_core::{TryCryptoRng, TryRng};
use zeroize::Zeroizing;

use super::batch::{Blinding, SecretKey};
use super::wire::{Element, Evaluation, Proof, PublicKey};

const SEED: [u8; 32] = [0xa3; 32];
const KEY_INFO: &[u8] = b"test key";
const PUBLIC: &str = "c803e2cc6b05fc15064549b5920659ca4a77b2cca6f04f6b357009335476ad4e";

const BLIND: &str = "64d37aed22a27f5191de1c1d69fadb899d8862b58eb4220029e036ec4c1f6706";
const OTHER: &str = "222a5e897cf59db8145db8d16e597e8facb80ae7d4e26d9881aa6f61d645fc0e";

const OUTPUT_1: &str = "b58cfbe118e0cb94d79b5fd6a6dafb98764dff49c14e1770b566e42402da1a7da4d8527\
                        693914139caee5bd03903af43a491351d23b430948dd50cde10d32b3c";
const OUTPUT_2: &str = "8a9a2f3c7f085b65933594309041fc1898d42d0858e59f90814ae90571a6df60356f461\
                        0bf816f27afdd84f47719e480906d27ecd994985890e5f539e7ea74b6";

struct Example {
    inputs: &'static [&'static [u8]],
    blinds: &'static [&'static str],
    blinded: &'static [&'static str],
    evaluated: &'static [&'static str],
    random: &'static str,
    proof: &'static str,
    outputs: &'static [&'static str],
}

const EXAMPLES: [Example; 3] = [
    Example {
        inputs: &[&[0]],
        blinds: &[BLIND],
        blinded: &["863f330cc1a1259ed5a5998a23acfd37fb4351a793a5b3c090b642ddc439b945"],
        evaluated: &["aa8fa048764d5623868679402ff6108d2521884fa138cd7f9c7669a9a014267e"],
        random: OTHER,
        proof: "ddef93772692e535d1a53903db24367355cc2cc78de93b3be5a8ffcc6985dd066d4346421d17bf\
                5117a2a1ff0fcb2a759f58a539dfbe857a40bce4cf49ec600d",
        outputs: &[OUTPUT_1],
    },
    Example {
        inputs: &[&[0x5a; 17]],
        blinds: &[BLIND],
        blinded: &["cc0b2a350101881d8a4cba4c80241d74fb7dcbfde4a61fde2f91443c2bf9ef0c"],
        evaluated: &["60a59a57208d48aca71e9e850d22674b611f752bed48b36f7a91b372bd7ad468"],
        random: OTHER,
        proof: "401a0da6264f8cf45bb2f5264bc31e109155600babb3cd4e5af7d181a2c9dc0a67154fabf031fd\
                936051dec80b0b6ae29c9503493dde7393b722eafdf5a50b02",
        outputs: &[OUTPUT_2],
    },
    Example {
        inputs: &[&[0], &[0x5a; 17]],
        blinds: &[BLIND, OTHER],
        blinded: &[
            "863f330cc1a1259ed5a5998a23acfd37fb4351a793a5b3c090b642ddc439b945",
            "90a0145ea9da29254c3a56be4fe185465ebb3bf2a1801f7124bbbadac751e654",
        ],
        evaluated: &[
            "aa8fa048764d5623868679402ff6108d2521884fa138cd7f9c7669a9a014267e",
            "cc5ac221950a49ceaa73c8db41b82c20372a4c8d63e5dded2db920b7eee36a2a",
        ],
        random: "419c4f4f5052c53c45f3da494d2b67b220d02118e0857cdbcf037f9ea84bbe0c",
        proof: "cc203910175d786927eeb44ea847328047892ddf8590e723c37205cb74600b0a5ab5337c8eb4ce\
                ae0494c2cf89529dcf94572ed267473d567aeed6ab873dee08",
        outputs: &[OUTPUT_1, OUTPUT_2],
    },
];

#[test]
fn agrees_with_the_examples_of_rfc_9497() {
    let key = SecretKey::derive(&SEED, KEY_INFO).unwrap();
    let public = PublicKey::from_bytes(&array(PUBLIC)).unwrap();
    assert_eq!(*key.public(), public);
    for example in EXAMPLES {
        let inputs = example.inputs.iter();
        let inputs = inputs.map(|input| Zeroizing::new(input.to_vec())).collect();
        let (blinding, blinded) =
            Blinding::new(inputs, &mut Scripted::new(example.blinds)).unwrap();
        assert_eq!(blinded, elements(example.blinded));

        let mut random = Scripted::new(&[example.random]);
        let evaluation = key.evaluate(&blinded, &mut random).unwrap();
        let expected = Evaluation {
            elements: elements(example.evaluated),
            proof: Proof(array(example.proof)),
        };
        assert_eq!(evaluation, expected);

        let outputs = blinding.finish(&evaluation, &public).unwrap();
        let outputs: Vec<[u8; 64]> = outputs.iter().map(|output| **output.0).collect();
        let expected: Vec<[u8; 64]> = example.outputs.iter().map(|hex| array(hex)).collect();
        assert_eq!(outputs, expected);
        for (input, output) in example.inputs.iter().zip(outputs) {
            assert_eq!(**key.output(input).unwrap().0, output);
        }
    }
}

fn elements(hex: &[&str]) -> Vec<Element> {
    hex.iter().map(|hex| Element(array(hex))).collect()
}

fn array<const N: usize>(hex: &str) -> [u8; N] {
    let mut digits = hex.as_bytes().chunks(2);
    let mut octet = || {
        let pair = std::str::from_utf8(digits.next().unwrap()).unwrap();
        u8::from_str_radix(pair, 16).unwrap()
    };
    let octets = std::array::from_fn(|_| octet());
    assert!(digits.next().is_none());
    octets
}

/// A generator that says what an example prescribes, and no more.
struct Scripted(VecDeque<u8>);

impl Scripted {
    fn new(lines: &[&str]) -> Self {
        Scripted(lines.iter().flat_map(|line| array::<32>(line)).collect())
    }
}

impl TryRng for Scripted {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        panic!("scalars are read as octets");
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        panic!("scalars are read as octets");
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        out.fill_with(|| self.0.pop_front().unwrap());
        Ok(())
    }
}

impl TryCryptoRng for Scripted {}
