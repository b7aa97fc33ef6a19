//! MLS objects for the vectors that need some: made once by an MLS
//! implementation, with throw-away keys, and fixed since. Nothing here or in
//! the vectors verifies their signatures.

use crate::hex;

macro_rules! objects {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        pub(super) fn $name() -> Vec<u8> {
            let digits = include_str!(concat!("../../mls/", stringify!($name), ".hex"));
            hex::literal(&digits.replace('\n', ""))
        }
    )*};
}

objects! {
    /// A KeyPackage with a basic credential.
    key_package
    /// A commit that adds a member, with Welcome, GroupInfo and tree.
    update_request
    /// The Welcome of that commit, as fanned out.
    fanout_welcome
    /// A PrivateMessage with additional authenticated data.
    submit_message_request
    /// A PublicMessage of a member: an AppDataUpdate.
    app_data_update
    /// A PublicMessage of a member: a SelfRemove.
    self_remove
    /// A GroupInfo with six pending proposals, one of each kind.
    group_info_tbe
    /// A PublicMessage of a new member: an external commit.
    external_commit
}
