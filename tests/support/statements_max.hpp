// What one command may cost a database, with everything in it, on each of them.
#pragma once

namespace cunmai::test {

// The key with the state of what is known, the row, what follows from it, a document.
inline constexpr int command_reads_max = 4;
// The key, the row, the event, work items, timers or people, the outbox; or the access log.
inline constexpr int command_writes_max = 6;

} // namespace cunmai::test
