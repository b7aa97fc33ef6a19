//! RFC 9497 in batches, over octets: what indices and tokens have in common.

use rand_core::CryptoRng;
use voprf_ng::{BlindedElement, EvaluationElement, Ristretto255, VoprfClient, VoprfServer};
use zeroize::{Zeroize, Zeroizing};

use super::wire::{Element, Evaluation, Proof, PublicKey};
use super::{BlindError, EvaluateError, FinishError, KeyError, MAX_BATCH};

/// What a client keeps between question and answer.
pub(crate) struct Blinding {
    inputs: Vec<Zeroizing<Vec<u8>>>,
    // Each of these erases itself.
    states: Vec<VoprfClient<Ristretto255>>,
}

impl Blinding {
    pub(crate) fn new<R: CryptoRng>(
        inputs: Vec<Zeroizing<Vec<u8>>>,
        rng: &mut R,
    ) -> Result<(Self, Vec<Element>), BlindError> {
        let count = inputs.len();
        if !(1..=MAX_BATCH).contains(&count) {
            return Err(BlindError::Count { count });
        }
        let mut states = Vec::with_capacity(count);
        let mut blinded = Vec::with_capacity(count);
        for (position, input) in inputs.iter().enumerate() {
            let result = VoprfClient::<Ristretto255>::blind(input, rng)
                .map_err(|_| BlindError::Input { position })?;
            blinded.push(Element(result.message.serialize().into()));
            states.push(result.state);
        }
        Ok((Blinding { inputs, states }, blinded))
    }

    /// Outputs of 64 octets, in the order of the inputs.
    pub(crate) fn finish(
        &self,
        evaluation: &Evaluation,
        key: &PublicKey,
    ) -> Result<Vec<Output>, FinishError> {
        let (expected, found) = (self.states.len(), evaluation.elements.len());
        if expected != found {
            return Err(FinishError::Count { expected, found });
        }
        let proof = voprf_ng::Proof::deserialize(&evaluation.proof.0)
            .map_err(|_| FinishError::ProofForm)?;
        let elements = evaluation.elements.iter().enumerate();
        let elements = elements
            .map(|(position, element)| {
                element
                    .read(EvaluationElement::<Ristretto255>::deserialize)
                    .map_err(|why| FinishError::Element { position, why })
            })
            .collect::<Result<Vec<_>, _>>()?;
        VoprfClient::batch_finalize(&self.inputs, &self.states, &elements, &proof, key.point())
            .and_then(|outputs| outputs.map(|output| output.map(Output::take)).collect())
            // The counts are equal and the inputs were hashed before: nothing else is left.
            .map_err(|_| FinishError::Proof)
    }
}

/// An output of the function, in one place in memory.
pub(crate) struct Output(pub(crate) Box<Zeroizing<[u8; 64]>>);

impl Output {
    fn take(mut octets: impl AsMut<[u8]>) -> Self {
        let mut output = Box::new(Zeroizing::new([0; 64]));
        for (slot, octet) in output.iter_mut().zip(octets.as_mut()) {
            *slot = *octet;
        }
        octets.as_mut().zeroize();
        Output(output)
    }
}

/// The secret of an evaluator or of an issuer's day.
pub(crate) struct SecretKey {
    // Erases itself; boxed, so that moving leaves nothing behind.
    server: Box<VoprfServer<Ristretto255>>,
    public: PublicKey,
}

impl SecretKey {
    /// `DeriveKeyPair` (RFC 9497 §3.2.1). Keys of different `info` have nothing to do
    /// with each other, even of one seed.
    pub(crate) fn derive(seed: &[u8; 32], info: &[u8]) -> Result<Self, KeyError> {
        let server = VoprfServer::new_from_seed(seed, info).map_err(|_| KeyError)?;
        let public = PublicKey::of(server.get_public_key());
        Ok(SecretKey {
            server: Box::new(server),
            public,
        })
    }

    pub(crate) fn public(&self) -> &PublicKey {
        &self.public
    }

    pub(crate) fn evaluate<R: CryptoRng>(
        &self,
        blinded: &[Element],
        rng: &mut R,
    ) -> Result<Evaluation, EvaluateError> {
        let count = blinded.len();
        if !(1..=MAX_BATCH).contains(&count) {
            return Err(EvaluateError::Count { count });
        }
        let points = blinded.iter().enumerate();
        let points = points
            .map(|(position, element)| {
                element
                    .read(BlindedElement::<Ristretto255>::deserialize)
                    .map_err(|why| EvaluateError::Element { position, why })
            })
            .collect::<Result<Vec<_>, _>>()?;
        let result = self.server.batch_blind_evaluate(rng, &points);
        // The library refuses more than 65,535 and a generator that fails, which
        // this one cannot.
        let result = result.map_err(|_| EvaluateError::Count { count })?;
        let elements = result.messages.iter();
        Ok(Evaluation {
            elements: elements.map(|e| Element(e.serialize().into())).collect(),
            proof: Proof(result.proof.serialize().into()),
        })
    }

    /// The output over an input that is known, without blinding or proof. `None` for
    /// the inputs that hash to no element.
    pub(crate) fn output(&self, input: &[u8]) -> Option<Output> {
        self.server.evaluate(input).ok().map(Output::take)
    }
}
