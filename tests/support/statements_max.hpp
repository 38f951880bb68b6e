// The most statements that one command may need, with everything in it, on either database.
#pragma once

namespace cunmai::test {

// The key together with the state's name, the case's row, its tasks and people, and one more: the place of a new case,
// a child, or a document that this server has not seen. People and rules are in the cache.
inline constexpr int command_reads_max = 4;
// The key with its reply and the access log's row, the case's row, the event, the outbox; and two of: work items,
// timers, people involved, documents handed in.
inline constexpr int command_writes_max = 6;

} // namespace cunmai::test
