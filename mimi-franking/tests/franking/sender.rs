//! What a sender commits to, and what it does not.

use mimi_content::media::{ApplicationFraming, MediaType, MediaTypeList};
use mimi_content::tls::Encode;
use mimi_content::{MimiContent, NestedPart, Salt};
use mimi_franking::{
    CommitError, ContentError, Framing, Opening, Plaintext, commit, commit_content,
};

use crate::scene::{Scene, uri};

#[test]
fn a_sender_commits_to_its_own_content_only() {
    let scene = Scene::new();
    let content = scene.content(&scene.alice, "hello");
    let cellar = uri("mimi://hub.example/r/cellar");
    let seal = |user, room| commit_content(&content, Framing::Bare, user, room);
    let (data, tag) = seal(&scene.alice, &scene.room).unwrap();
    assert_eq!(data, content.encode());
    assert_eq!((data, tag), scene.write(&content));
    assert_eq!(seal(&scene.bob, &scene.room), Err(CommitError::SenderUri));
    assert_eq!(seal(&scene.alice, &cellar), Err(CommitError::RoomUri));
}

#[test]
fn content_that_names_no_sender_or_no_room_is_not_committed_to() {
    let scene = Scene::new();
    let mut content = MimiContent::new(Salt::new([3; 16]), NestedPart::plain("hello"));
    let seal = |content: &MimiContent<'_>| {
        commit_content(content, Framing::Bare, &scene.alice, &scene.room)
    };
    content.extensions.set_room_uri(&scene.room);
    assert_eq!(seal(&content), Err(CommitError::NoSenderUri));
    let mut content = MimiContent::new(Salt::new([3; 16]), NestedPart::plain("hello"));
    content.extensions.set_sender_uri(&scene.alice);
    assert_eq!(seal(&content), Err(CommitError::NoRoomUri));
    content.extensions.set_room_uri(&scene.room);
    assert!(seal(&content).is_ok());
}

#[test]
fn other_formats_open_by_what_they_say_of_themselves() {
    let scene = Scene::new();
    let (data, salt) = (b"another format".as_slice(), [9; 16]);
    let opening = |sender, room| Opening::new(data, &salt, sender, room);
    let (alice, room) = (scene.alice.as_str(), scene.room.as_str());
    let whole = opening(Some(alice), Some(room));
    assert_eq!(commit(&whole, &scene.alice, &scene.room), Ok(whole.tag()));
    for (sender, room, refused) in [
        (None, Some(room), CommitError::NoSenderUri),
        (Some(alice), None, CommitError::NoRoomUri),
        (Some(scene.bob.as_str()), Some(room), CommitError::SenderUri),
        (Some(alice), Some(alice), CommitError::RoomUri),
    ] {
        let opening = opening(sender, room);
        assert_eq!(commit(&opening, &scene.alice, &scene.room), Err(refused));
    }
}

#[test]
fn the_tag_covers_the_media_type_where_there_is_one() {
    let scene = Scene::framed();
    let content = scene.content(&scene.alice, "hello");
    let (data, tag) = commit_content(&content, scene.framing(), &scene.alice, &scene.room).unwrap();
    let expected = ApplicationFraming {
        media_type: MediaType::new("application/mimi-content"),
        content: content.encode().into(),
    };
    assert_eq!(data, expected.to_vec().unwrap());
    let bare = commit_content(&content, Framing::Bare, &scene.alice, &scene.room).unwrap();
    assert_ne!(tag, bare.1);
    let text = Plaintext::decode(&data, scene.framing()).unwrap();
    assert_eq!(text.encoded_content(), content.encode());
    assert_eq!(text.content(), &content);
    assert_eq!(text.opening().tag(), tag);
    assert_eq!(text.opening().application_data(), data);
}

#[test]
fn an_empty_media_type_is_the_first_of_the_group() {
    let scene = Scene::new();
    let content = scene.content(&scene.alice, "hello");
    let mimi_first = MediaTypeList(vec![
        MediaType::new("application/mimi-content"),
        MediaType::new("text/plain"),
    ]);
    let framing = Framing::Typed(&mimi_first);
    let data = framing.frame(content.encode()).unwrap();
    assert_eq!(&data[..2], &[0, 0], "no type and no parameters");
    assert!(Plaintext::decode(&data, framing).is_ok());
    // Where another type comes first, the same octets are of that type.
    let text_first = Scene::framed();
    assert_eq!(
        Plaintext::decode(&data, text_first.framing()).unwrap_err(),
        ContentError::MediaType
    );
}

#[test]
fn what_is_not_framed_as_the_group_frames_is_no_content() {
    let scene = Scene::framed();
    let content = scene.content(&scene.alice, "hello");
    let framed = scene.framing().frame(content.encode()).unwrap();
    let decode = |data: &[u8], framing| Plaintext::decode(data, framing).map(|_| ()).unwrap_err();
    // Neither form is taken for the other.
    assert!(matches!(
        decode(&content.encode(), scene.framing()),
        ContentError::Framing(_)
    ));
    assert!(matches!(
        decode(&framed, Framing::Bare),
        ContentError::Content(_)
    ));
    let longer = [&framed[..], &[0]].concat();
    assert!(matches!(
        decode(&longer, scene.framing()),
        ContentError::Framing(_)
    ));
    let other = ApplicationFraming {
        media_type: MediaType::new("text/plain"),
        content: content.encode().into(),
    };
    assert_eq!(
        decode(&other.to_vec().unwrap(), scene.framing()),
        ContentError::MediaType
    );
    // Parameters say nothing about MIMI content, but have to be texts.
    let mut typed = MediaType::new("application/mimi-content");
    typed.parameters.push(("version".into(), "1".into()));
    let other = ApplicationFraming {
        media_type: typed,
        content: content.encode().into(),
    };
    let mut octets = other.to_vec().unwrap();
    assert!(Plaintext::decode(&octets, scene.framing()).is_ok());
    let name = 1 + "application/mimi-content".len() + 2;
    octets[name] = 0xff;
    assert!(matches!(
        decode(&octets, scene.framing()),
        ContentError::Framing(_)
    ));
    octets[name] = b'v';
    octets[name + "version".len() + 1] = 0xff;
    assert!(matches!(
        decode(&octets, scene.framing()),
        ContentError::Framing(_)
    ));
}

#[test]
fn neither_text_nor_salt_is_shown() {
    let scene = Scene::new();
    let (data, _) = scene.write(&scene.content(&scene.alice, "meet me at noon"));
    let text = Plaintext::decode(&data, Framing::Bare).unwrap();
    let octets = data.len();
    assert_eq!(format!("{text:?}"), format!("Plaintext({octets} octets)"));
    let opening = text.opening();
    assert_eq!(format!("{opening:?}"), format!("Opening({octets} octets)"));
}
