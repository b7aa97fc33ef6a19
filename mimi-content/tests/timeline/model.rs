//! What a timeline should show, found the slow way: with everything at hand,
//! sorted, and from the start. Uses public API only.

use std::collections::{BTreeMap, BTreeSet};

use mimi_content::timeline::{Field, Grant, Received, Reference, Replacement, State, Timeline};
use mimi_content::{
    Disposition, Expiration, ExtensionName, MessageId, MessageStatus, MimiContent, MimiUri,
    NestedPart, Part, PartSemantics, StatusReport, Timestamp,
};

/// Everything that ever happened in a room, no message twice.
#[derive(Debug, Clone)]
pub(crate) struct Happened {
    pub(crate) messages: Vec<Received>,
    pub(crate) reports: Vec<(MimiUri, Timestamp, StatusReport)>,
    /// After all messages had arrived.
    pub(crate) reads: Vec<(MessageId, Timestamp)>,
    /// After that.
    pub(crate) now: Timestamp,
    pub(crate) rights: fn(&Replacement<'_>) -> Grant,
}

/// Everything that there is to see.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct View {
    pub(crate) messages: Vec<MessageId>,
    pub(crate) topics: BTreeMap<Vec<u8>, Vec<MessageId>>,
    pub(crate) waiting: BTreeSet<MessageId>,
    /// Which message each ID leads to.
    pub(crate) leads_to: BTreeMap<MessageId, MessageId>,
    pub(crate) drawn: BTreeMap<MessageId, Drawn>,
    pub(crate) reactions: BTreeMap<MessageId, Reactions>,
    pub(crate) replies: BTreeMap<MessageId, Reply>,
    pub(crate) statuses: BTreeMap<MessageId, BTreeMap<MimiUri, MessageStatus>>,
}

/// A message without what depends on others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Drawn {
    pub(crate) sender: MimiUri,
    pub(crate) accepted: Timestamp,
    pub(crate) topic: Vec<u8>,
    pub(crate) body: Body,
    pub(crate) is_edited: bool,
    pub(crate) is_reaction: bool,
    pub(crate) versions: Vec<(MessageId, bool, Vec<Field>)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Body {
    Present(NestedPart<'static>),
    Deleted(MimiUri, MessageId),
    Expired,
}

/// By content type and content: by whom, with which messages.
pub(crate) type Reactions = BTreeMap<(String, Vec<u8>), (BTreeSet<MimiUri>, BTreeSet<MessageId>)>;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reply {
    pub(crate) to: Option<Result<(MessageId, usize, bool), MessageId>>,
    pub(crate) is_looped: bool,
    pub(crate) ancestors: Vec<MessageId>,
}

/// What a timeline shows of the messages `ids`.
pub(crate) fn seen(timeline: &Timeline, ids: &BTreeSet<MessageId>) -> View {
    let mut view = View {
        messages: timeline.messages(..).map(|entry| entry.id()).collect(),
        waiting: timeline.waiting().map(|message| message.id).collect(),
        ..View::default()
    };
    for topic in timeline.topics() {
        let messages = timeline.topic(topic, ..).map(|entry| entry.id());
        view.topics.insert(topic.to_vec(), messages.collect());
    }
    for id in ids {
        let statuses = seen_statuses(timeline, *id);
        if !statuses.is_empty() {
            view.statuses.insert(*id, statuses);
        }
        let Some(entry) = timeline.get(id) else {
            continue;
        };
        view.leads_to.insert(*id, entry.id());
        if entry.id() != *id {
            continue;
        }
        view.drawn.insert(*id, seen_message(timeline, *id));
        view.reactions.insert(*id, seen_reactions(timeline, *id));
        let reply = Reply {
            to: entry.in_reply_to().map(|reference| match reference {
                Reference::Unknown(named) => Err(named),
                Reference::Known {
                    message,
                    version,
                    is_current,
                } => Ok((message.id(), version, is_current)),
            }),
            is_looped: entry.is_looped(),
            ancestors: entry.ancestors().map(|entry| entry.id()).collect(),
        };
        view.replies.insert(*id, reply);
    }
    view
}

pub(crate) fn seen_message(timeline: &Timeline, id: MessageId) -> Drawn {
    let entry = timeline.get(&id).unwrap();
    Drawn {
        sender: entry.sender().clone(),
        accepted: entry.accepted(),
        topic: entry.topic().to_vec(),
        body: match entry.state() {
            State::Present(body) => Body::Present(body.clone()),
            State::Deleted { by, version } => Body::Deleted(by.clone(), version),
            State::Expired => Body::Expired,
        },
        is_edited: entry.is_edited(),
        is_reaction: entry.is_reaction(),
        versions: entry
            .versions()
            .map(|version| (version.id(), version.body().is_some(), version.ignored()))
            .collect(),
    }
}

pub(crate) fn seen_reactions(timeline: &Timeline, id: MessageId) -> Reactions {
    let entry = timeline.get(&id).unwrap();
    let group = |reaction: mimi_content::timeline::Reaction<'_>| {
        let Part::Single {
            content_type,
            content,
        } = &reaction.content().part
        else {
            panic!("the model has reactions of single parts only");
        };
        let users: Vec<MimiUri> = reaction.users().cloned().collect();
        assert_eq!(users.len(), reaction.users().len());
        let messages = reaction.messages().map(|message| message.id()).collect();
        let key = (content_type.to_string(), content.to_vec());
        (key, (users.into_iter().collect(), messages))
    };
    entry.reactions().map(group).collect()
}

pub(crate) fn seen_statuses(
    timeline: &Timeline,
    id: MessageId,
) -> BTreeMap<MimiUri, MessageStatus> {
    let statuses = timeline.statuses(&id);
    statuses
        .map(|(user, status, _)| (user.clone(), status))
        .collect()
}

/// The slow way. `is_over` tells whether time has gone on to `now`.
pub(crate) struct Model<'a> {
    happened: &'a Happened,
    is_over: bool,
    /// Which replacement has found its message, and what it may do.
    placed: BTreeMap<MessageId, (MessageId, Grant)>,
    refused: BTreeSet<MessageId>,
}

impl<'a> Model<'a> {
    pub(crate) fn new(happened: &'a Happened, is_over: bool) -> Self {
        let mut model = Model {
            happened,
            is_over,
            placed: BTreeMap::new(),
            refused: BTreeSet::new(),
        };
        while model.place_one() {}
        model
    }

    fn place_one(&mut self) -> bool {
        for message in &self.happened.messages {
            let Some(replaces) = message.content.replaces else {
                continue;
            };
            let is_settled =
                self.placed.contains_key(&message.id) || self.refused.contains(&message.id);
            let Some(original) = self.leads_to(replaces).filter(|_| !is_settled) else {
                continue;
            };
            let grant = self.judge(message, original);
            if grant == Grant::NOTHING {
                self.refused.insert(message.id);
            } else {
                self.placed.insert(message.id, (original, grant));
            }
            return true;
        }
        false
    }

    fn judge(&self, message: &Received, original: MessageId) -> Grant {
        let original = self.message(original).unwrap();
        (self.happened.rights)(&Replacement {
            id: message.id,
            sender: &message.sender,
            accepted: message.accepted,
            original: original.id,
            original_sender: &original.sender,
            original_accepted: original.accepted,
            is_reaction: is_reaction(&original.content),
            is_delete: message.content.body.part == Part::Null,
        })
    }

    fn message(&self, id: MessageId) -> Option<&'a Received> {
        self.happened
            .messages
            .iter()
            .find(|message| message.id == id)
    }

    fn leads_to(&self, id: MessageId) -> Option<MessageId> {
        match self.message(id)?.content.replaces {
            None => Some(id),
            Some(_) => self.placed.get(&id).map(|(original, _)| *original),
        }
    }

    /// The first version and all others, sorted.
    fn versions(&self, id: MessageId) -> Vec<(&'a Received, Grant)> {
        let replacements = self
            .placed
            .iter()
            .filter(|(_, (original, _))| *original == id);
        let mut versions: Vec<_> = replacements
            .map(|(id, (_, grant))| (self.message(*id).unwrap(), *grant))
            .collect();
        versions.sort_by_key(|(version, _)| (version.accepted, version.id));
        versions.insert(0, (self.message(id).unwrap(), Grant::BODY));
        versions
    }

    fn body(&self, id: MessageId) -> Body {
        let versions = self.versions(id);
        let deletes = |(version, grant): &&(&Received, Grant)| {
            version.content.replaces.is_some()
                && version.content.body.part == Part::Null
                && grant.body
        };
        if let Some((delete, _)) = versions.iter().find(deletes) {
            return Body::Deleted(delete.sender.clone(), delete.id);
        }
        if self.is_over
            && self
                .deadline(id)
                .is_some_and(|time| time <= self.happened.now)
        {
            return Body::Expired;
        }
        Body::Present(self.current(id).content.body.clone())
    }

    fn current(&self, id: MessageId) -> &'a Received {
        let versions = self.versions(id);
        versions.iter().rfind(|(_, grant)| grant.body).unwrap().0
    }

    /// When a message expires that was not deleted.
    fn deadline(&self, id: MessageId) -> Option<Timestamp> {
        let reads = self.happened.reads.iter();
        let reads = reads.filter(|(read, _)| self.leads_to(*read) == Some(id));
        let read = reads.map(|(_, time)| *time).min();
        match self.message(id).unwrap().content.expires? {
            Expiration::At(seconds) => Some(Timestamp::from_millis(u64::from(seconds) * 1000)),
            Expiration::AfterReading(seconds) => Some(read?.plus_millis(u64::from(seconds) * 1000)),
        }
    }

    /// The next deadline, before time goes on.
    pub(crate) fn next_deadline(&self) -> Option<Timestamp> {
        let deadline = |message: &Received| {
            let is_original = message.content.replaces.is_none();
            if is_original && matches!(self.body(message.id), Body::Present(_)) {
                return self.deadline(message.id);
            }
            let waits = !is_original
                && self.leads_to(message.id).is_none()
                && !self.refused.contains(&message.id)
                && message.content.body.part != Part::Null;
            match message.content.expires {
                Some(Expiration::At(seconds)) if waits => {
                    Some(Timestamp::from_millis(u64::from(seconds) * 1000))
                }
                _ => None,
            }
        };
        self.happened.messages.iter().filter_map(deadline).min()
    }

    pub(crate) fn view(&self) -> View {
        let mut view = View::default();
        let mut sorted: Vec<&Received> = self.happened.messages.iter().collect();
        sorted.sort_by_key(|message| (message.accepted, message.id));
        for message in sorted {
            let id = message.id;
            if let Some(original) = self.leads_to(id) {
                view.leads_to.insert(id, original);
            }
            let statuses = self.statuses(id);
            if !statuses.is_empty() {
                view.statuses.insert(id, statuses);
            }
            if message.content.replaces.is_some() {
                if self.leads_to(id).is_none() && !self.refused.contains(&id) {
                    view.waiting.insert(id);
                }
                continue;
            }
            let drawn = self.drawn(message);
            if drawn.is_reaction {
                let target = message.content.in_reply_to.unwrap();
                if self.leads_to(target).is_none() && matches!(drawn.body, Body::Present(_)) {
                    view.waiting.insert(id);
                }
            } else {
                view.messages.push(id);
                view.topics.entry(drawn.topic.clone()).or_default().push(id);
            }
            view.drawn.insert(id, drawn);
            view.reactions.insert(id, self.reactions(id));
            view.replies.insert(id, self.reply(message));
        }
        view
    }

    fn drawn(&self, message: &Received) -> Drawn {
        let id = message.id;
        let body = self.body(id);
        let is_present = matches!(body, Body::Present(_));
        let versions = self.versions(id);
        let topic = versions.iter().rfind(|(_, grant)| grant.topic);
        Drawn {
            sender: message.sender.clone(),
            accepted: message.accepted,
            topic: topic
                .map_or(message, |(version, _)| version)
                .content
                .topic_id
                .as_bytes()
                .to_vec(),
            is_edited: is_present && self.current(id).id != id,
            is_reaction: is_reaction(&message.content),
            versions: versions
                .iter()
                .map(|(version, grant)| {
                    let ignored = ignored(&message.content, version, *grant, is_present);
                    (version.id, is_present && grant.body, ignored)
                })
                .collect(),
            body,
        }
    }

    fn reactions(&self, target: MessageId) -> Reactions {
        let mut reactions = Reactions::new();
        for message in &self.happened.messages {
            let named = message.content.in_reply_to;
            let hits = message.content.replaces.is_none()
                && is_reaction(&message.content)
                && named.and_then(|named| self.leads_to(named)) == Some(target);
            let body = hits.then(|| self.body(message.id));
            let Some(Body::Present(body)) = body else {
                continue;
            };
            for part in leaves(&body) {
                let Part::Single {
                    content_type,
                    content,
                } = &part.part
                else {
                    continue;
                };
                if part.disposition == Disposition::REACTION {
                    let key = (content_type.to_string(), content.to_vec());
                    let (users, messages) = reactions.entry(key).or_default();
                    users.insert(message.sender.clone());
                    messages.insert(message.id);
                }
            }
        }
        reactions
    }

    fn reply(&self, message: &Received) -> Reply {
        let parent = |id: MessageId| self.leads_to(self.message(id)?.content.in_reply_to?);
        let mut ancestors = Vec::new();
        let mut next = parent(message.id);
        while let Some(id) = next
            && ancestors.len() <= self.happened.messages.len()
        {
            ancestors.push(id);
            next = parent(id);
        }
        if next.is_some() {
            ancestors.clear();
        }
        Reply {
            to: message.content.in_reply_to.map(|named| {
                let target = self.leads_to(named).ok_or(named)?;
                let versions = self.versions(target);
                let version = versions.iter().position(|(v, _)| v.id == named).unwrap();
                let body = versions.iter().rposition(|(_, grant)| grant.body);
                let is_present = matches!(self.body(target), Body::Present(_));
                Ok((target, version, is_present && Some(version) >= body))
            }),
            is_looped: next.is_some(),
            ancestors,
        }
    }

    fn statuses(&self, id: MessageId) -> BTreeMap<MimiUri, MessageStatus> {
        let mut reports: Vec<_> = self.happened.reports.iter().collect();
        reports.sort_by_key(|(_, accepted, _)| *accepted);
        let mut statuses: BTreeMap<MimiUri, (Timestamp, MessageStatus)> = BTreeMap::new();
        for (user, accepted, report) in reports {
            let mut own = None;
            for entry in report.0.iter().filter(|entry| entry.message_id == id) {
                if own.is_none_or(|before| may_follow(before, entry.status)) {
                    own = Some(entry.status);
                }
            }
            let Some(new) = own else { continue };
            let last = statuses.entry(user.clone()).or_insert((*accepted, new));
            let (before, old) = *last;
            let is_tie = before == *accepted && may_follow(new, old);
            if may_follow(old, new) && !(is_tie && old > new) {
                *last = (*accepted, new);
            }
        }
        let statuses = statuses.into_iter();
        statuses.map(|(user, (_, status))| (user, status)).collect()
    }
}

fn may_follow(old: MessageStatus, new: MessageStatus) -> bool {
    const DELIVERED: MessageStatus = MessageStatus::DELIVERED;
    const ERROR: MessageStatus = MessageStatus::ERROR;
    match (old, new) {
        (MessageStatus::DELETED, new) => new == MessageStatus::DELETED,
        (MessageStatus::EXPIRED, new) => {
            new == MessageStatus::EXPIRED || new == MessageStatus::DELETED
        }
        (DELIVERED | ERROR, _) => true,
        (_, new) => new != DELIVERED && new != ERROR,
    }
}

fn leaves<'a>(part: &'a NestedPart<'static>) -> Vec<&'a NestedPart<'static>> {
    match &part.part {
        Part::Null => Vec::new(),
        Part::Multi {
            semantics: PartSemantics::ProcessAll,
            parts,
        } => parts.iter().flat_map(leaves).collect(),
        _ => vec![part],
    }
}

fn is_reaction(content: &MimiContent<'static>) -> bool {
    let leaves = leaves(&content.body);
    content.in_reply_to.is_some()
        && !leaves.is_empty()
        && leaves
            .iter()
            .all(|leaf| leaf.disposition == Disposition::REACTION)
}

fn ignored(
    first: &MimiContent<'static>,
    version: &Received,
    grant: Grant,
    is_present: bool,
) -> Vec<Field> {
    let own = &version.content;
    let is_delete = own.body.part == Part::Null && grant.body;
    if own.replaces.is_none() || is_delete {
        return Vec::new();
    }
    let mut ignored = Vec::new();
    if first.topic_id != own.topic_id && !grant.topic {
        ignored.push(Field::Topic);
    }
    if first.expires != own.expires {
        ignored.push(Field::Expires);
    }
    if first.in_reply_to != own.in_reply_to {
        ignored.push(Field::InReplyTo);
    }
    let subject = ExtensionName::Int(5);
    if is_present && first.extensions.get(&subject) != own.extensions.get(&subject) {
        ignored.push(Field::Extensions);
    }
    ignored
}
