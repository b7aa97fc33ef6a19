//! State as CBOR: self-describing, so that a later release can read it.

use serde::Serialize;
use serde::de::DeserializeOwned;

/// A value that cannot be written, or octets that are not what they should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("stored state is damaged: {0}")]
pub struct CborError(String);

/// Encodes `value`. The size is counted first, so that a buffer with secrets in
/// it never grows and leaves a copy behind.
pub(crate) fn to_vec<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, CborError> {
    let mut size = Size(0);
    ciborium::into_writer(value, &mut size).map_err(|e| CborError(e.to_string()))?;
    let mut out = Vec::with_capacity(size.0);
    ciborium::into_writer(value, &mut out).map_err(|e| CborError(e.to_string()))?;
    Ok(out)
}

/// Counts what is written to it.
struct Size(usize);

impl std::io::Write for Size {
    fn write(&mut self, octets: &[u8]) -> std::io::Result<usize> {
        self.0 = self.0.saturating_add(octets.len());
        Ok(octets.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Decodes a value that fills `input` entirely.
pub(crate) fn from_slice<T: DeserializeOwned>(mut input: &[u8]) -> Result<T, CborError> {
    let value = ciborium::from_reader(&mut input).map_err(|e| CborError(e.to_string()))?;
    if input.is_empty() {
        Ok(value)
    } else {
        Err(CborError(format!(
            "{} octets follow the value",
            input.len()
        )))
    }
}

impl CborError {
    /// A part is missing.
    #[cfg(feature = "mls")]
    pub(crate) fn incomplete() -> Self {
        CborError("a part is missing".to_owned())
    }
}
