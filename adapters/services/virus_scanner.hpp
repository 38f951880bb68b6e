// clamd, where the configuration names one: looks at a file before it is kept. Speaks its INSTREAM over a socket of
// this machine (a path) or of another (host:port).
#pragma once

#include <stdexcept>
#include <string>

namespace cunmai::http {

struct ScannerUnavailable : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// What was found, as the scanner calls it; "" for nothing. Throws ScannerUnavailable when it can't be asked or can't
// tell: then nobody knows, and the file must not be kept.
std::string virus_in(const std::string& file, const std::string& scanner);

void greet_scanner(const std::string& scanner); // throws ScannerUnavailable when there is none

} // namespace cunmai::http
