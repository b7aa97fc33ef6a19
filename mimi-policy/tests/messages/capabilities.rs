//! Each capability is asked for where it is used, and nowhere else.

use mimi_content::{Disposition, MimiContent, NestedPart, PartSemantics};
use mimi_policy::messages::{
    AssetKind, Breach, Facts, LeaveOut, assets, check, is_reaction, requirements,
};
use mimi_policy::{Capability, RoomPolicy, presets};

use crate::room::*;

/// A message of Bob, what is known of others, all that it takes, and what is
/// left out of it without the last.
type Case = (
    &'static str,
    MimiContent<'static>,
    Facts,
    Vec<Capability>,
    LeaveOut,
);

fn cases() -> Vec<Case> {
    use Capability as C;
    let none = Facts::default();
    let in_topic = |in_topic| Facts {
        in_topic,
        replaced: None,
    };
    let reply = || text().with_reply_to(id(1));
    let reaction = || message(NestedPart::reaction("❤"));
    let edit = || text().with_replaces(id(1));
    let delete = || message(NestedPart::null()).with_replaces(id(1));
    let upload = |content_type, disposition| message(asset(content_type, disposition));
    let (whole, first) = (LeaveOut::Message, LeaveOut::Part(0));
    vec![
        ("a text", text(), none, vec![C::SEND_MESSAGE], whole),
        (
            "a reply",
            reply(),
            none,
            vec![C::SEND_MESSAGE, C::REPLY_TO_MESSAGE],
            whole,
        ),
        (
            "a reply in the topic",
            reply().with_topic(topic("a")),
            in_topic(Some(true)),
            vec![C::SEND_MESSAGE, C::REPLY_IN_TOPIC],
            whole,
        ),
        (
            "a reaction",
            reaction().with_reply_to(id(1)),
            none,
            vec![C::SEND_MESSAGE, C::REACT_TO_MESSAGE],
            whole,
        ),
        (
            "a message with a topic",
            text().with_topic(topic("a")),
            none,
            vec![C::SEND_MESSAGE, C::START_TOPIC],
            LeaveOut::Topic,
        ),
        (
            "another reaction",
            reaction().with_replaces(id(1)),
            replacing(true, true, true, false),
            vec![C::SEND_MESSAGE, C::EDIT_REACTION],
            first,
        ),
        (
            "no reaction any more",
            delete(),
            replacing(true, true, true, false),
            vec![C::SEND_MESSAGE, C::DELETE_OWN_REACTION],
            whole,
        ),
        (
            "no reaction of another",
            delete(),
            replacing(false, true, true, false),
            vec![C::SEND_MESSAGE, C::DELETE_OTHER_REACTION],
            whole,
        ),
        (
            "an edit",
            edit(),
            replacing(true, false, true, false),
            vec![C::SEND_MESSAGE, C::EDIT_OWN_MESSAGE],
            first,
        ),
        (
            "a delete",
            delete(),
            replacing(true, false, true, true),
            vec![C::SEND_MESSAGE, C::DELETE_OWN_MESSAGE],
            whole,
        ),
        (
            "a delete of another's message",
            delete(),
            replacing(false, false, true, false),
            vec![C::SEND_MESSAGE, C::DELETE_OTHER_MESSAGE],
            whole,
        ),
        (
            "another topic",
            edit().with_topic(topic("b")),
            replacing(true, false, false, true),
            vec![C::SEND_MESSAGE, C::EDIT_OWN_TOPIC],
            LeaveOut::Topic,
        ),
        (
            "another topic of another's message",
            edit().with_topic(topic("b")),
            replacing(false, false, false, true),
            vec![C::SEND_MESSAGE, C::EDIT_OTHER_TOPIC],
            LeaveOut::Topic,
        ),
        (
            "an image",
            upload("image/png", Disposition::RENDER),
            none,
            vec![C::SEND_MESSAGE, C::UPLOAD_IMAGE],
            first,
        ),
        (
            "audio",
            upload("Audio/ogg; codecs=opus", Disposition::INLINE),
            none,
            vec![C::SEND_MESSAGE, C::UPLOAD_AUDIO],
            first,
        ),
        (
            "video",
            upload("video/mp4", Disposition::UNSPECIFIED),
            none,
            vec![C::SEND_MESSAGE, C::UPLOAD_VIDEO],
            first,
        ),
        (
            "a video as attachment",
            upload("video/mp4", Disposition::ATTACHMENT),
            none,
            vec![C::SEND_MESSAGE, C::UPLOAD_ATTACHMENT],
            first,
        ),
        (
            "a document",
            upload("application/pdf", Disposition::RENDER),
            none,
            vec![C::SEND_MESSAGE, C::UPLOAD_ATTACHMENT],
            first,
        ),
        (
            "a file without a type",
            upload("", Disposition::RENDER),
            none,
            vec![C::SEND_MESSAGE, C::UPLOAD_ATTACHMENT],
            first,
        ),
        (
            "a conference",
            upload("", Disposition::SESSION),
            none,
            vec![C::SEND_MESSAGE, C::SEND_LINK],
            first,
        ),
        (
            "a link",
            message(NestedPart::markdown("[here](https://a.example)")),
            none,
            vec![C::SEND_MESSAGE, C::SEND_LINK],
            first,
        ),
        (
            "a preview",
            message(NestedPart::plain("A page").with_disposition(Disposition::PREVIEW)),
            none,
            vec![C::SEND_MESSAGE, C::SEND_LINK_PREVIEW],
            first,
        ),
    ]
}

#[test]
fn a_message_takes_these_capabilities_and_no_others() {
    for (what, content, facts, takes, _) in cases() {
        let found = requirements(&content, &facts);
        assert_eq!(
            found.capabilities().iter().collect::<Vec<_>>(),
            takes,
            "{what}"
        );
        assert_eq!(found.never, [], "{what}");
        // With just these it is sent.
        assert_eq!(judge(&room(&takes), &content, &facts), Ok(()), "{what}");
    }
}

#[test]
fn without_one_of_them_it_is_refused_even_to_who_has_all_others() {
    for (what, content, facts, takes, leave_out) in cases() {
        for capability in &takes {
            let left_out = if *capability == Capability::SEND_MESSAGE {
                LeaveOut::Message
            } else {
                leave_out
            };
            let verdict = judge(&all_but(*capability), &content, &facts);
            let expected = [(lacks(*capability), left_out)];
            assert_eq!(breaches(verdict), expected, "{what}");
        }
    }
}

#[test]
fn the_cases_cover_all_that_senders_can_do() {
    let mut covered: Vec<_> = cases().into_iter().flat_map(|case| case.3).collect();
    covered.sort();
    covered.dedup();
    let readers = [
        Capability::RECEIVE_MESSAGE,
        Capability::COPY_MESSAGE,
        Capability::REPORT_ABUSE,
        Capability::DOWNLOAD_IMAGE,
        Capability::DOWNLOAD_AUDIO,
        Capability::DOWNLOAD_VIDEO,
        Capability::DOWNLOAD_ATTACHMENT,
        Capability::FOLLOW_LINK,
        Capability::COPY_LINK,
    ];
    covered.extend(readers);
    covered.sort();
    let ranges = Capability::REGISTERED
        .iter()
        .copied()
        .filter(|one| matches!(one.0, 0x0100..=0x010f | 0x0200..=0x020b));
    assert_eq!(covered, ranges.collect::<Vec<_>>());
}

#[test]
fn readers_need_the_capability_for_what_they_do() {
    let parts = vec![
        asset("image/png", Disposition::RENDER),
        asset("audio/ogg", Disposition::RENDER),
        asset("video/mp4", Disposition::RENDER),
        asset("image/png", Disposition::ATTACHMENT),
        asset("", Disposition::SESSION),
    ];
    let body = all_of(parts);
    let kinds: Vec<_> = assets(&body)
        .map(|asset| (asset.index, asset.kind))
        .collect();
    let expected = [
        (1, AssetKind::Image, Capability::DOWNLOAD_IMAGE),
        (2, AssetKind::Audio, Capability::DOWNLOAD_AUDIO),
        (3, AssetKind::Video, Capability::DOWNLOAD_VIDEO),
        (4, AssetKind::Attachment, Capability::DOWNLOAD_ATTACHMENT),
        (5, AssetKind::Service, Capability::FOLLOW_LINK),
    ];
    assert_eq!(kinds, expected.map(|(index, kind, _)| (index, kind)));
    let others = [
        Capability::RECEIVE_MESSAGE,
        Capability::COPY_MESSAGE,
        Capability::REPORT_ABUSE,
        Capability::COPY_LINK,
    ];
    let downloads = expected.map(|(_, kind, capability)| {
        assert_eq!(kind.download(), capability);
        capability
    });
    for capability in downloads.into_iter().chain(others) {
        assert!(room(&[capability]).can(&bob(), capability));
        assert!(!all_but(capability).can(&bob(), capability));
    }
    assert!(room(&[Capability::RECEIVE_MESSAGE]).may_receive(&bob()));
    assert!(!all_but(Capability::RECEIVE_MESSAGE).may_receive(&bob()));
}

#[test]
fn a_stranger_may_say_nothing() {
    let policy = room(&everything());
    let verdict = check(&policy, &stranger(), &text(), &Facts::default(), NOW);
    let found = verdict.unwrap_err();
    assert!(found.leave_out_message());
    assert_eq!(
        found.to_string(),
        "mimi://evil.example/u/mallory is no participant of this room \
         (POLICY, \"Role Capabilities\")"
    );
}

#[test]
fn all_that_is_wrong_is_said_at_once() {
    let body = all_of(vec![
        NestedPart::markdown("Look: <https://a.example>"),
        asset("image/png", Disposition::RENDER),
        asset("image/jpeg", Disposition::RENDER),
    ]);
    let content = message(body).with_topic(topic("news"));
    let found = judge(
        &room(&[Capability::SEND_MESSAGE]),
        &content,
        &Facts::default(),
    );
    let found = found.unwrap_err();
    insta::assert_snapshot!(found.to_string().replace("; ", "\n"), @r#"
    mimi://b.example/u/bob may not set a topic: role 2 (bob) lacks canStartTopic (POLICY, "Message Capabilities")
    part 1: mimi://b.example/u/bob may not send links: role 2 (bob) lacks canSendLink (POLICY, "Message Capabilities")
    part 2: mimi://b.example/u/bob may not send images: role 2 (bob) lacks canUploadImage (POLICY, "Asset Capabilities")
    part 3: mimi://b.example/u/bob may not send images: role 2 (bob) lacks canUploadImage (POLICY, "Asset Capabilities")
    "#);
    assert!(!found.leave_out_message());
    assert!(found.leave_out_topic());
    assert!(found.leave_out_parts().into_iter().eq([1, 2, 3]));
}

#[test]
fn an_image_counts_wherever_it_is_hidden() {
    let choose = |parts| NestedPart::multi(PartSemantics::ChooseOne, parts).unwrap();
    let unit = |parts| NestedPart::multi(PartSemantics::SingleUnit, parts).unwrap();
    let image = asset("image/png", Disposition::RENDER);
    // Part 0 has 1, a text, and 2, which has 3, a text, and 4, which has 5 and 6.
    let body = all_of(vec![
        NestedPart::plain("Hi"),
        choose(vec![
            NestedPart::plain("or"),
            unit(vec![NestedPart::plain("and"), image]),
        ]),
    ]);
    let verdict = judge(
        &all_but(Capability::UPLOAD_IMAGE),
        &message(body),
        &Facts::default(),
    );
    assert_eq!(
        breaches(verdict),
        [(lacks(Capability::UPLOAD_IMAGE), LeaveOut::Part(6))]
    );
}

#[test]
fn a_part_without_a_disposition_has_the_one_around_it() {
    let image = || asset("image/png", Disposition::UNSPECIFIED);
    let body = all_of(vec![image(), asset("image/png", Disposition::RENDER)]);
    let body = body.with_disposition(Disposition::ATTACHMENT);
    let kinds: Vec<_> = assets(&body).map(|asset| asset.kind).collect();
    assert_eq!(kinds, [AssetKind::Attachment, AssetKind::Image]);

    // It does not leak to what comes after.
    let inner = all_of(vec![image(), image()]).with_disposition(Disposition::ATTACHMENT);
    let body = all_of(vec![inner, image()]);
    let kinds: Vec<_> = assets(&body).map(|asset| asset.kind).collect();
    let attachment = AssetKind::Attachment;
    assert_eq!(kinds, [attachment, attachment, AssetKind::Image]);

    // One that is not registered is to be rendered.
    let body = all_of(vec![asset("image/png", Disposition(200)), image()]);
    let body = body.with_disposition(Disposition::ATTACHMENT);
    let kinds: Vec<_> = assets(&body).map(|asset| asset.kind).collect();
    assert_eq!(kinds, [AssetKind::Image, attachment]);
}

#[test]
fn only_what_is_nothing_else_passes_for_a_reaction() {
    let react = || NestedPart::reaction("❤");
    let reply = |body| message(body).with_reply_to(id(1));
    let whole = reply(all_of(vec![react(), react()]));
    assert!(is_reaction(&whole));
    let takes = |content: &MimiContent<'_>| {
        let found = requirements(content, &Facts::default());
        found.capabilities().iter().collect::<Vec<_>>()
    };
    assert_eq!(
        takes(&whole),
        [Capability::SEND_MESSAGE, Capability::REACT_TO_MESSAGE]
    );

    let both = [
        Capability::SEND_MESSAGE,
        Capability::REPLY_TO_MESSAGE,
        Capability::REACT_TO_MESSAGE,
    ];
    // A text beside it, or inside what claims to be one.
    let beside = reply(all_of(vec![react(), NestedPart::plain("and this")]));
    let texts = vec![NestedPart::plain("so"), NestedPart::plain("this")];
    let inside = NestedPart::multi(PartSemantics::ChooseOne, texts).unwrap();
    let inside = reply(inside.with_disposition(Disposition::REACTION));
    for content in [beside, inside] {
        assert!(!is_reaction(&content));
        assert_eq!(takes(&content), both);
    }

    // To nothing.
    let alone = message(react());
    assert!(!is_reaction(&alone));
    assert_eq!(
        takes(&alone),
        [Capability::SEND_MESSAGE, Capability::REACT_TO_MESSAGE]
    );
    assert!(!is_reaction(&reply(NestedPart::null())));
}

#[test]
fn the_rooms_of_the_draft_allow_what_they_name() {
    // The cooperative room of the presets; Bob is an ordinary user in it.
    let role = presets::cooperative().get(presets::ORDINARY_USER).cloned();
    let capabilities: Vec<_> = role.unwrap().capabilities.iter().collect();
    let policy: RoomPolicy = room(&capabilities);
    let refused: Vec<_> = cases()
        .into_iter()
        .filter(|(_, content, facts, ..)| judge(&policy, content, facts).is_err())
        .map(|(what, ..)| what)
        .collect();
    assert_eq!(
        refused,
        [
            "another reaction",
            "no reaction of another",
            "a delete of another's message",
            "another topic of another's message",
        ]
    );
}

#[test]
fn what_nobody_may_do_is_no_capability() {
    let content = text().with_replaces(id(1));
    let found = requirements(&content, &replacing(false, false, true, false));
    assert_eq!(found.never.len(), 1);
    assert_eq!(found.never[0].breach, Breach::EditsOther);
    assert_eq!(found.needs.len(), 1);
}
