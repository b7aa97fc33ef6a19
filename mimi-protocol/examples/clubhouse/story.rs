//! The draft's example protocol flow, step by step, each checked.

use bytes::Bytes;
use mimi_content::tls::{Decode, Encode};
use mimi_content::{MessageId, MimiContent, MimiUri, NestedPart, Salt};
use mimi_franking::{AbuseReport, Evidence};
use mimi_policy::presets;
use mimi_protocol::client::{Event, Franked, Intent, RefusedBy};
use mimi_protocol::engine::Engine;
use mimi_protocol::follower;
use mimi_protocol::hub::Proof;
use openmls_traits::OpenMlsProvider;
use openmls_traits::random::OpenMlsRand;

use crate::account::Account;
use crate::world::World;

/// What did not come out as it should.
pub type Mismatch = String;

/// The people, their clients and their room.
pub struct Story {
    world: World,
    account: Account,
    room: MimiUri,
    a1: MimiUri,
    a2: MimiUri,
    b1: MimiUri,
    b2: MimiUri,
    c1: MimiUri,
    c2: MimiUri,
    c3: MimiUri,
    content: Option<MimiContent<'static>>,
}

fn check(holds: bool, what: impl Into<String>) -> Result<(), Mismatch> {
    if holds { Ok(()) } else { Err(what.into()) }
}

impl Story {
    /// Sets the scene: three providers, and users with two clients each.
    pub fn new(now: u64, account: Account, content: Option<MimiContent<'static>>) -> Self {
        let mut world = World::new(now);
        for domain in ["a.example", "b.example", "c.example"] {
            world.add_provider(domain);
        }
        Story {
            a1: world.add_client("a.example", "alice", "ClientA1"),
            a2: world.add_client("a.example", "alice", "ClientA2"),
            b1: world.add_client("b.example", "bob", "ClientB1"),
            b2: world.add_client("b.example", "bob", "ClientB2"),
            c1: world.add_client("c.example", "cathy", "ClientC1"),
            c2: world.add_client("c.example", "cathy", "ClientC2"),
            c3: world.add_client("c.example", "cathy", "ClientC3"),
            room: MimiUri::new_room("a.example", "clubhouse").expect("a room URI"),
            world,
            account,
            content,
        }
    }

    /// Checks every step of every engine against what its host has written.
    #[allow(dead_code, reason = "the test does, the example need not")]
    pub fn check_every_step(&mut self) {
        self.world.paranoid = true;
    }

    /// Plays everything.
    pub fn play(&mut self) -> Result<(), Mismatch> {
        for client in [&self.a2, &self.b1, &self.b2, &self.c1, &self.c2] {
            self.world.publish(client, 2);
        }
        self.alice_creates()?;
        self.alice_adds_bob()?;
        self.bob_adds_cathy()?;
        let message = self.messages()?;
        self.crash()?;
        self.bob_leaves()?;
        self.cathy_adds_a_device()?;
        self.alice_bans_cathy(&message)?;
        self.agreement()
    }

    fn user(&self, client: &MimiUri) -> MimiUri {
        self.world.clients[client].user.clone()
    }

    fn salt(&self) -> Salt {
        let random = self.world.crypto.rand().random_array();
        Salt::new(random.expect("randomness"))
    }

    fn alice_creates(&mut self) -> Result<(), Mismatch> {
        self.account
            .step("Alice creates the room with two clients; ServerA becomes its hub");
        let room = self.room.clone();
        let group_id = "mimi://a.example/g/clubhouse";
        let roles = presets::cooperative();
        self.world.create_room(&self.a1, &room, group_id, roles);
        let hub = &self.world.providers["a.example"].hubs[&room];
        let octets = hub.written().0;
        let what = "create the MLS group, hand over GroupInfo and tree";
        self.account
            .act("a.example", what, octets, format!("{room} is hosted"));
        let alice = self.user(&self.a1);
        self.world
            .add(&self.a1, &alice, presets::SUPER_ADMIN)
            .map_err(|e| e.to_string())?;
        self.account.exchanges(&mut self.world);
        check(
            self.world.clients[&self.a2].room.is_some(),
            "ClientA2 has not joined",
        )?;
        self.same_everywhere(&[self.a1.clone(), self.a2.clone()])
    }

    /// Lets a user consent to be added by another, and tells that one's provider.
    fn consent(&mut self, target: &MimiUri, requester: &MimiUri) {
        self.world.allow(target, requester);
        self.account.exchanges(&mut self.world);
    }

    fn alice_adds_bob(&mut self) -> Result<(), Mismatch> {
        self.account.step("Alice adds Bob and both of his clients");
        let (alice, bob) = (self.user(&self.a1), self.user(&self.b1));
        let refused = self.world.claim(&self.a1, &bob);
        self.account.exchanges(&mut self.world);
        check(
            refused.is_empty(),
            "KeyPackages were handed out without consent",
        )?;
        self.consent(&bob, &alice);
        self.world
            .add(&self.a1, &bob, presets::ORDINARY_USER)
            .map_err(|e| e.to_string())?;
        self.account.exchanges(&mut self.world);
        let all = [&self.a1, &self.a2, &self.b1, &self.b2].map(MimiUri::clone);
        self.same_everywhere(&all)
    }

    fn bob_adds_cathy(&mut self) -> Result<(), Mismatch> {
        self.account.step("Bob adds Cathy through the hub");
        let (bob, cathy) = (self.user(&self.b1), self.user(&self.c1));
        self.consent(&cathy, &bob);
        self.world
            .add(&self.b1, &cathy, presets::ORDINARY_USER)
            .map_err(|e| e.to_string())?;
        self.account.exchanges(&mut self.world);
        self.same_everywhere(&self.all_six())
    }

    fn all_six(&self) -> [MimiUri; 6] {
        [&self.a1, &self.a2, &self.b1, &self.b2, &self.c1, &self.c2].map(MimiUri::clone)
    }

    fn messages(&mut self) -> Result<Event, Mismatch> {
        self.account
            .step("Cathy sends a message, Bob replies, Alice reacts; every receiver verifies");
        let greeting = NestedPart::markdown("**Hello** everyone, this is Cathy.");
        let body = self.content.take().map_or(greeting, |content| content.body);
        let content = MimiContent::new(self.salt(), body);
        let (c1, b1, a1) = (self.c1.clone(), self.b1.clone(), self.a1.clone());
        let hello = self.say(&c1, content)?;
        let id = message_id(&hello)?;
        let reply = MimiContent::new(self.salt(), NestedPart::plain("Hello Cathy!"));
        self.say(&b1, reply.with_reply_to(id))?;
        let like = MimiContent::new(self.salt(), NestedPart::reaction("\u{2764}"));
        self.say(&a1, like.with_reply_to(id))?;
        self.account.exchanges(&mut self.world);
        Ok(hello)
    }

    /// Sends a message and checks that every other client of the room got it and
    /// believes it.
    fn say(&mut self, sender: &MimiUri, content: MimiContent<'static>) -> Result<Event, Mismatch> {
        for client in self.world.clients.values_mut() {
            client.take_events();
        }
        let content = Box::new(content);
        self.world
            .intend(sender, Intent::Send { content })
            .map_err(|e| e.to_string())?;
        let sent = self.world.clients[sender].events.iter();
        let sent = sent.filter_map(|event| match event {
            Event::Sent { message_id, .. } => Some(*message_id),
            _ => None,
        });
        let sent = sent.last().ok_or("the sender got no receipt")?;
        let user = self.user(sender);
        let mut heard = None;
        for (uri, client) in &self.world.clients {
            if client.room.is_none() || uri == sender {
                continue;
            }
            let event = client.last_message();
            let event = event.ok_or_else(|| format!("{uri} heard nothing"))?;
            let Event::Message {
                sender,
                message_id,
                franked,
                ..
            } = event
            else {
                return Err(format!("{uri} heard something else"));
            };
            check(
                *message_id == sent,
                format!("{uri} computes another message ID"),
            )?;
            check(*sender == user, format!("{uri} believes another sender"))?;
            let franked = matches!(franked, Franked::Yes(_));
            check(franked, format!("{uri} could not report the message"))?;
            heard = Some(event.clone());
        }
        self.account.exchanges(&mut self.world);
        let what = format!("{} sends {sent}", sender.as_str());
        self.account.act(
            sender.domain(),
            &what,
            0,
            "frank, sender, room and ID verified by all",
        );
        heard.ok_or_else(|| "nobody heard anything".to_owned())
    }

    fn crash(&mut self) -> Result<(), Mismatch> {
        self.account
            .step("The hub and one client lose their memory and come back from what they wrote");
        let (room, c1) = (self.room.clone(), self.c1.clone());
        let hub = &self.world.providers["a.example"].hubs[&room];
        let (snapshot, journal) = hub.written();
        let same = hub.restored().snapshot() == hub.engine.snapshot();
        check(same, "the hub came back another")?;
        self.world.crash_hub("a.example", &room);
        let told = format!("snapshot of {snapshot} octets and journal replayed");
        self.account
            .act("a.example", "restore the hub", journal, told);
        let client = self.world.clients[&c1]
            .room
            .as_ref()
            .ok_or("ClientC1 is not in")?;
        let (snapshot, journal) = client.written();
        let same = client.restored().snapshot() == client.engine.snapshot();
        check(same, "ClientC1 came back another")?;
        self.world.crash_client(&c1);
        let told = format!("snapshot of {snapshot} octets and entries applied");
        self.account
            .act("c.example", "restore ClientC1", journal, told);
        self.world.run();
        self.account.exchanges(&mut self.world);
        self.same_everywhere(&self.all_six())
    }

    fn bob_leaves(&mut self) -> Result<(), Mismatch> {
        self.account
            .step("Bob leaves: queued first, then covered by Cathy's commit");
        let (b1, b2, c1) = (self.b1.clone(), self.b2.clone(), self.c1.clone());
        // Bob's other client and Cathy's have not heard of it when they act.
        self.world.take_offline(&b2);
        self.world.take_offline(&c1);
        let late = MimiContent::new(self.salt(), NestedPart::plain("One more thing"));
        let content = Box::new(late);
        let refused = self.world.intend(&b2, Intent::Send { content });
        refused.map_err(|e| e.to_string())?;
        self.world
            .intend(&b1, Intent::Leave)
            .map_err(|e| e.to_string())?;
        let hub = &self.world.providers["a.example"].hubs[&self.room].engine;
        check(hub.pending() == 3, "the hub has not queued all proposals")?;
        self.world
            .clients
            .get_mut(&b2)
            .expect("Bob's client")
            .take_events();
        self.world.bring_online(&b2);
        self.account.exchanges(&mut self.world);
        self.expect(
            &b2,
            "refuse what Bob sends after he said that he leaves",
            |event| {
                matches!(
                    event,
                    Event::NotSent {
                        why: RefusedBy::Policy { .. },
                        ..
                    }
                )
            },
        )?;
        // A commit that knows nothing of the proposals leaves them out.
        self.world.take_offline(&c1);
        self.world
            .intend(&c1, Intent::Commit)
            .map_err(|e| e.to_string())?;
        self.world.bring_online(&c1);
        self.account.exchanges(&mut self.world);
        self.expect(
            &c1,
            "refuse the commit that leaves the proposals out",
            |event| {
                matches!(event, Event::NotChanged { why: RefusedBy::Proposals { references, .. } }
                if references.len() == 3)
            },
        )?;
        self.world
            .intend(&c1, Intent::Commit)
            .map_err(|e| e.to_string())?;
        self.account.exchanges(&mut self.world);
        for client in [&b1, &b2] {
            self.expect(client, "tell Bob's client that it is out", |event| {
                matches!(event, Event::Removed { .. })
            })?;
        }
        let rest = [&self.a1, &self.a2, &self.c1, &self.c2].map(MimiUri::clone);
        self.same_everywhere(&rest)
    }

    fn expect(
        &self,
        client: &MimiUri,
        what: &str,
        wanted: impl Fn(&Event) -> bool,
    ) -> Result<(), Mismatch> {
        let client_events = &self.world.clients[client].events;
        let found = client_events.iter().any(wanted);
        check(
            found,
            format!("{client}: expected to {what}, heard {client_events:?}"),
        )
    }

    fn cathy_adds_a_device(&mut self) -> Result<(), Mismatch> {
        self.account
            .step("Cathy adds a device, which joins by an external commit");
        let (c3, room) = (self.c3.clone(), self.room.clone());
        self.world.ask_to_join(&c3, &room);
        self.world.run();
        self.account.exchanges(&mut self.world);
        let rejections = &self.world.clients[&c3].rejections;
        check(rejections.is_empty(), format!("ClientC3: {rejections:?}"))?;
        let all = [&self.a1, &self.a2, &self.c1, &self.c2, &self.c3].map(MimiUri::clone);
        self.same_everywhere(&all)
    }

    fn alice_bans_cathy(&mut self, message: &Event) -> Result<(), Mismatch> {
        self.account
            .step("Alice bans Cathy and reports her message");
        let (a1, c1) = (self.a1.clone(), self.c1.clone());
        self.world
            .clients
            .get_mut(&c1)
            .expect("Cathy's client")
            .take_events();
        // The ban overtakes a message that is on its way.
        self.world.take_offline(&c1);
        let last = MimiContent::new(self.salt(), NestedPart::plain("You cannot stop me"));
        let content = Box::new(last);
        self.world
            .intend(&c1, Intent::Send { content })
            .map_err(|e| e.to_string())?;
        let user = self.user(&c1);
        self.world
            .intend(&a1, Intent::Ban { user })
            .map_err(|e| e.to_string())?;
        self.world.bring_online(&c1);
        self.account.exchanges(&mut self.world);
        self.expect(&c1, "be refused with notAllowed", |event| {
            matches!(
                event,
                Event::NotSent {
                    why: RefusedBy::Policy { .. },
                    ..
                }
            )
        })?;
        self.report(&a1, message)
    }

    fn report(&mut self, reporter: &MimiUri, message: &Event) -> Result<(), Mismatch> {
        let Event::Message {
            franked: Franked::Yes(evidence),
            ..
        } = message
        else {
            return Err("the message was not franked".to_owned());
        };
        let evidence = Evidence::from_bytes(evidence).map_err(|e| e.to_string())?;
        let mut report = AbuseReport::about(&self.room, [&evidence]).map_err(|e| e.to_string())?;
        report.reporting_user = Some(self.user(reporter));
        let note = "Cathy said this.".to_owned();
        let evidence = vec![evidence];
        self.world
            .intend(reporter, Intent::Report { evidence, note })
            .map_err(|e| e.to_string())?;
        self.account.exchanges(&mut self.world);
        let proved = self.found(|proof| matches!(proof, Proof::Committed { .. }));
        check(proved == 1, "the hub does not recognise its own frank")?;
        self.forge(reporter, report)
    }

    /// How many reported messages the moderators see with such a proof.
    fn found(&self, such: impl Fn(&Proof) -> bool) -> usize {
        let reports = self.world.providers["a.example"].reports.iter();
        let messages = reports.flat_map(|report| &report.messages);
        messages.filter(|message| such(&message.proof)).count()
    }

    /// The same report with an octet of the message changed, and with a time at
    /// which the hub has stamped nothing.
    fn forge(&mut self, reporter: &MimiUri, report: AbuseReport) -> Result<(), Mismatch> {
        let (mut altered, mut invented) = (report.clone(), report);
        for message in &mut altered.messages {
            let mut octets = message.message_content.to_vec();
            if let Some(last) = octets.last_mut() {
                *last ^= 1;
            }
            message.message_content = octets.into();
        }
        for message in &mut invented.messages {
            message.accepted_timestamp = message.accepted_timestamp.plus_millis(1);
        }
        let answer = self.hand_in(reporter, &altered)?;
        check(answer.starts_with("201"), "what the hub has stamped counts")?;
        let marked = self.found(|proof| *proof == Proof::OtherContent);
        check(
            marked == 1,
            "the hub believes other content than it stamped",
        )?;
        let answer = self.hand_in(reporter, &invented)?;
        check(answer.starts_with("403"), "a forged report was accepted")?;
        let reports = self.world.providers["a.example"].reports.len();
        check(reports == 2, "a forged report reached the moderators")
    }

    /// What the hub answers to a report.
    fn hand_in(&mut self, reporter: &MimiUri, report: &AbuseReport) -> Result<String, Mismatch> {
        let request = follower::Input::Request {
            client: reporter.clone(),
            kind: follower::RequestKind::Report,
            body: Bytes::from(report.to_vec().map_err(|e| e.to_string())?),
        };
        let room = self.room.clone();
        self.world
            .follower(reporter.domain(), &room, request)
            .map_err(|e| e.to_string())?;
        self.world.run();
        let answer = self.world.seen.last().map(|seen| seen.outcome.clone());
        self.account.exchanges(&mut self.world);
        answer.ok_or_else(|| "the hub does not answer".to_owned())
    }

    fn agreement(&mut self) -> Result<(), Mismatch> {
        self.account.step("Everyone agrees on what is left");
        let rest = [self.a1.clone(), self.a2.clone()];
        self.same_everywhere(&rest)?;
        for gone in [&self.b1, &self.b2, &self.c1, &self.c2, &self.c3] {
            let member = self.world.clients[gone].room().is_member();
            check(!member, format!("{gone} still takes itself for a member"))?;
        }
        let hub = &self.world.providers["a.example"].hubs[&self.room].engine;
        for (domain, provider) in &self.world.providers {
            let seen = provider.seen.get(&self.room).map(|seen| seen.epoch);
            let stays = rest.iter().any(|client| client.domain() == domain);
            let enough = if stays {
                seen == Some(hub.epoch())
            } else {
                seen.is_some()
            };
            check(enough, format!("{domain} saw the room last in {seen:?}"))?;
        }
        let policy = hub
            .policy()
            .components()
            .to_vec()
            .map_err(|e| e.to_string())?;
        let participants = hub.policy().participants();
        let mut words = vec![format!("epoch {}", hub.epoch())];
        for participant in participants.iter() {
            let clients = hub.clients().count_of(participant.user);
            let role = hub.policy().role(participant.role);
            let role = role.map_or("?", |role| role.name.as_str());
            words.push(format!("{}: {role}, {clients} clients", participant.user));
        }
        words.push(format!(
            "policy of {} octets, equal everywhere",
            policy.len()
        ));
        self.account.summary(&words);
        Ok(())
    }

    /// Whether the hub and these clients, and no others, are in the room and agree
    /// on it by octets, and so do the followers.
    fn same_everywhere(&self, clients: &[MimiUri]) -> Result<(), Mismatch> {
        let hub = &self.world.providers["a.example"].hubs[&self.room].engine;
        let components = |policy: &mimi_policy::RoomPolicy| policy.components().to_vec();
        let wanted = components(hub.policy());
        check(
            hub.clients().len() == clients.len(),
            "the hub knows other clients",
        )?;
        for uri in clients {
            let client = &self.world.clients[uri];
            let room = client.room.as_ref().map(|room| &room.engine);
            let room = room.ok_or_else(|| format!("{uri} is not in: {:?}", client.rejections))?;
            check(room.is_member(), format!("{uri} is no member"))?;
            check(
                room.epoch() == hub.epoch(),
                format!("{uri} is in another epoch"),
            )?;
            check(
                components(room.policy()) == wanted,
                format!("{uri} has another policy"),
            )?;
            check(
                room.clients() == hub.clients(),
                format!("{uri} sees other clients"),
            )?;
        }
        self.followers_agree(clients)
    }

    /// Whether every follower delivers to its own of these clients, is in the
    /// hub's epoch if it has any, and has seen the room as the hub knows it:
    /// in each epoch that a commit of its own client began, by octets.
    fn followers_agree(&self, clients: &[MimiUri]) -> Result<(), Mismatch> {
        let hosting = &self.world.providers["a.example"];
        let hub = &hosting.hubs[&self.room].engine;
        for (domain, provider) in &self.world.providers {
            let follower = provider.followers.get(&self.room);
            let epoch = follower.and_then(|f| f.engine.epoch());
            let behind = epoch.is_some_and(|epoch| epoch != hub.epoch());
            let known: Vec<_> = follower
                .into_iter()
                .flat_map(|f| f.engine.clients())
                .collect();
            let mut local: Vec<_> = clients.iter().filter(|c| c.domain() == domain).collect();
            local.sort();
            check(known == local, format!("{domain} delivers to {known:?}"))?;
            check(
                local.is_empty() || !behind,
                format!("{domain} is in another epoch"),
            )?;
            let Some(seen) = provider.seen.get(&self.room) else {
                continue;
            };
            let agreed = hosting.history[&self.room].get(&seen.epoch);
            check(
                agreed == Some(&seen.components),
                format!("{domain} saw another policy in epoch {}", seen.epoch),
            )?;
        }
        Ok(())
    }
}

fn message_id(event: &Event) -> Result<MessageId, Mismatch> {
    match event {
        Event::Message { message_id, .. } => Ok(*message_id),
        _ => Err("it is no message".to_owned()),
    }
}
