//! The three-valued switch that most policies are made of (POLICY, "Status
//! Notifications component").

use mimi_content::tls::{Decode, DecodeError, Encode, Reader, Rule, Writer};

/// `Optionality`: whether something is done at will, always or never. The
/// drafts also call `Required` mandatory. Closed: no other value decodes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Optionality {
    /// `optional`: each client follows its own settings.
    Optional,
    /// `required`, in selects `mandatory`.
    Required,
    /// `forbidden`.
    Forbidden,
}

impl Encode for Optionality {
    fn encode(&self, w: &mut Writer) {
        w.u8(match self {
            Optionality::Optional => 0,
            Optionality::Required => 1,
            Optionality::Forbidden => 2,
        });
    }
}

impl Decode for Optionality {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let start = r.offset();
        match r.u8()? {
            0 => Ok(Optionality::Optional),
            1 => Ok(Optionality::Required),
            2 => Ok(Optionality::Forbidden),
            value => Err(r.error_at(
                start,
                Rule::Unknown {
                    what: "Optionality",
                    value: value.into(),
                },
            )),
        }
    }
}
