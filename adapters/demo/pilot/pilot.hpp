// `cunmai demo pilot`: an invented district lives through the whole of domain.md §3–§5 on a running demo server,
// through the public API only and as the right people; what the API then says is compared with the article's figures
// (§9).
#pragma once

#include <string>

namespace cunmai::pilot {

struct Options {
    std::string server;                   // http://host:port
    std::string password = "cunmai-demo"; // of every demo person
    std::string language = "en";          // of the report
    bool quiet = false;                   // no progress on the terminal; the report is always printed
    std::string report_file;              // the report as JSON, when not empty
};

// 0: every count and every refusal came out as it should. 1: something differs, and the report says what.
// 3: the server can't be reached, is no demo server, or already has cases.
int run(const Options& options);

} // namespace cunmai::pilot
