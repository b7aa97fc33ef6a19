//! Judging a request for key material.

use bytes::Bytes;
use mimi_content::{MimiUri, Timestamp};
use serde::{Deserialize, Serialize};

use super::change::{StockChange, Taken};
use super::consent::Allowance;
use super::error::Rejection;
use super::package::{identify, verify_request};
use super::state::{ANSWER_MEMORY_MILLIS, State};
use super::stock::{Stock, Stored, Wanted};
use crate::delivery::Recent;
use crate::engine::{CryptoProvider, Env};
use crate::wire::{
    ClientKeyMaterial, Decode, Encode, KeyMaterialRequest, KeyMaterialRequestTbs,
    KeyMaterialResponse, KeyMaterialUserCode,
};

/// How much answers tell about users to those without their consent (PROTO,
/// "Fetch Key Material" leaves it to the provider).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Disclosure {
    /// Which users exist or existed, whether another room has consent, and what
    /// incompatible clients support.
    Tell,
    /// None of it: `noConsent` stands for all of that.
    Hide,
}

impl Disclosure {
    fn of(self, code: KeyMaterialUserCode) -> KeyMaterialUserCode {
        match self {
            Disclosure::Tell => code,
            Disclosure::Hide => KeyMaterialUserCode::NO_CONSENT,
        }
    }
}

/// What a request comes to.
pub(super) struct Verdict {
    pub(super) response: Bytes,
    /// What changes; nothing if nothing is handed out, or once more.
    pub(super) change: Option<StockChange>,
    pub(super) requester: Option<MimiUri>,
    pub(super) action: &'static str,
}

/// Judges the request that the provider `from` makes for `target`.
pub(super) fn judge<P: CryptoProvider>(
    state: &State,
    from: &str,
    target: &MimiUri,
    body: &Bytes,
    env: &Env<'_, P, ()>,
) -> Result<Verdict, Rejection> {
    if body.first().is_some_and(|protocol| *protocol != 1) {
        return refuse(target, None, KeyMaterialUserCode::INCOMPATIBLE_PROTOCOL);
    }
    let KeyMaterialRequest { tbs, signature } = KeyMaterialRequest::from_bytes(body)?;
    authenticate(&tbs, &signature, from, target, env)?;
    let requester = Some(tbs.requesting_user.clone());
    let stock = match permit(state, &tbs) {
        Ok(stock) => stock,
        Err(code) => return refuse(target, requester, code),
    };
    let hash = Recent::hash(&[from.as_bytes(), body].concat());
    if let Some(response) = state.answer_to(&hash, env.now) {
        return Ok(Verdict {
            response,
            change: None,
            requester,
            action: "repeat claimed key material",
        });
    }
    let (response, taken) = hand_out(state, stock, &tbs, env.now)?;
    let change = (!taken.is_empty()).then(|| StockChange::Claimed {
        target: target.clone(),
        room: tbs.room_id,
        hash,
        response: response.clone(),
        until: taken
            .iter()
            .map(|taken| taken.not_after)
            .fold(env.now.plus_millis(ANSWER_MEMORY_MILLIS), Timestamp::min),
        taken,
    });
    Ok(Verdict {
        response,
        change,
        requester,
        action: "claim key material",
    })
}

/// Who asks: the user whom the credential names, through that user's provider
/// or the room's hub.
fn authenticate<P: CryptoProvider>(
    tbs: &KeyMaterialRequestTbs,
    signature: &[u8],
    from: &str,
    target: &MimiUri,
    env: &Env<'_, P, ()>,
) -> Result<(), Rejection> {
    if tbs.target_user != *target {
        return Err(Rejection::OtherTarget {
            named: tbs.target_user.clone(),
            path: target.clone(),
        });
    }
    let hub = tbs.room_id.as_ref().map(MimiUri::domain);
    if from != tbs.requesting_user.domain() && Some(from) != hub {
        return Err(Rejection::NotTheirs {
            from: from.to_owned(),
            user: tbs.requesting_user.clone(),
        });
    }
    verify_request(tbs, signature, env.provider.crypto())?;
    let who = identify(&tbs.requester_credential, &tbs.requester_signature_key, env)?;
    if who.user == tbs.requesting_user {
        Ok(())
    } else {
        Err(Rejection::OtherIdentity {
            expected: tbs.requesting_user.clone(),
            found: who.user,
        })
    }
}

/// The target's KeyPackages, if the requester may have some.
fn permit<'a>(
    state: &'a State,
    tbs: &KeyMaterialRequestTbs,
) -> Result<&'a Stock, KeyMaterialUserCode> {
    let hiding = |code| Err(state.disclosure.of(code));
    let Some(stock) = state.users.get(&tbs.target_user) else {
        return hiding(KeyMaterialUserCode::USER_UNKNOWN);
    };
    if stock.deleted {
        return hiding(KeyMaterialUserCode::USER_DELETED);
    }
    let room = tbs.room_id.as_ref();
    match state
        .consent
        .allows(&tbs.requesting_user, &tbs.target_user, room)
    {
        Allowance::Allowed => Ok(stock),
        Allowance::NoConsent => Err(KeyMaterialUserCode::NO_CONSENT),
        Allowance::NoConsentForThisRoom => hiding(KeyMaterialUserCode::NO_CONSENT_FOR_THIS_ROOM),
    }
}

/// One KeyPackage of each client that has one that fits.
fn hand_out(
    state: &State,
    stock: &Stock,
    tbs: &KeyMaterialRequestTbs,
    now: Timestamp,
) -> Result<(Bytes, Vec<Taken>), Rejection> {
    let wanted = Wanted {
        cipher_suites: &tbs.acceptable_cipher_suites,
        required: &tbs.required_capabilities,
    };
    let disclose = state.disclosure == Disclosure::Tell;
    let mut taken = Vec::new();
    let mut clients = Vec::new();
    for client in stock.clients() {
        let (status, stored) = stock.choose(client, Some(&wanted), now, disclose);
        taken.extend(stored.map(|stored| Taken::new(client, stored)));
        clients.push(ClientKeyMaterial {
            client_uri: client.clone(),
            status,
        });
    }
    let response = KeyMaterialResponse::of_clients(tbs.target_user.clone(), clients);
    Ok((response.to_vec()?.into(), taken))
}

fn refuse(
    target: &MimiUri,
    requester: Option<MimiUri>,
    code: KeyMaterialUserCode,
) -> Result<Verdict, Rejection> {
    let response = KeyMaterialResponse::failure(target.clone(), code);
    Ok(Verdict {
        response: response.to_vec()?.into(),
        change: None,
        requester,
        action: "refuse key material",
    })
}

impl Taken {
    pub(super) fn new(client: &MimiUri, stored: &Stored) -> Self {
        Taken {
            client: client.clone(),
            reference: stored.reference.clone(),
            not_after: stored.not_after,
            last_resort: stored.last_resort,
        }
    }
}
