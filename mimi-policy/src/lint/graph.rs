//! Who can come to hold which role.

use std::collections::BTreeSet;

use crate::capability::Capability;
use crate::components::roles::Role;
use crate::policy::RoomPolicy;

/// Position of a role among those of a [`Graph`]; 0 is role 0, whether the
/// room defines it or not.
pub(super) type Position = u16;

/// The position of role 0.
pub(super) const OUTSIDE: Position = 0;

/// A set of positions: there are 256 roles at most, and role 0.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct RoleSet([u64; 5]);

impl RoleSet {
    pub(super) fn of(position: Position) -> Self {
        let mut set = RoleSet::default();
        set.insert(position);
        set
    }

    pub(super) fn insert(&mut self, position: Position) {
        if let Some(word) = self.0.get_mut(usize::from(position >> 6)) {
            *word |= bit(position);
        }
    }

    pub(super) fn contains(&self, position: Position) -> bool {
        let word = self.0.get(usize::from(position >> 6));
        word.is_some_and(|word| word & bit(position) != 0)
    }

    pub(super) fn union(mut self, other: RoleSet) -> Self {
        let words = self.0.iter_mut().zip(other.0);
        words.for_each(|(word, other)| *word |= other);
        self
    }

    pub(super) fn intersection(mut self, other: RoleSet) -> Self {
        let words = self.0.iter_mut().zip(other.0);
        words.for_each(|(word, other)| *word &= other);
        self
    }

    pub(super) fn without(mut self, other: RoleSet) -> Self {
        let words = self.0.iter_mut().zip(other.0);
        words.for_each(|(word, other)| *word &= !other);
        self
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0 == [0; 5]
    }
}

fn bit(position: Position) -> u64 {
    1u64.wrapping_shl(u32::from(position & 63))
}

/// The roles of a room and the moves between them, without repetition.
pub(super) struct Graph<'a> {
    nodes: Vec<Node<'a>>,
    /// Positions by index, sorted.
    by_index: Vec<(u32, Position)>,
    fixed: bool,
    banned: Option<Position>,
    /// The roles that somebody holds now.
    pub(super) held: RoleSet,
    /// The roles that the preauthorisation list gives.
    pub(super) given: RoleSet,
    /// The roles that somebody holds or can come to hold, and role 0.
    pub(super) reached: RoleSet,
}

struct Node<'a> {
    role: &'a Role,
    capabilities: BTreeSet<Capability>,
    /// By position of the source: the targets that exist.
    moves: Vec<RoleSet>,
    /// Indices in `authorized_role_changes` that no role has, sorted.
    undefined: Vec<u32>,
}

impl<'a> Graph<'a> {
    /// `outside` stands for role 0 where the room does not define it.
    pub(super) fn new(
        policy: &'a RoomPolicy,
        outside: &'a Role,
        given: impl Iterator<Item = u32>,
    ) -> Self {
        let zero = policy.roles().get(Role::NONE).unwrap_or(outside);
        let others = policy.roles().iter().filter(|r| r.index != Role::NONE);
        let roles: Vec<_> = std::iter::once(zero).chain(others).collect();
        let positions = (OUTSIDE..).zip(&roles);
        let mut by_index: Vec<_> = positions.map(|(p, role)| (role.index, p)).collect();
        by_index.sort_unstable();
        let mut graph = Graph {
            nodes: Vec::with_capacity(roles.len()),
            by_index,
            fixed: policy.base().fixed_membership,
            banned: None,
            held: RoleSet::default(),
            given: RoleSet::default(),
            reached: RoleSet::default(),
        };
        graph.banned = policy.roles().banned().and_then(|r| graph.at(r.index));
        for entry in policy.participants().iter() {
            graph.held.extend(graph.at(entry.role));
        }
        for index in given {
            graph.given.extend(graph.at(index));
        }
        for role in roles {
            let node = graph.node(role);
            graph.nodes.push(node);
        }
        graph.reached = graph.reach(graph.held);
        graph
    }

    fn node(&self, role: &'a Role) -> Node<'a> {
        let mut moves = vec![RoleSet::default(); self.by_index.len()];
        let mut undefined = Vec::new();
        for change in &role.role_changes {
            let from = self.at(change.from);
            if from.is_none() {
                undefined.push(change.from);
            }
            for to in &change.to {
                let target = self.at(*to);
                if target.is_none() {
                    undefined.push(*to);
                }
                if let Some(row) = from.and_then(|from| moves.get_mut(usize::from(from))) {
                    row.extend(target);
                }
            }
        }
        undefined.sort_unstable();
        undefined.dedup();
        Node {
            role,
            capabilities: role.capabilities.iter().collect(),
            moves,
            undefined,
        }
    }

    fn at(&self, index: u32) -> Option<Position> {
        let found = self.by_index.binary_search_by_key(&index, |(i, _)| *i);
        self.by_index.get(found.ok()?).map(|(_, at)| *at)
    }

    fn get(&self, position: Position) -> Option<&Node<'a>> {
        self.nodes.get(usize::from(position))
    }

    /// All roles, role 0 first, defined or not.
    pub(super) fn iter(&self) -> impl Iterator<Item = (Position, &'a Role)> + '_ {
        (OUTSIDE..).zip(self.nodes.iter().map(|node| node.role))
    }

    pub(super) fn banned(&self) -> Option<Position> {
        self.banned
    }

    pub(super) fn is_fixed(&self) -> bool {
        self.fixed
    }

    pub(super) fn undefined(&self, position: Position) -> &[u32] {
        self.get(position).map_or(&[], |node| &node.undefined)
    }

    pub(super) fn has(&self, position: Position, capability: Capability) -> bool {
        self.get(position)
            .is_some_and(|node| node.capabilities.contains(&capability))
    }

    pub(super) fn capabilities(&self, position: Position) -> impl Iterator<Item = Capability> + '_ {
        let node = self.get(position);
        node.into_iter()
            .flat_map(|n| n.capabilities.iter().copied())
    }

    /// Where `authorized_role_changes` of the role at `actor` lead from `from`,
    /// whatever its capabilities.
    pub(super) fn moves(&self, actor: Position, from: Position) -> RoleSet {
        let row = self.get(actor).and_then(|n| n.moves.get(usize::from(from)));
        row.copied().unwrap_or_default()
    }

    /// Whether they lead from one of `from` to another one, of `to`.
    pub(super) fn leads(&self, actor: Position, from: RoleSet, to: RoleSet) -> bool {
        let sources = self.iter().filter(|(p, _)| from.contains(*p));
        let mut targets = sources.map(|(p, _)| self.moves(actor, p).without(RoleSet::of(p)));
        targets.any(|targets| !targets.intersection(to).is_empty())
    }

    /// The roles that `keep` keeps.
    pub(super) fn roles_that(&self, keep: impl Fn(Position, &Role) -> bool) -> RoleSet {
        let mut set = RoleSet::default();
        set.extend(
            self.iter()
                .filter(|(p, role)| keep(*p, role))
                .map(|(p, _)| p),
        );
        set
    }

    /// Where holders of `actor` can bring somebody else who is in `from`.
    fn brings(&self, actor: Position, from: Position) -> RoleSet {
        let moves = self.moves(actor, from);
        let outside = RoleSet::of(OUTSIDE);
        let has = |capability| self.has(actor, capability);
        let mut targets = RoleSet::default();
        // Someone can be banned before it comes, but not where nobody comes.
        if let Some(banned) = self.banned.filter(|_| has(Capability::BAN)) {
            targets = moves.intersection(RoleSet::of(banned));
        }
        if from == OUTSIDE {
            if has(Capability::ADD_PARTICIPANT) {
                targets = moves.without(outside);
            }
            return if self.fixed {
                RoleSet::default()
            } else {
                targets
            };
        }
        if has(Capability::REMOVE_PARTICIPANT) && !self.fixed {
            targets = targets.union(moves.intersection(outside));
        }
        let unbans = Some(from) == self.banned && has(Capability::UNBAN);
        if has(Capability::CHANGE_USER_ROLE) || unbans {
            targets = targets.union(moves.without(outside));
        }
        targets
    }

    /// Where someone in `from` can go by itself.
    fn goes(&self, from: Position) -> RoleSet {
        let mut targets = RoleSet::default();
        if from == OUTSIDE {
            return self.joins();
        }
        if self.has(from, Capability::REMOVE_SELF) && !self.fixed {
            targets = self.moves(from, from).intersection(RoleSet::of(OUTSIDE));
        }
        if self.has(from, Capability::CHANGE_OWN_ROLE) {
            targets = targets.union(self.given);
        }
        targets
    }

    /// The roles that someone outside can take by itself.
    pub(super) fn joins(&self) -> RoleSet {
        if self.fixed {
            return RoleSet::default();
        }
        let joinable = |p, _: &Role| self.has(p, Capability::JOIN_IF_PREAUTHORIZED);
        let preauthorised = self.given.intersection(self.roles_that(joinable));
        let ways = [Capability::OPEN_JOIN, Capability::USE_JOIN_CODE];
        let free = if ways.iter().any(|way| self.has(OUTSIDE, *way)) {
            self.moves(OUTSIDE, OUTSIDE)
        } else {
            RoleSet::default()
        };
        preauthorised
            .union(free)
            .without(RoleSet::of(OUTSIDE))
            .without(self.closed())
    }

    /// The roles that a maximum of 0 keeps empty.
    pub(super) fn closed(&self) -> RoleSet {
        self.roles_that(|p, role| p != OUTSIDE && role.max_participants == Some(0))
    }

    /// The roles that somebody holds or can come to hold, if `held` are held
    /// now, and role 0.
    ///
    /// Each round adds a role or is the last, and looks only at pairs of roles
    /// that no round before it has looked at.
    pub(super) fn reach(&self, held: RoleSet) -> RoleSet {
        let closed = self.closed();
        let mut reached = held.union(RoleSet::of(OUTSIDE));
        let (mut seen, mut seen_acting) = (RoleSet::default(), RoleSet::default());
        while reached != seen {
            let acting = self.acting(reached);
            let mut next = reached;
            for (from, _) in self.iter().filter(|(p, _)| reached.contains(*p)) {
                let actors = if seen.contains(from) {
                    acting.without(seen_acting)
                } else {
                    acting
                };
                next = next.union(self.exits(from, actors).without(closed));
            }
            (seen, seen_acting) = (reached, acting);
            reached = next;
        }
        reached
    }

    /// The roles whose rights somebody has or can come to have, if `reached`
    /// are held: external senders act in the role they are preauthorised for.
    pub(super) fn acting(&self, reached: RoleSet) -> RoleSet {
        reached.union(self.given).without(RoleSet::of(OUTSIDE))
    }

    /// Where someone in `from` can get, by itself or by holders of `acting`.
    pub(super) fn exits(&self, from: Position, acting: RoleSet) -> RoleSet {
        let actors = self.iter().filter(|(p, _)| acting.contains(*p));
        let brought = actors.fold(self.goes(from), |targets, (actor, _)| {
            targets.union(self.brings(actor, from))
        });
        brought.without(RoleSet::of(from))
    }
}

impl Extend<Position> for RoleSet {
    fn extend<I: IntoIterator<Item = Position>>(&mut self, positions: I) {
        positions.into_iter().for_each(|p| self.insert(p));
    }
}
