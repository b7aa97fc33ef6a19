//! What a hub makes of a report.

use std::collections::{BTreeMap, BTreeSet};

use mimi_content::{MimiUri, Timestamp};
use openmls_traits::crypto::OpenMlsCrypto;
use sha2::{Digest, Sha256};

use crate::content::{ContentError, Framing, Plaintext};
use crate::hub::HubFranker;
use crate::receiver::{Unverified, check_signature};
use crate::signed::Signed;
use crate::tag::Opening;
use crate::wire::{AbuseReport, AbusiveMessage, CipherSuite};

impl HubFranker {
    /// Judges each message of a report of MIMI content for itself (PROTO, "Report
    /// abuse"). `room` is the room that the report was sent for, `framing` that of
    /// its group.
    ///
    /// A verdict stands for each message in the order of the report.
    pub fn judge<C: OpenMlsCrypto + ?Sized>(
        &self,
        report: &AbuseReport,
        room: &MimiUri,
        framing: Framing<'_>,
        crypto: &C,
    ) -> Vec<Judged> {
        let accused = &report.alleged_abuser;
        let prove = |message: &AbusiveMessage| {
            let text = Plaintext::decode(&message.message_content, framing)
                .map_err(ReportFault::Content)?;
            self.validate(message, &text.opening(), accused, room, crypto)
                .map(str::to_owned)
        };
        let mut seen = Seen::default();
        let judge = |(index, message): (usize, &AbusiveMessage)| {
            let content = Sha256::digest(&message.message_content).into();
            Judged {
                accepted_timestamp: message.accepted_timestamp,
                content,
                result: prove(message),
                repeats: seen.note(message.accepted_timestamp, content, index),
            }
        };
        report.messages.iter().enumerate().map(judge).collect()
    }

    /// Checks that this hub stamped one reported message as coming from `accused`
    /// in `room`, and names the hub key that did.
    ///
    /// `opening` is what the content of `message` says, for hubs that read other
    /// formats than MIMI content.
    ///
    /// # Errors
    /// With the first check that fails. A report that fails proves nothing, and
    /// nothing against its reporter either.
    pub fn validate<C: OpenMlsCrypto + ?Sized>(
        &self,
        message: &AbusiveMessage,
        opening: &Opening<'_>,
        accused: &MimiUri,
        room: &MimiUri,
        crypto: &C,
    ) -> Result<&str, ReportFault> {
        if opening.application_data() != message.message_content {
            return Err(ReportFault::OtherOpening);
        }
        let frank = &message.frank;
        let time = message.accepted_timestamp;
        let mut signed = Signed::new(frank.ciphersuite, accused, room, time);
        let (tag, keys) = (opening.tag(), self.keys());
        let key = keys.recognise(&frank.server_frank, &tag, signed.context(), time);
        let proof = match (key, self.check_signed(message, &mut signed, crypto)) {
            (Some(key), Ok(())) => Ok(key),
            // Before the content has its say: who sends what names nobody is disputed
            // like any other.
            (None, Ok(())) if keys.remembers(time) => return Err(ReportFault::OtherContent),
            (None, Ok(())) => return Err(ReportFault::KeyErased),
            (None, Err(ReportFault::Signature)) => Err(ReportFault::NeverFranked),
            (_, Err(fault)) => Err(fault),
        };
        if !opening.is_from(accused) {
            return Err(ReportFault::SenderUri);
        }
        if !opening.is_in(room) {
            return Err(ReportFault::RoomUri);
        }
        proof
    }

    /// Whether one of the agents has signed the message's stamp.
    fn check_signed<C: OpenMlsCrypto + ?Sized>(
        &self,
        message: &AbusiveMessage,
        signed: &mut Signed,
        crypto: &C,
    ) -> Result<(), ReportFault> {
        let suite = message.frank.ciphersuite;
        let unsupported = ReportFault::Unsupported(suite);
        let scheme = suite.signature_scheme().ok_or(unsupported.clone())?;
        for key in self.public_keys(scheme) {
            match check_signature(&message.frank, signed, key, crypto) {
                Ok(()) => return Ok(()),
                Err(Unverified::Unsupported) => return Err(unsupported),
                Err(Unverified::Invalid) => {}
            }
        }
        Err(ReportFault::Signature)
    }
}

/// What a hub says of one reported message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// When it is said to have been accepted.
    pub accepted_timestamp: Timestamp,
    /// SHA-256 of its application data.
    pub content: [u8; 32],
    /// The name of the hub key that proves that this hub stamped it as coming
    /// from the accused, or why it proves nothing.
    pub result: Result<String, ReportFault>,
    /// Whether an earlier message of the report has the same time.
    pub repeats: Option<Repeats>,
}

impl Judged {
    /// Whether the hub's own keys prove it.
    #[must_use]
    pub fn is_proven(&self) -> bool {
        self.result.is_ok()
    }
}

/// Two messages of a report with one time, at which a hub accepts but one in a
/// room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Repeats {
    /// It is the same message as an earlier one.
    Duplicate {
        /// The position of that in the report.
        of: usize,
    },
    /// It has the time of an earlier one and other content: at most one of them
    /// was sent.
    Conflict {
        /// The position of the first of that time.
        with: usize,
    },
}

/// The messages of a report so far.
#[derive(Default)]
struct Seen {
    first: BTreeMap<Timestamp, usize>,
    contents: BTreeMap<(Timestamp, [u8; 32]), usize>,
}

impl Seen {
    fn note(&mut self, time: Timestamp, content: [u8; 32], index: usize) -> Option<Repeats> {
        let first = *self.first.entry(time).or_insert(index);
        let same = *self.contents.entry((time, content)).or_insert(index);
        if same < index {
            Some(Repeats::Duplicate { of: same })
        } else if first < index {
            Some(Repeats::Conflict { with: first })
        } else {
            None
        }
    }
}

/// Why a reported message is not proven. But for the first two, each variant is the
/// outcome of a step of PROTO, "Report abuse".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReportFault {
    /// The message is no MIMI content.
    #[error(transparent)]
    Content(ContentError),
    /// The opening is not that of the reported message: the caller's mistake.
    #[error("the opening is of other application data than the reported message")]
    OtherOpening,
    /// The content names another sender than the accused, or none.
    #[error("the reported message names another sender than the alleged abuser")]
    SenderUri,
    /// The content names another room than the report, or none.
    #[error("the reported message names another room")]
    RoomUri,
    /// This hub has stamped a message of the accused at that time, but its tag
    /// was for other content. The reporter altered the content, the sender
    /// committed to something else than it sent, or a follower exchanged the stamps
    /// of two messages. A revoked hub key looks the same.
    #[error("this hub stamped a message of this sender then, but with other content")]
    OtherContent,
    /// This hub has stamped a message of the accused at that time, which was before
    /// the oldest secret key that it still has, so nobody can tell whether it had
    /// this content.
    #[error("this hub stamped a message of this sender then, and has erased the key of that time")]
    KeyErased,
    /// Neither a hub key nor an agent of this hub made the frank for this
    /// content, sender, room and time.
    #[error("this hub never franked this message")]
    NeverFranked,
    /// A hub key made the stamp, but no agent of this hub signed it.
    #[error("the franking integrity signature is not this hub's")]
    Signature,
    /// Signatures of this suite cannot be checked, so the hub cannot say that it
    /// signed the stamp, nor that it did not.
    #[error("signatures of cipher suite {0} cannot be checked here")]
    Unsupported(CipherSuite),
}

/// What one reporter has shown of a message.
#[derive(Debug, Clone, Copy)]
pub struct Account<'a> {
    /// Who reported, as its provider vouches.
    pub reporter: &'a MimiUri,
    /// Who is accused.
    pub accused: &'a MimiUri,
    /// The room that the report was sent for.
    pub room: &'a MimiUri,
    /// The message.
    pub shown: Shown,
}

/// A reported message after the verdict, without its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shown {
    /// When it is said to have been accepted.
    pub accepted_timestamp: Timestamp,
    /// SHA-256 of its application data.
    pub content: [u8; 32],
    /// What the verdict makes of it.
    pub standing: Standing,
}

/// What a verdict on a reported message is worth when others are weighed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It is proven.
    Committed,
    /// It is the trace of a message with other content
    /// ([`ReportFault::OtherContent`]).
    OtherContent,
    /// It says nothing.
    Unproven,
}

impl Judged {
    /// What counts of it when reports are weighed.
    #[must_use]
    pub fn shown(&self) -> Shown {
        Shown {
            accepted_timestamp: self.accepted_timestamp,
            content: self.content,
            standing: match self.result {
                Ok(_) => Standing::Committed,
                Err(ReportFault::OtherContent) => Standing::OtherContent,
                Err(_) => Standing::Unproven,
            },
        }
    }
}

/// What speaks for a proven message having been sent as it was reported, and what
/// against it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Weight {
    /// Who has shown this content.
    pub witnesses: Voices,
    /// Who has shown other content under the stamp of that time: a receiver to whom
    /// something else was sent than the sender had committed to; or a reporter that
    /// altered the content, or one to whom a follower gave the wrong stamp.
    pub disputes: Voices,
}

/// How many have said something, the accused not among them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Voices {
    /// How many users.
    pub users: usize,
    /// Of how many providers these are, the accused's own not among them.
    pub independent: usize,
}

impl Voices {
    fn of(users: &BTreeSet<&MimiUri>, accused: &MimiUri) -> Self {
        let providers = users.iter().map(|user| user.domain());
        let others = providers.filter(|domain| *domain != accused.domain());
        Voices {
            independent: others.collect::<BTreeSet<_>>().len(),
            users: users.len(),
        }
    }
}

/// Weighs all that was reported about a proven message, which is that of `report`.
///
/// A proven message is one that was *committed to* in the accused's name. Two
/// cannot be told from one that was *sent* so: a sender that commits to one
/// content and sends another, and a provider that makes up a message in the name
/// of its user, whom the hub knows by that provider's word alone. In both cases
/// honest receivers refuse the message and keep no evidence. So whoever reports
/// it has seen it pass, or is in league. The more independent the reporters are,
/// the less likely is the latter; and receivers that have refused it can say so
/// (see [`dispute`](crate::dispute)).
///
/// Neither count decides. A dispute costs one accomplice, who alters what he got, so
/// one dispute against many independent witnesses is no reason to believe the
/// accused; and domains are cheap.
///
/// `accounts` may hold anything reported, `report` among it: what is about another
/// user, room or time is left out. Who has shown both contents counts on both sides.
/// Of a report that is not proven there is nothing to weigh, so nothing is counted.
pub fn weigh<'a>(report: &Account<'_>, accounts: impl IntoIterator<Item = Account<'a>>) -> Weight {
    let message = &report.shown;
    let (mut witnesses, mut disputes) = (BTreeSet::new(), BTreeSet::new());
    if message.standing != Standing::Committed {
        return Weight::default();
    }
    for account in accounts {
        let shown = account.shown;
        let same = account.accused == report.accused
            && account.room == report.room
            && shown.accepted_timestamp == message.accepted_timestamp;
        if !same || account.reporter == report.accused {
            continue;
        }
        match (shown.standing, shown.content == message.content) {
            (Standing::Committed, true) => drop(witnesses.insert(account.reporter)),
            (Standing::Committed | Standing::OtherContent, false) => {
                disputes.insert(account.reporter);
            }
            // A hub that has since revoked a key says so of the very same content.
            (Standing::OtherContent, true) | (Standing::Unproven, _) => {}
        }
    }
    Weight {
        witnesses: Voices::of(&witnesses, report.accused),
        disputes: Voices::of(&disputes, report.accused),
    }
}
