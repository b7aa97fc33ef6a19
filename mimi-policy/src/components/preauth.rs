//! `preauth_list`: who may take a role by what its credential says (POLICY,
//! "Preauthorized Users").

use bytes::Bytes;
use mimi_content::tls::{Decode, DecodeError, Encode, Reader, Writer};

use crate::components::roles::{Role, RoleList};
use crate::limits::{self, MAX_CLAIMS, MAX_PREAUTH_ENTRIES};

/// What a credential says about its holder, as checked by the host.
///
/// This crate reads no certificates and no tokens; it asks one question per
/// claim. The answer must be the same for everyone who looks at the same
/// credential, or members will disagree on who was admitted.
pub trait Claims {
    /// Whether the credential is of `credential_type` (an MLS CredentialType)
    /// and has the claim `id` with exactly this `value`. `id` is the DER TLV of
    /// an X.509 object identifier, the name of a JWT claim, or the CBOR key of
    /// a CWT claim.
    fn matches(&self, credential_type: u16, id: &[u8], value: &[u8]) -> bool;
}

/// The claims of a credential that has none, such as a basic one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct NoClaims;

impl Claims for NoClaims {
    fn matches(&self, _: u16, _: &[u8], _: &[u8]) -> bool {
        false
    }
}

/// `Claim`: a claim and the value that it must have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// `ClaimId.credential_type`: the MLS CredentialType.
    pub credential_type: u16,
    /// `ClaimId.id`.
    pub id: Bytes,
    /// `claim_value`.
    pub value: Bytes,
}

/// `PreAuthRoleEntry`: whoever has all the claims may take the role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreauthEntry {
    /// `claimset`; when it is empty the entry matches nobody.
    pub claims: Vec<Claim>,
    /// `target_role`, whole as on the wire. The entry counts only while the
    /// `roles_list` has an equal role.
    pub role: Role,
}

/// `PreAuthData`: the data of `preauth_list`, and the whole content of an
/// update to it. The first entry that matches decides.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PreauthList(pub Vec<PreauthEntry>);

impl PreauthList {
    /// The role that the first entry matching `claims` gives, out of `roles`.
    #[must_use]
    pub fn role_for<'r>(&self, claims: &dyn Claims, roles: &'r RoleList) -> Option<&'r Role> {
        self.roles_for(claims, roles).next()
    }

    /// The same for a participant who changes its own role: entries for role 0
    /// do not count (POLICY, "Role Changes", `canChangeOwnRole`).
    pub(crate) fn own_role_for<'r>(
        &self,
        claims: &dyn Claims,
        roles: &'r RoleList,
    ) -> Option<&'r Role> {
        let mut roles = self.roles_for(claims, roles);
        roles.find(|role| role.index != Role::NONE)
    }

    fn roles_for<'r>(
        &self,
        claims: &dyn Claims,
        roles: &'r RoleList,
    ) -> impl Iterator<Item = &'r Role> {
        let matching = self.0.iter().filter(|entry| entry.matches(claims));
        matching.filter_map(|entry| roles.get(entry.role.index).filter(|r| **r == entry.role))
    }
}

impl PreauthEntry {
    fn matches(&self, claims: &dyn Claims) -> bool {
        !self.claims.is_empty()
            && self
                .claims
                .iter()
                .all(|claim| claims.matches(claim.credential_type, &claim.id, &claim.value))
    }
}

impl Encode for Claim {
    fn encode(&self, w: &mut Writer) {
        w.u16(self.credential_type);
        w.opaque(&self.id);
        w.opaque(&self.value);
    }
}

impl Decode for Claim {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Claim {
            credential_type: r.u16()?,
            id: limits::octets(r, "the length of a claim ID")?,
            value: limits::octets(r, "the length of a claim value")?,
        })
    }
}

impl Encode for PreauthEntry {
    fn encode(&self, w: &mut Writer) {
        w.list(&self.claims);
        self.role.encode(w);
    }
}

impl Decode for PreauthEntry {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(PreauthEntry {
            claims: r.list_at_most("the number of claims", MAX_CLAIMS, Claim::decode)?,
            role: Role::decode(r)?,
        })
    }
}

impl Encode for PreauthList {
    fn encode(&self, w: &mut Writer) {
        w.list(&self.0);
    }
}

impl Decode for PreauthList {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.list_at_most(
            "the number of preauthorisation entries",
            MAX_PREAUTH_ENTRIES,
            PreauthEntry::decode,
        )
        .map(PreauthList)
    }
}
