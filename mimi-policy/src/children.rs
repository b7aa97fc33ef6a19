//! What a change of a room does to the rooms that depend on it.

use mimi_content::UriRef;

use crate::policy::{RoomPolicy, State, is_person};

/// Who has to leave which of `rooms` since it is no participant of `parent`
/// any more (POLICY, "Base Room policy component syntax"). A hub asks this
/// after each change of a room that others depend on, and then proposes to
/// remove them there, with their clients.
///
/// `rooms` may be any rooms of the hub, each with a key by which the hub knows
/// it; those that do not depend on `parent` are passed over, and all of them if
/// `parent` has no metadata and so no URI. The answer has the key of each room
/// that somebody has to leave, with everybody who has to, in the order of its
/// list. Whoever is banned in `parent` is not in it. Providers stay, as they
/// enforce the policy of any room, and so do entries that are banned already.
///
/// Each entry of a room that depends on `parent` is looked up there once.
///
/// That a room has fewer users than its parent is for the next change of it to
/// see: whom to remove for that, nobody can tell.
///
/// ```
/// # use mimi_content::{MimiUri, UriRef, component::{ComponentId, ComponentMap}, tls::Encode};
/// # use mimi_policy::*;
/// # fn room(uri: &str, parent: Option<&str>, users: &[&str]) -> RoomPolicy {
/// #     let mimi = |text: &str| MimiUri::parse(text).unwrap();
/// #     let users = users.iter().map(|user| Participant { user: mimi(user), role: 2 });
/// #     let base = BaseRoomPolicy { parent_room: parent.map(mimi), ..Default::default() };
/// #     let components: ComponentMap = [
/// #         (ComponentId::PARTICIPANT_LIST, ParticipantList::new(users.collect()).unwrap().to_vec().unwrap()),
/// #         (ComponentId::ROOM_METADATA, RoomMetadata::new(mimi(uri), "").to_vec().unwrap()),
/// #         (ComponentId::ROLES_LIST, presets::cooperative().to_vec().unwrap()),
/// #         (ComponentId::BASE_ROOM_POLICY, base.to_vec().unwrap()),
/// #     ].into_iter().collect();
/// #     RoomPolicy::from_components(&components).unwrap()
/// # }
/// const CLUB: &str = "mimi://a.example/r/club";
/// const ALICE: &str = "mimi://a.example/u/alice";
/// const BOB: &str = "mimi://b.example/u/bob";
/// let rooms = [
///     room("mimi://a.example/r/chess", Some(CLUB), &[ALICE, BOB]),
///     room("mimi://a.example/r/pets", None, &[ALICE, BOB]),
/// ];
/// // Bob has left the club.
/// let club = room(CLUB, None, &[ALICE]);
/// let leave: Vec<_> = leavers(&club, rooms.iter().enumerate()).collect();
/// assert_eq!(leave, [(0, vec![UriRef::parse(BOB)?])]);
/// # Ok::<(), mimi_content::UriError>(())
/// ```
pub fn leavers<'r, K>(
    parent: &'r RoomPolicy,
    rooms: impl IntoIterator<Item = (K, &'r RoomPolicy)>,
) -> impl Iterator<Item = (K, Vec<UriRef<'r>>)> {
    let uri = parent.metadata().map(|metadata| &metadata.room);
    rooms.into_iter().filter_map(move |(key, room)| {
        let depends = uri.is_some() && room.base().parent_room.as_ref() == uri;
        let users = depends.then(|| room.0.not_in(&parent.0))?;
        (!users.is_empty()).then_some((key, users))
    })
}

impl State {
    /// The users of this room who may be here only if they are in `parent`, and
    /// are not.
    fn not_in(&self, parent: &State) -> Vec<UriRef<'_>> {
        let banned = self.roles.banned().map(|role| role.index);
        let entries = self.participants.iter();
        entries
            .filter(|entry| Some(entry.role) != banned && is_person(entry.user))
            .map(|entry| entry.user)
            .filter(|user| !parent.has(*user))
            .collect()
    }
}
