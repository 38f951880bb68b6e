// What one command may cost a database, with everything in it, on each of them.
#pragma once

namespace cunmai::test {

// The key with the state of what is known, the case's row, what follows from it, and one thing more: the place of a
// case that is opened, a child, a document that this server has not seen. What it knows of people and rules it has read
// before.
inline constexpr int command_reads_max = 4;
// The key with its reply and the access log's row, the case's row, the event, the outbox; and two of: work items,
// timers, people involved, documents handed in.
inline constexpr int command_writes_max = 6;

} // namespace cunmai::test
