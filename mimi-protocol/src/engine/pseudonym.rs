//! Pseudonymous credentials where a host says whom a credential names.

use mimi_content::UriKind;
use mimi_content::tls::Decode;

use super::env::{Identified, IdentityError, Presented};
use crate::wire::mls::{CredentialType, PseudonymousCredential};

impl Presented<'_> {
    /// The credential if it is a pseudonymous one, as it stands (PROTO, "Credential
    /// encryption"). Whose it is, only its link tells.
    ///
    /// # Errors
    /// When it does not decode, or vouches for another key than it is presented
    /// with: whoever presents it has taken it from somebody else.
    pub fn pseudonymous(&self) -> Result<Option<PseudonymousCredential>, IdentityError> {
        if self.credential_type != CredentialType::PSEUDONYMOUS.0 {
            return Ok(None);
        }
        let credential = PseudonymousCredential::from_slice(self.content)
            .map_err(|e| IdentityError(format!("a pseudonymous credential: {e}")))?;
        if credential.tbs.signature_public_key != self.signature_key {
            return Err(IdentityError(format!(
                "the credential of {} is for another signature key",
                credential.tbs.client_pseudonym
            )));
        }
        Ok(Some(credential))
    }
}

/// What `BasicIdentity` reads in a pseudonymous credential.
///
/// The kinds keep a pseudonym from being taken for a name: `/u/alice` cannot be
/// claimed by a credential that shows nothing of Alice.
pub(super) fn named(credential: PseudonymousCredential) -> Result<Identified, IdentityError> {
    let PseudonymousCredential { tbs, .. } = credential;
    let (client, user) = (tbs.client_pseudonym, tbs.user_pseudonym);
    if !matches!(user.kind(), UriKind::Pseudonym(_)) {
        return Err(IdentityError(format!(
            "{user} is not mimi://domain/p/pseudonym"
        )));
    }
    match client.kind() {
        UriKind::Client { user: None, .. } | UriKind::Pseudonym(_) => {
            Ok(Identified::new(user, client))
        }
        _ => Err(IdentityError(format!(
            "{client} is neither mimi://domain/d/pseudonym nor mimi://domain/p/pseudonym"
        ))),
    }
}

/// Asks the host whom a credential names. A pseudonymous one names its pseudonyms
/// and nobody else, since that is what the participant list has (PROTO, "Credential
/// encryption"), and only for its own key, whatever the host looked at.
#[cfg(any(feature = "mls", feature = "provider"))]
pub(crate) fn ask_identity(
    identity: &dyn super::Identity,
    presented: &Presented<'_>,
) -> Result<Identified, IdentityError> {
    let pseudonymous = presented.pseudonymous()?;
    let who = identity.identify(presented)?;
    match pseudonymous {
        Some(PseudonymousCredential { tbs, .. })
            if who.user != tbs.user_pseudonym || who.client != tbs.client_pseudonym =>
        {
            Err(IdentityError(format!(
                "the credential of {} and {} does not name {} and {}",
                tbs.user_pseudonym, tbs.client_pseudonym, who.user, who.client
            )))
        }
        _ => Ok(who),
    }
}
