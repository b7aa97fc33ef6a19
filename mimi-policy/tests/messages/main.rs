//! What a room accepts of messages (feature `messages`).
