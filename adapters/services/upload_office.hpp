// What an office file is and what stands against it: programs in it, a password, parts that it would fetch from
// elsewhere, names that lead out of it. Office files of today are zips (Word, Excel, and OFD of GB/T 33190), those of
// before 2007 and those of WPS are OLE containers; so is a new one that has a password.
#pragma once

#include <string>
#include <string_view>

namespace cunmai::http::office {

enum class Kind { none, word, sheet, ofd, old_word, old_sheet, old_other };

struct Found {
    Kind kind = Kind::none;
    std::string fault{}; // upload_<fault> is the reason: damaged, password, macros, paths, remote; empty: none
    std::string part{};  // of the file, that the fault is about
};

// `file` holds `bytes`, which begin as a zip does.
Found look_at_zip(const std::string& file, std::string_view bytes);
// `bytes` begin as an OLE container does.
Found look_at_ole(std::string_view bytes);

} // namespace cunmai::http::office
