// What the shell gets back. docs/operating.md repeats this list; scripts rely on it.
#pragma once

namespace cunmai::cli {

enum ExitCode : int {
    exit_ok = 0,
    exit_failed = 1,      // what was asked for failed: verify found damage, a file has bad rows, a person is unknown
    exit_usage = 2,       // wrong flags or a wrong configuration
    exit_unreachable = 3, // a database or a file can't be opened, read or written
};

} // namespace cunmai::cli
