//! Where a record stands, and the hashes of the tree.

use std::fmt;

use mimi_content::tls::{Decode, DecodeError, Encode, Reader, Writer};

macro_rules! octets {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; 32]);

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}(", stringify!($name))?;
                self.0.iter().try_for_each(|octet| write!(f, "{octet:02x}"))?;
                f.write_str(")")
            }
        }

        impl Encode for $name {
            fn encode(&self, w: &mut Writer) {
                w.raw(&self.0);
            }
        }

        impl Decode for $name {
            fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
                r.array().map($name)
            }
        }
    )*};
}

octets! {
    /// Where in the tree a record stands: 256 bits that a pseudorandom function made
    /// of a cross-service identifier.
    Index;
    /// The hash of what stands at an index.
    LeafHash;
    /// The name of a node and of all that is below it; of the root, of a whole tree.
    NodeHash;
}
